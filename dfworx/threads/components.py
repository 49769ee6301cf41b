"""A thread on the screen: its header, its details, the dialogs."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import live_list
from dfworx.threads.state import Threads
from dfworx.threads.state_tags import ThreadTags
from dfworx.ui import kit
from dfworx.ui.picker import opener, picker
from dfworx.ui.slots import heard, show
from dfworx.ui.state import Shell
from dfworx.ui.tags import manage_tags, tag_chips

Item = rx.vars.ObjectVar[dict[str, Any]]
Things = list[dict[str, Any]]
THREAD = "/api/v1/organizations/{organization}/threads/{thread}"


def state_chip(item: Item) -> rx.Component:
    """Resolved or open."""
    return rx.cond(item["resolved_at"], kit.chip("resolved", tone="ok"), kit.chip("open"))


def thread_header() -> rx.Component:
    """The title of the thread of the address, its channel, its state and its verbs, live."""
    return live_list(
        THREAD,
        "threads",
        _header,
        kind="one",
        href="/o/{organization}/c/{place_id}",
        epoch=Shell.epoch,
        me=Shell.membership_id,
        moderates=Shell.may["edit_any_thread"],
        may=Shell.may,
        skeleton=kit.bones([40]),
        problem=rx.el.h1("Thread"),
    )


def _header(item: Item) -> rx.Component:
    id_ = item["id"].to(str)
    is_default = item["is_default"].to(bool)
    may, may_change = item["may"].to(dict[str, bool]), item["may_change"].to(bool)
    rename = kit.icon_button(
        "pencil", "Rename thread", on_click=Threads.ask_rename(id_, item["title"].to(str)), **_verb("rename-thread")
    )
    may_move = may["move_any_thread"] | (may["move_own_thread"] & may_change)
    settle = rx.cond(
        item["resolved_at"],
        kit.button("Reopen", on_click=Threads.reopen(id_), **_verb("settle")),
        kit.button("Resolve", on_click=Threads.resolve(id_), **_verb("settle")),
    )
    return rx.el.div(
        kit.link("‹", to=item["href"].to(str), class_name="back", aria_label="Back to the channel", **_verb("back")),
        kit.link("# ", item["channel"].to(dict[str, str])["name"], to=item["href"].to(str), class_name="crumb"),
        rx.el.span("/", class_name="crumb", aria_hidden="true"),
        rx.el.h1(kit.title(item["title"].to(str)), title=item["title"].to(str)),
        rx.cond(is_default, rx.fragment(), state_chip(item)),
        tag_chips(item),
        rx.el.span(class_name="grow"),
        rx.cond(
            item["is_demo"].to(bool) & may["rename_organization"],
            kit.button("Remove the demo", on_click=Threads.remove_demo(id_, item["place_id"].to(str))),
            rx.fragment(),
        ),
        rx.cond(
            is_default,
            rx.fragment(),
            rx.fragment(
                rx.cond(may_change & ~item["is_record"].to(bool), rename, rx.fragment()),
                rx.cond(may_change | may["resolve_thread"], settle, rx.fragment()),
                rx.cond(
                    may_move,
                    kit.icon_button(
                        "folder-input",
                        "Move to another channel",
                        on_click=Threads.ask_move(id_),
                        **_verb("move-thread"),
                    ),
                    rx.fragment(),
                ),
            ),
        ),
        rx.cond(
            may["tag"],
            opener("tag", "Tags", small=True, on_click=ThreadTags.ask, **_verb("tag")),
            rx.fragment(),
        ),
        show("thread.verbs"),
        rx.cond(
            may["open_thread"],
            kit.icon_button("square-pen", "New thread in this channel", on_click=Threads.ask, **_verb("new-thread")),
            rx.fragment(),
        ),
        show("thread.outcome.verb", item),
        class_name="head-row",
    )


def _verb(name: str) -> dict[str, Any]:
    """The name under which the palette and the keys press a button (ui/keys.py)."""
    return {"custom_attrs": {"data-verb": name}}


def thread_tags() -> rx.Component:
    """The tags of the thread of the address, below its header, where that has no room for them: on a phone."""
    return live_list(
        THREAD,
        "threads",
        tag_chips,
        kind="one",
        epoch=Shell.epoch,
        class_name="under-head",
        skeleton=rx.fragment(),
        problem=rx.fragment(),
    )


def thread_details() -> rx.Component:
    """The right panel: what is known about the thread."""
    details = live_list(
        THREAD,
        "threads",
        _details,
        kind="one",
        epoch=Shell.epoch,
        skeleton=kit.bones([50, 70, 60]),
        problem=rx.fragment(),
    )
    return rx.el.aside(details, class_name="panel", aria_label="About this thread")


def _details(item: Item) -> rx.Component:
    def line(name: str, *value: Any) -> rx.Component:
        return rx.fragment(rx.el.dt(name), rx.el.dd(*value))

    return rx.el.section(
        rx.el.h2("Details"),
        rx.el.dl(
            line("State", state_chip(item)),
            line("Channel", "# ", item["channel"].to(dict[str, str])["name"]),
            rx.cond(item["opened_by"], line("Opened by", item["opened_by"].to(str)), rx.fragment()),
            line("Opened", rx.el.span(item["created"].to(str), title=item["created_full"].to(str))),
            rx.cond(item["tags"].to(Things).length() > 0, line("Tags", tag_chips(item)), rx.fragment()),
            line("Messages", item["last_seq"].to(int)),
            line("Last activity", rx.el.span(item["when"].to(str), title=item["full_time"].to(str))),
            class_name="dl",
        ),
    )


def tag_picker() -> rx.Component:
    """Puts tags on the thread and takes them off."""
    return picker("Tags", ThreadTags.flip, manage_tags())


def new_thread_dialog() -> rx.Component:
    """Asks for a title."""
    return kit.dialog(
        "New thread",
        rx.el.form(
            kit.field(
                "Title",
                "title",
                hint="What is it about? One subject a thread.",
                required=True,
                max_length=200,
                auto_focus=True,
                auto_complete="off",
                problem=Threads.problem,
                on_change=heard("thread.title"),
            ),
            show("thread.asking"),
            kit.dialog_actions("Open thread", Threads.close),
            on_submit=Threads.open_thread,
        ),
        is_open=Threads.is_asking,
        on_open_change=Threads.set_asking,
    )


def rename_dialog() -> rx.Component:
    """Asks for another title."""
    return kit.dialog(
        "Rename thread",
        rx.el.form(
            kit.field(
                "Title",
                "title",
                required=True,
                max_length=200,
                default_value=Threads.title,
                auto_focus=True,
                auto_complete="off",
                problem=Threads.problem,
            ),
            kit.dialog_actions("Rename", Threads.close),
            on_submit=Threads.rename,
        ),
        is_open=Threads.is_renaming,
        on_open_change=Threads.set_renaming,
        hint="Links to the thread keep working.",
    )


def move_dialog() -> rx.Component:
    """Asks where the thread goes, and says who will see it there."""
    choices = rx.el.label(
        "Channel",
        rx.el.select(
            rx.el.option("Choose a channel", value="", disabled=True),
            rx.foreach(Threads.choices, lambda choice: rx.el.option(choice["name"], value=choice["id"])),
            name="channel",
            id="field-move-channel",
            value=Threads.target,
            on_change=Threads.choose,
            required=True,
            auto_focus=True,
        ),
        class_name="fld",
        html_for="field-move-channel",
    )
    none = rx.el.p("There is no other channel that you can see. Make one first.", class_name="sub")
    return kit.dialog(
        "Move thread",
        rx.cond(
            Threads.choices.length() > 0,
            rx.el.form(
                choices,
                rx.el.p(Threads.consequence, class_name="consequence", aria_live="polite"),
                kit.refusal(Threads.problem),
                kit.dialog_actions("Move", Threads.close),
                on_submit=Threads.move,
            ),
            none,
        ),
        is_open=Threads.is_moving,
        on_open_change=Threads.set_moving,
        hint="The thread keeps its address; a note in it says that it was moved.",
    )
