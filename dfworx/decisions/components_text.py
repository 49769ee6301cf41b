"""What a record says: its headings, its options, what it took the place of, what it rests on."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item
from dfworx.decisions.state_comparing import Comparing
from dfworx.decisions.state_drafting import Drafting
from dfworx.decisions.state_record import Record
from dfworx.decisions.state_writing import Writing
from dfworx.live.reflex_feed import each
from dfworx.ui import kit

Things = list[dict[str, Any]]
NONE = rx.fragment


def succession(item: Item) -> rx.Component:
    """What it took the place of, what took its place, and why it ended."""
    home, successor = item["href"].to(str), item["successor"].to(dict[str, str])
    supersedes, why = item["supersedes"].to(Things), item["html"].to(dict[str, str])["closing"]
    return rx.fragment(
        rx.cond(
            item["successor"],
            rx.el.p(kit.icon("arrow-right"), "Superseded by ", _named(successor, home), class_name="note-line"),
            NONE(),
        ),
        each(
            supersedes,
            lambda one: rx.el.p(kit.icon("replace"), "Supersedes ", _named(one, home), class_name="note-line"),
        ),
        each(
            item["replaces"].to(Things),
            lambda one: rx.el.p(
                kit.icon("replace"),
                "Takes the place of ",
                _named(one, home),
                " once it is accepted",
                class_name="note-line",
            ),
        ),
        each(
            item["contested_by"].to(Things),
            lambda one: rx.el.p(
                kit.icon("replace"), _named(one, home), " would take its place", class_name="note-line"
            ),
        ),
        rx.cond(
            why,
            rx.el.div(kit.icon("quote"), rx.html(why, class_name="prose"), class_name="note-line reason"),
            NONE(),
        ),
    )


def aging(item: Item) -> rx.Component:
    """What it rests on that holds no more, and that somebody should look at it again."""
    home, stale = item["href"].to(str), item["stale"].to(Things)
    due = rx.el.p("A review is due since ", rx.el.b(item["review_day"].to(str)), ".")

    may = item["may"].to(dict[str, bool])
    instead = Drafting.ask_in_place_of(item["number"].to(int), item["channel_id"].to(str))
    verb = rx.el.div(
        kit.button("It still holds …", on_click=Record.ask_confirm),
        rx.cond(may["amend"], kit.button("Correct it", on_click=Writing.begin), NONE()),
        rx.cond(may["supersede"], kit.button("Supersede …", on_click=instead), NONE()),
        class_name="verbs",
    )
    return rx.cond(
        item["is_due"].to(bool) | (stale.length() > 0),
        rx.el.section(
            rx.cond(item["is_due"].to(bool), due, NONE()),
            each(stale, lambda one: rx.el.p(rests_on(one, home))),
            rx.cond(may["confirm"], verb, NONE()),
            class_name="aging",
            aria_label="To be looked at again",
        ),
        NONE(),
    )


def rests_on(one: Any, home: Any) -> rx.Component:
    """What something rests on, and what became of that."""
    gone, successor = one["because"].to(dict[str, str]), one["successor"].to(dict[str, str])
    superseded = rx.el.span("which was superseded by ", _named(successor, home, title=successor["title"]), ".")
    became = rx.cond(one["successor"], superseded, rx.el.span("which holds no more."))
    rests = rx.el.span("Rests on ", _named(gone, home, title=gone["title"]), ",")
    return rx.el.span(rests, " ", became, class_name="rests-on")


def _named(decision: Any, home: Any, **props: Any) -> rx.Component:
    return kit.link(
        rx.el.b(decision["ref"].to(str)),
        " ",
        decision["title"].to(str),
        to=home + "/d/" + decision["address"].to(str),
        class_name="link",
        **props,
    )


def section(heading: str, html: Any) -> rx.Component:
    """A heading of the record with its text, where there is one."""
    return rx.cond(html, rx.el.section(rx.el.h2(heading), rx.html(html, class_name="prose")), NONE())


def unwritten(item: Item, html: Any) -> rx.Component:
    """A draft that says nothing yet says what to do."""
    is_blank = ~html["context"].to(bool) & ~html["outcome"].to(bool) & (item["options"].to(Things).length() == 0)
    write = rx.cond(
        item["may"].to(dict[str, bool])["write"], kit.button("Write it down", on_click=Writing.begin), NONE()
    )
    words = "What is the situation, what could be done, what is chosen and why?"
    return rx.cond(is_blank, kit.empty("Nothing is written down yet", words, write), NONE())


def options(item: Item) -> rx.Component:
    """What was considered, with what speaks for and against it; the chosen one stands out."""

    def option(says: Any, index: Any) -> rx.Component:
        is_chosen = says["is_chosen"].to(bool)
        judged = (says["pros"].to(Things).length() + says["cons"].to(Things).length()) > 0
        return rx.el.div(
            rx.el.h3(
                (index + 1).to_string(),
                " · ",
                rx.html(says["title"].to(str), class_name="prose"),
                rx.cond(is_chosen, kit.chip("chosen", tone="ok"), NONE()),
            ),
            rx.cond(says["text"].to(str), rx.html(says["text"].to(str), class_name="prose said"), NONE()),
            rx.cond(
                judged,
                rx.el.div(_points(says["pros"], "plus", "pro"), _points(says["cons"], "minus", "con"), class_name="pc"),
                NONE(),
            ),
            _points(says["neutral"], "dot", "neutral"),
            class_name=rx.cond(is_chosen, "opt win", "opt"),
        )

    compare = rx.el.div(kit.button("Compare the options …", on_click=Comparing.ask), class_name="verbs")
    considered = item["options_html"].to(Things)
    return rx.cond(
        considered.length() > 0,
        rx.el.section(
            rx.el.h2("Considered options"),
            each(considered, option),
            rx.cond(item["ballot"].to(str), compare, NONE()),
        ),
        NONE(),
    )


def _points(points: Any, icon: str, name: str) -> rx.Component:
    said = {"pro": "Good: ", "con": "Bad: ", "neutral": "Neutral: "}[name]
    return rx.el.ul(
        each(
            points.to(list[str]),
            lambda point: rx.el.li(
                kit.icon(icon), rx.el.span(said, class_name="sr-only"), rx.html(point.to(str), class_name="prose")
            ),
        ),
        class_name=f"points {name}",
    )


def outcome(item: Item, html: Any) -> rx.Component:
    """What is done."""
    chosen = item["chosen"].to(str)
    return rx.cond(
        chosen | html["outcome"],
        rx.el.section(
            rx.el.h2("Decision outcome"),
            rx.cond(
                chosen,
                rx.el.div("Chosen option: ", rx.html(html["chosen"], class_name="prose"), class_name="chosen"),
                NONE(),
            ),
            rx.cond(html["outcome"], rx.html(html["outcome"], class_name="prose"), NONE()),
        ),
        NONE(),
    )
