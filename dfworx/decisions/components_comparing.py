"""The dialog in which the options of a proposal are compared."""

from typing import Any

import reflex as rx

from dfworx.decisions.state_comparing import Comparing
from dfworx.ui import kit


def comparing() -> rx.Component:
    """One's own ballot, and what all of them come to."""
    return kit.dialog(
        "Compare the options",
        rx.el.div(
            rx.cond(Comparing.is_asked, _ballot(), rx.fragment()),
            rx.el.section(
                rx.el.h3("So far"),
                rx.cond(Comparing.picture != "", rx.html(Comparing.picture, class_name="picture"), rx.fragment()),
                rx.foreach(Comparing.words, lambda line: rx.el.p(line, class_name="plain")),
                class_name="compared",
            ),
            class_name="long-form",
        ),
        rx.el.div(kit.button("Close", on_click=Comparing.close), class_name="actions"),
        is_open=Comparing.is_open,
        on_open_change=Comparing.set_open,
        hint="Beside the positions: it shows what people like how much, and decides nothing by itself.",
    )


def _ballot() -> rx.Component:
    says = rx.cond(
        Comparing.is_ranked,
        "Give each its place, 1 is the best. What you leave out comes last.",
        "From 0 (no) to 5 (yes). Leave out what you cannot judge.",
    )
    return rx.el.form(
        rx.el.p(says, class_name="sub"),
        rx.foreach(Comparing.options, _option),
        kit.refusal(Comparing.problem),
        kit.button("Put it on the record", primary=True, type="submit"),
        on_submit=Comparing.cast,
        class_name="ballot",
    )


def _option(option: Any) -> rx.Component:
    return rx.el.label(
        rx.html(option["html"], class_name="prose"),
        rx.el.select(
            rx.el.option("—", value=""),
            rx.foreach(Comparing.choices, lambda choice: rx.el.option(choice, value=choice)),
            name=option["field"],
            default_value=option["mine"],
            class_name="small",
        ),
        class_name="ballot-line",
        key=option["title"] + option["mine"],
    )
