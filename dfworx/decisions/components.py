"""A decision in a list: its state, its row."""

from typing import Any

import reflex as rx

from dfworx.ui import kit
from dfworx.ui.tags import tag_chips

Item = rx.vars.ObjectVar[dict[str, Any]]


def status_chip(item: Item, concerns: rx.Var[int]) -> rx.Component:
    """Where a decision stands, in its color."""
    many = rx.cond(concerns == 1, "1 concern", concerns.to_string() + " concerns")
    proposed = rx.cond(concerns > 0, kit.chip("on hold · ", many, tone="stop"), kit.chip("proposed", tone="acc"))
    ending = rx.el.span(
        "final comment · ",
        item["comment_ends_left"].to(str),
        class_name="chip wait",
        title="until " + item["comment_ends_full"].to(str),
    )
    by = item["successor_ref"].to(str)
    return rx.match(
        item["status"].to(str),
        ("draft", kit.chip("draft")),
        ("proposed", proposed),
        ("final_comment", ending),
        ("accepted", kit.chip("accepted", tone="ok")),
        ("rejected", kit.chip("rejected", tone="stop")),
        ("superseded", kit.chip("superseded", rx.cond(by, rx.fragment(" by ", by), ""))),
        kit.chip(item["status"].to(str)),
    )


def decision_row(item: Item, to: Any = None) -> rx.Component:
    """One decision: number, title, tags, state, positions, decider, review; it leads to its page, or elsewhere."""
    waits = item["is_asked"].to(bool) & ~item["has_answered"].to(bool)
    is_open = (item["status"].to(str) == "proposed") | (item["status"].to(str) == "final_comment")
    return kit.link(
        rx.el.span(rx.cond(item["ref"].to(str), item["ref"].to(str), "—"), class_name="no"),
        rx.el.span(
            rx.el.span(kit.title(item["title"].to(str)), class_name="title"),
            rx.cond(item["why"].to(str), rx.el.span(item["why"].to(str), class_name="why"), rx.fragment()),
            tag_chips(item),
            class_name="what",
        ),
        rx.el.span(
            status_chip(item, item["concerns"].to(int)),
            rx.cond(waits & is_open, kit.chip("needs you", tone="acc"), rx.fragment()),
            rx.cond(item["is_stale"].to(bool), kit.chip("stale", tone="wait"), rx.fragment()),
            class_name="states",
        ),
        answers(item),
        rx.el.span(item["decider"].to(str), class_name="decider"),
        rx.el.span(review(item), class_name="review"),
        to=item["href"].to(str) if to is None else to,
        class_name="row decision",
        role="listitem",
    )


def answers(item: Item) -> rx.Component:
    """How many of those who are asked have said where they stand on the text as it is."""
    asked, answered = item["asked"].to(int), item["answered"].to(int)
    said = answered.to_string() + " of " + asked.to_string()
    full = rx.el.span(said, class_name="positions", title=said + " have said where they stand")
    return rx.cond(asked > 0, full, rx.el.span("—", class_name="positions"))


def review(item: Item) -> rx.Component:
    """When somebody should ask whether it still holds, or for how long that is overdue."""
    day = item["review_day"].to(str)
    is_over = (item["status"].to(str) == "accepted") & (item["review_late"].to(str) != "")
    overdue = rx.el.span("overdue ", item["review_late"].to(str), class_name="overdue", title=day)
    shown = rx.cond(is_over, overdue, rx.el.span(day))
    return rx.cond(day, shown, rx.el.span("—"))
