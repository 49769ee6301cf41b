"""What may be decided already, below a title that somebody types."""

from typing import Any

import reflex as rx

from dfworx.decisions.state_similar import AlreadyDecided
from dfworx.ui import kit
from dfworx.ui.slots import fills, hears

SOON = 300  # milliseconds after the last letter

considering = AlreadyDecided.consider.debounce(SOON)
hears("thread.title", considering)


def considering_besides(number: Any) -> Any:
    """The same where it is known already that one is to be replaced: nothing is said about that one."""
    return lambda title: AlreadyDecided.consider(title, number).debounce(SOON)


@fills("thread.asking")
def already_decided() -> rx.Component:
    """The nearest decisions, each in a tab of its own, so that nothing typed is lost; without any, nothing."""
    return rx.el.div(
        rx.cond(
            AlreadyDecided.found.length() > 0,
            rx.el.div(
                rx.el.p("Perhaps it is decided already:"),
                rx.foreach(AlreadyDecided.found, _known),
                class_name="similar",
            ),
            rx.fragment(),
        ),
        role="status",
        on_mount=AlreadyDecided.forget,
    )


def _known(known: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    return kit.link(
        rx.el.b(known["ref"]),
        rx.el.span(known["title"], class_name="label"),
        rx.el.span(known["status"], class_name="sub"),
        rx.el.span(" (opens a new tab)", class_name="sr-only"),
        to=known["href"],
        target="_blank",
        class_name="item",
    )
