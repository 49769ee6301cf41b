"""Messages on the screen: a row, the timeline, the composer."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import Feed, live_list
from dfworx.messages.components_dialogs import delete_dialog, history_dialog
from dfworx.messages.state import Conversation
from dfworx.messages.validators import MAX_SOURCE
from dfworx.ui import kit
from dfworx.ui.slots import fed, fills, show
from dfworx.ui.state import Shell

Item = rx.vars.ObjectVar[dict[str, Any]]
JSX = rx.asset("composer.jsx", shared=True)
MESSAGES = "/api/v1/organizations/{organization}/threads/{thread}/messages"


class Composer(rx.Component):
    """Writes, edits and sends messages; see composer.jsx."""

    library = JSX.importable_path
    tag = "Composer"

    source: rx.Var[str]
    scope: rx.Var[str]
    me: rx.Var[str]
    author: rx.Var[str]
    placeholder: rx.Var[str]
    limit: rx.Var[int]
    closed: rx.Var[str]
    place: rx.Var[str]
    feed: rx.Var[str]


@fills("thread")
def conversation() -> rx.Component:
    """What a thread's page contains."""
    return rx.fragment(timeline(), composer(), delete_dialog(), history_dialog())


@fills("thread.verbs")
def reading_verbs() -> rx.Component:
    """In the thread's header: to a date, and everything (or what is selected) as Markdown."""
    return rx.fragment(
        kit.menu(
            kit.icon("calendar"),
            rx.el.label(
                "Jump to the first message of",
                rx.el.input(type="date", custom_attrs={"data-jump": "true"}),
                class_name="fld jump",
            ),
            right=True,
            class_name="tool",
            title="Jump to a date",
            aria_label="Jump to a date",
            custom_attrs={"data-verb": "jump"},
        ),
        kit.icon_button(
            "copy",
            "Copy the thread, or the selected messages, as Markdown",
            custom_attrs={"data-compose": "markdown", "data-verb": "copy-markdown"},
        ),
    )


def composer() -> rx.Component:
    """Where one writes, at the foot of a thread."""
    return Composer.create(
        source=MESSAGES,
        scope="{thread}",
        me=Shell.membership_id,
        author=Shell.name,
        placeholder="Write a message",
        limit=MAX_SOURCE,
        closed=Shell.closed,
        place=Shell.place,
        feed=Feed.get_full_name(),
    )


def timeline() -> rx.Component:
    """The messages of the thread of the address, live."""
    return live_list(
        MESSAGES,
        "messages",
        message_row,
        kind="timeline",
        scope="{thread}",
        me=Shell.membership_id,
        moderates=Shell.may["delete_any_message"],
        may=Shell.may,
        marks=fed("message.marks"),
        picked=rx.vars.function.ArgsFunctionOperation.create(("picked",), rx.Var.create(_picked())),
        epoch=Shell.epoch,
        label="Messages",
        class_name="timeline",
        skeleton=rx.fragment(*[_bone(widths) for widths in ((22, 90, 60), (18, 75), (26, 88, 80, 40), (20, 55))]),
        empty=kit.empty("Nothing said yet", "Write the first message: what is it about, and what do you need?"),
        problem=kit.problem(
            "This thread cannot be shown.",
            "It does not exist, or you cannot see its channel.",
            kit.link("Go to your workspace", to="/", class_name="btn"),
        ),
    )


def _picked() -> rx.Component:
    """What can be done with the messages that were picked, below them."""
    picked = rx.Var("picked").to(dict[str, Any])
    return rx.el.div(
        rx.el.b(picked["says"].to(str), role="status"),
        rx.el.span(class_name="grow"),
        kit.button("Clear", custom_attrs={"data-compose": "unpick"}),
        show("messages.picked", picked),
        class_name="picked",
        role="group",
        aria_label="Selected messages",
    )


