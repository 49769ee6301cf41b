"""Decisions where people talk: the ways to them, the verbs that make them, what became of threads and messages."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import status_chip
from dfworx.decisions.state import HERE
from dfworx.decisions.state_talk import Drawing
from dfworx.live.reflex_feed import Feed, live_list
from dfworx.ui import kit
from dfworx.ui.effects import References
from dfworx.ui.slots import feeds, fills
from dfworx.ui.state import Shell

Item = rx.vars.ObjectVar[dict[str, Any]]
REST = "/api/v1/organizations/{organization}"
TONES = {"proposed": "acc", "final_comment": "wait", "accepted": "ok", "rejected": "stop"}


def sidebar_link() -> rx.Component:
    """The register, in the sidebar."""
    return kit.link(
        kit.icon("hexagon"),
        rx.el.span("Decisions", class_name="label"),
        to=Shell.home + "/decisions",
        class_name="item",
        aria_current=rx.cond(Shell.place == HERE, "page", "false"),
    )


def tab(route: str) -> rx.Component:
    """The phone's tab for decisions; outside of organizations there is none."""
    is_here = "/decisions" in route or "/d/" in route
    there = kit.tab("hexagon", "Decide", Shell.home + "/decisions", is_here=is_here)
    return rx.cond(Shell.home == "/", rx.fragment(), there)


def references() -> rx.Component:
    """DEC-42 in people's texts leads to the decision, on every page of an organization."""
    return References.create(
        prefix="DEC-",
        source="/decisions/named",
        href="/d/",
        list="decisions",
        tones=TONES,
        feed=Feed.get_full_name(),
        epoch=Shell.epoch,
    )


@fills("thread.outcome.verb")
def make_decision(item: Item) -> rx.Component:
    """In a thread's header: a decision out of the whole thread."""
    verb = rx.el.button(
        kit.icon("hexagon"),
        rx.el.span("Make decision"),
        type="button",
        class_name="btn pri decide",
        aria_label="Make decision",
        title="Make a decision out of this thread",
        on_click=Drawing.draw_all(item["id"].to(str)),
        custom_attrs={"data-verb": "make-decision"},
    )
    may_draft = item["may"].to(dict[str, bool])["draft_decision"]
    return rx.cond(may_draft & ~item["is_record"].to(bool), verb, rx.fragment())


@fills("message.verbs")
def select_message(item: Item) -> rx.Component:
    """At a message: select it, with others, for a decision."""
    is_picked = item["is_picked"].to(bool)
    verb = kit.icon_button(
        "square-check",
        rx.cond(is_picked, "Selected for a decision", "Select for a decision"),
        aria_pressed=is_picked.to_string(),
        custom_attrs={"data-compose": "pick", "data-id": item["id"].to(str)},
    )
    return rx.cond(item["may"].to(dict[str, bool])["draft_decision"], verb, rx.fragment())


@fills("messages.picked")
def decide_picked(picked: Item) -> rx.Component:
    """Below the messages: a decision out of those that are selected."""
    return kit.button(
        kit.icon("hexagon"),
        "Make decision",
        primary=True,
        on_click=Drawing.draw(picked["thread"].to(str), picked["ids"].to(list[str])),
        custom_attrs={"data-verb": "decide-selected"},
    )


@fills("message.notes")
def evidence_badges(item: Item) -> rx.Component:
    """Below a message: the decisions that it is evidence of."""
    marks = item["marks"].to(list[dict[str, str]])
    return rx.fragment(marks.foreach(lambda mark: rx.Var.create(_badge(mark))))  # rx.foreach cannot stand in a row


feeds(
    "message.marks",
    source=f"{REST}/threads/{{thread}}/evidence",
    list="outcomes",
    also="decisions",
    href="/o/{organization}/d/{address}",
)


def _badge(mark: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    return kit.link(
        kit.icon("hexagon"),
        "became evidence of ",
        rx.cond(mark["ref"], mark["ref"], "a draft"),
        to=mark["href"],
        title=mark["title"],
        class_name="badge",
        key=mark["id"],
    )


@fills("thread.outcome")
def outcomes() -> rx.Component:
    """At the top of a thread: what was decided out of it, and the decision that it is about."""
    return live_list(
        f"{REST}/threads/{{thread}}/decisions",
        "outcomes",
        _outcome,
        scope="{thread}",
        also="decisions",
        patience=500,
        href="/o/{organization}/d/{address}",
        order=["created_at"],
        epoch=Shell.epoch,
        label="What was decided here",
        class_name="outcomes",
        skeleton=rx.fragment(),
        empty=rx.fragment(),
        problem=rx.fragment(),
    )


def _outcome(item: Item) -> rx.Component:
    gist = item["gist"].to(str)
    asks = item["is_asked"].to(bool) & ~item["has_answered"].to(bool)
    asked, answered = item["asked"].to(int), item["answered"].to(int)
    is_open = (item["status"].to(str) == "proposed") | (item["status"].to(str) == "final_comment")
    progress = rx.el.span(answered, " of ", asked, " answered", class_name="progress")
    return kit.link(
        status_chip(item, item["concerns"].to(int)),
        rx.el.span(
            rx.cond(item["ref"].to(str) != "", rx.el.b(item["ref"].to(str), " "), rx.fragment()),
            kit.title(item["title"].to(str)),
            class_name="title",
        ),
        rx.cond(
            (item["status"].to(str) == "accepted") & (gist != ""), rx.el.span(gist, class_name="gist"), rx.fragment()
        ),
        rx.el.span(class_name="grow"),
        rx.cond(is_open & (asked > 0), progress, rx.fragment()),
        rx.cond(is_open & asks, kit.chip("needs you", tone="acc"), rx.fragment()),
        to=item["href"].to(str),
        class_name="outcome",
        role="listitem",
        custom_attrs={"data-status": item["status"].to(str)},
    )
