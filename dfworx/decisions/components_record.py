"""A record on the screen: its head, what it waits for, its text, its people."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item, status_chip
from dfworx.decisions.components_grounds import cited, evidence, open_concern, settled_concerns
from dfworx.decisions.components_people import people
from dfworx.decisions.components_text import aging, options, outcome, section, succession, unwritten
from dfworx.decisions.state_drafting import Drafting
from dfworx.decisions.state_proposing import Proposing
from dfworx.decisions.state_record import Record
from dfworx.decisions.state_tags import DecisionTags
from dfworx.decisions.state_writing import Writing
from dfworx.live.reflex_feed import each, live_list
from dfworx.ui import kit
from dfworx.ui.picker import opener
from dfworx.ui.state import Shell
from dfworx.ui.tags import tag_chips

Things = list[dict[str, Any]]
NONE = rx.fragment


def record() -> rx.Component:
    """The decision of the address, live: its head, its text, its people."""
    missing = kit.problem(
        "This decision cannot be shown.",
        "It does not exist, or its channel is closed to you.",
        kit.link("All decisions", to=Shell.home + "/decisions", class_name="btn"),
    )
    back = rx.el.header(
        kit.back(Shell.home + "/decisions", "Back to the decisions"),
        kit.link("Decisions", to=Shell.home + "/decisions", class_name="crumb"),
        class_name="head",
    )
    return live_list(
        "/api/v1/organizations/{organization}/decisions/{decision}",
        "decision",
        _record,
        scope="{decision}",
        kind="one",
        href="/o/{organization}",
        address="/o/{organization}/d/{address}",
        epoch=Shell.epoch,
        me=Shell.membership_id,
        class_name="record",
        skeleton=rx.el.div(kit.bones([30, 80, 60, 96, 92, 88, 40, 94, 90], gap=18), class_name="doc"),
        problem=rx.fragment(back, missing),
    )


def _record(item: Item) -> rx.Component:
    return rx.fragment(_head(item), rx.el.div(_doc(item), class_name="paper"), people(item))


def _head(item: Item) -> rx.Component:
    may, home = item["may"].to(dict[str, bool]), item["href"].to(str)
    id_ = item["id"].to(str)
    source = "/api/v1/organizations/" + home.split("/")[2].to(str) + "/decisions/" + id_ + "/markdown"
    edit = kit.button("Edit", on_click=Writing.begin, custom_attrs={"data-verb": "edit-decision"})
    propose = kit.button("Propose …", primary=True, on_click=Proposing.ask, custom_attrs={"data-verb": "propose"})
    return rx.el.header(
        kit.back(home + "/decisions", "Back to the decisions"),
        kit.link("Decisions", to=home + "/decisions", class_name="crumb"),
        rx.el.span("/", class_name="crumb", aria_hidden="true"),
        rx.el.strong(rx.cond(item["ref"].to(str), item["ref"].to(str), "Draft"), class_name="ref"),
        rx.el.span(class_name="grow"),
        kit.link(
            kit.icon("message-square"),
            rx.el.span("Conversation", class_name="wide-only"),
            to=home + "/t/" + item["thread_id"].to(str),
            class_name="btn",
            aria_label="Conversation",
        ),
        rx.el.button(
            kit.icon("copy"),
            rx.el.span("Copy as Markdown", class_name="wide-only"),
            type="button",
            class_name="btn",
            aria_label="Copy as Markdown",
            custom_attrs={"data-copy-from": source, "data-verb": "copy-markdown"},
        ),
        rx.cond(
            may["tag"],
            opener("tag", "Tags", small=True, on_click=DecisionTags.ask, custom_attrs={"data-verb": "tag"}),
            NONE(),
        ),
        rx.cond(may["write"], edit, NONE()),
        rx.cond(may["propose"], propose, NONE()),
        kit.menu(
            kit.icon("ellipsis"),
            _entry("history", "History of the text", Record.look_back),
            rx.el.button(
                kit.icon("link"),
                "Copy the link",
                type="button",
                class_name="item",
                custom_attrs={"data-copy": item["href"].to(str) + "/d/" + item["address"].to(str)},
            ),
            rx.cond(may["amend"], _entry("pencil", "Correct a typing error", Writing.begin), NONE()),
            rx.cond(
                may["supersede"],
                _entry(
                    "replace",
                    "Supersede …",
                    Drafting.ask_in_place_of(item["number"].to(int), item["channel_id"].to(str)),
                ),
                NONE(),
            ),
            rx.cond(may["confirm"], _entry("circle-check", "It still holds …", Record.ask_confirm), NONE()),
            rx.cond(may["withdraw"], _entry("undo-2", "Withdraw …", Record.ask_end("withdraw", id_)), NONE()),
            rx.cond(may["reject"], _entry("circle-x", "Reject …", Record.ask_end("reject", id_)), NONE()),
            rx.cond(may["deprecate"], _entry("archive", "Deprecate …", Record.ask_end("deprecate", id_)), NONE()),
            right=True,
            class_name="tool",
            title="More",
            aria_label="More",
        ),
        class_name="head",
    )


def _entry(icon: str, label: str, handler: Any) -> rx.Component:
    return rx.el.button(kit.icon(icon), label, type="button", class_name="item", on_click=handler)


def _doc(item: Item) -> rx.Component:
    concerns = item["concerns"].to(Things)
    html, asked = item["html"].to(dict[str, str]), item["asked"].to(Things)
    is_open = (item["status"].to(str) == "proposed") | (item["status"].to(str) == "final_comment")
    waits = asked.filter(lambda one: one["is_me"] & (one["stand"] == "") & ~one["has_concern"].to(bool))
    is_asked = is_open & (waits.length() > 0)
    return rx.el.article(
        rx.el.div(
            status_chip(item, concerns.pluck("state").to(list[str]).filter(lambda s: s == "open").length()),
            rx.el.span(_waits(item), class_name="sub"),
            rx.cond(
                is_asked, rx.el.a("Say where you stand ↓", href="#positions", class_name="btn narrow-only"), NONE()
            ),
            class_name="strip-line",
        ),
        rx.el.h1(kit.title(item["title"].to(str)), custom_attrs={"data-ref": item["ref"].to(str)}),
        _steps(item),
        _byline(item),
        tag_chips(item),
        succession(item),
        aging(item),
        each(concerns, lambda one: rx.cond(one["state"] == "open", open_concern(one, item), NONE())),
        section("Context and problem statement", html["context"]),
        section("Decision drivers", html["drivers"]),
        options(item),
        outcome(item, html),
        section("Consequences", html["consequences"]),
        section("Confirmation", html["confirmation"]),
        section("More information", html["more"]),
        unwritten(item, html),
        settled_concerns(concerns),
        evidence(item),
        cited(item),
        class_name="doc",
    )


def _waits(item: Item) -> rx.Component:
    lacks, short = item["tally"].to(dict[str, str])["lacks"], item["tally"].to(dict[str, str])["short"]
    closed = rx.el.time(item["closed_ago"].to(str), title=item["closed_full"].to(str))
    ends = rx.el.time(item["comment_ends_clock"].to(str), title=item["comment_ends_full"].to(str))
    missing = rx.fragment("waits for ", lacks, rx.cond(short, ". " + short, ""))
    held = "goes on when every concern is withdrawn or resolved"
    return rx.match(
        item["status"].to(str),
        ("draft", rx.fragment("nobody is asked before it is proposed")),
        ("proposed", rx.cond(lacks.contains("concern"), rx.fragment(held), missing)),
        ("final_comment", rx.fragment("accepted on ", ends, ", unless a concern comes up")),
        ("accepted", rx.fragment("in force since ", closed)),
        ("superseded", rx.fragment("another record has taken its place")),
        ("deprecated", rx.fragment("it holds no more")),
        rx.fragment("closed ", closed),
    )


def _steps(item: Item) -> rx.Component:
    status = item["status"].to(str)
    names = ("draft", "proposed", "final comment", "accepted")
    done = rx.match(status, ("draft", 1), ("proposed", 2), ("final_comment", 3), ("accepted", 4), 0).to(int)
    steps = [
        rx.el.li(
            name,
            class_name=rx.cond(done > at, "done", ""),
            aria_current=rx.cond(done == at + 1, "step", "false"),
        )
        for at, name in enumerate(names)
    ]
    return rx.cond(done > 0, rx.el.ol(*steps, class_name="steps", aria_label="Steps"), NONE())


def _byline(item: Item) -> rx.Component:
    home = item["href"].to(str)
    source = item["source_thread_id"]
    drafted = "drafted by " + item["author"].to(str) + ", "
    by = rx.cond(item["is_imported"].to(bool), "brought in from elsewhere, ", drafted)
    return rx.el.p(
        rx.cond(item["ref"].to(str), rx.el.span(item["ref"].to(str), " · ", class_name="no"), NONE()),
        by,
        rx.el.time(item["created"].to(str), title=item["created_full"].to(str)),
        ", in ",
        kit.link("# ", item["channel"].to(str), to=home + "/c/" + item["channel_id"].to(str), class_name="link"),
        rx.cond(
            source,
            rx.fragment(", out of ", kit.link("a thread", to=home + "/t/" + source.to(str), class_name="link")),
            NONE(),
        ),
        class_name="byline",
    )