def message_row(item: Item) -> rx.Component:
    """A message: dividers above it, author when the author changes, text, and its verbs on hover or focus."""
    is_first = item["is_first"].to(bool)
    body = rx.el.div(
        rx.cond(
            is_first,
            rx.fragment(
                rx.el.span(item["author"].to(str), class_name="who"),
                rx.el.time(item["time"].to(str), class_name="when", title=item["full_time"].to(str)),
            ),
            rx.fragment(),
        ),
        rx.cond(item["is_reply"].to(bool), _answered(item), rx.fragment()),
        rx.cond(
            item["is_deleted"].to(bool),
            rx.el.p("This message was deleted.", class_name="gone"),
            rx.html(item["html"].to(str), class_name="prose"),
        ),
        _notes(item),
    )
    row = rx.el.article(
        rx.cond(
            is_first,
            kit.avatar(item["initials"].to(str), item["hue"].to(str), of=item["author_id"].to(str)),
            rx.el.span(item["clock"].to(str), class_name="gutter", aria_hidden="true"),
        ),
        body,
        rx.cond(item["is_deleted"].to(bool) | item["is_unsent"].to(bool), rx.fragment(), _verbs(item)),
        class_name=rx.cond(
            item["is_pending"].to(bool),
            rx.cond(is_first, "msg pending", "msg cont pending"),
            rx.cond(is_first, "msg", "msg cont"),
        ),
        id=item["anchor"].to(str),
        custom_attrs={
            "data-id": item["id"].to(str),
            "data-seq": item["seq"].to(int),
            "data-mine": item["is_mine"].to(bool).to_string(),
            "data-picked": item["is_picked"].to(bool).to_string(),
        },
        aria_label=item["author"].to(str),
        tab_index=-1,  # a tap focuses it, which shows its verbs where nothing hovers
    )
    return rx.fragment(
        rx.cond(item["day"], rx.el.div(item["day"].to(str), class_name="day", role="separator"), rx.fragment()),
        rx.cond(
            item["is_new"].to(bool),
            rx.el.div("New", class_name="day new", role="separator", custom_attrs={"data-new": "true"}),
            rx.fragment(),
        ),
        rx.cond(item["kind"].to(str) == "system", _system_row(item), row),
    )


def _system_row(item: Item) -> rx.Component:
    """What the workspace noted: one quiet line, with nothing to do on it."""
    return rx.el.article(
        kit.icon("dot"),
        rx.el.div(
            rx.el.b(item["author"].to(str)),
            " ",
            rx.html(item["html"].to(str), class_name="prose"),
            rx.el.time(item["time"].to(str), class_name="when", title=item["full_time"].to(str)),
        ),
        class_name="msg system",
        id=item["anchor"].to(str),
        custom_attrs={"data-id": item["id"].to(str), "data-seq": item["seq"].to(int)},
        aria_label=item["author"].to(str),
        tab_index=-1,
    )


def _answered(item: Item) -> rx.Component:
    """What a reply answers, with the way there."""
    what = (
        kit.icon("reply"),
        rx.el.b(item["reply_author"].to(str)),
        rx.el.span(item["reply_text"].to(str), class_name="label"),
    )
    href = item["reply_href"].to(str)
    return rx.cond(href, kit.link(*what, to=href, class_name="answered"), rx.el.span(*what, class_name="answered"))


def _notes(item: Item) -> rx.Component:
    edited = rx.el.button(
        "edited",
        type="button",
        class_name="note link",
        title="Show what it said before",
        on_click=Conversation.show_history(item["id"].to(str)),
    )
    failed = rx.el.div(
        rx.el.span("Not sent: ", item["failed"].to(str), role="alert"),
        rx.el.button("Try again", type="button", class_name="btn", custom_attrs=_asks("retry", item)),
        rx.el.button("Back to the composer", type="button", class_name="btn", custom_attrs=_asks("discard", item)),
        class_name="failed",
    )
    return rx.fragment(
        rx.cond(item["is_edited"].to(bool) & ~item["is_deleted"].to(bool), edited, rx.fragment()),
        rx.cond(item["is_pending"].to(bool), rx.el.span("sending…", class_name="note", role="status"), rx.fragment()),
        rx.cond(item["is_failed"].to(bool), failed, rx.fragment()),
        show("message.notes", item),
    )


def _verbs(item: Item) -> rx.Component:
    def asking(verb: str, icon: str, label: str) -> rx.Component:
        return kit.icon_button(icon, label, custom_attrs=_asks(verb, item))

    return rx.el.div(
        asking("reply", "reply", "Reply"),
        asking("copy", "link", "Copy link"),
        asking("source", "copy", "Copy as Markdown"),
        show("message.verbs", item),
        rx.cond(item["is_mine"].to(bool), asking("edit", "pencil", "Edit"), rx.fragment()),
        rx.cond(
            item["may_delete"].to(bool),
            kit.icon_button("trash-2", "Delete", on_click=Conversation.ask_delete(item["id"].to(str))),
            rx.fragment(),
        ),
        class_name="act",
    )


def _asks(verb: str, item: Item) -> dict[str, Any]:
    """What the composer listens for: rows are written here, drafts and sending are there."""
    return {
        "data-compose": verb,
        "data-id": item["id"].to(str),
        "data-seq": item["seq"].to(int),
        "data-author": item["author"].to(str),
    }


def _bone(widths: tuple[int, ...]) -> rx.Component:
    return rx.el.div(
        rx.el.span(class_name="bone", style={"width": "32px", "height": "32px", "borderRadius": "9px"}),
        rx.el.div(
            *[rx.el.div(class_name="bone", style={"width": f"{w}%"}) for w in widths],
            style={"display": "grid", "gap": "8px"},
        ),
        class_name="msg",
        aria_hidden="true",
    )
