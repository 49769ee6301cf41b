"""The picker: choosing several of many, with a field that narrows them; and what a list is narrowed to."""

from typing import Any

import reflex as rx

from dfworx.ui import kit
from dfworx.ui.state_picker import LONGEST, Picker


def opener(icon: str, label: str, *, small: bool = False, **props: Any) -> rx.Component:
    """The button at which the picker opens; `small` is only its icon."""
    if small:
        return rx.el.button(
            kit.icon(icon), type="button", class_name="tool picks-here", title=label, aria_label=label, **props
        )
    return rx.el.button(kit.icon(icon), label, type="button", class_name="btn picks-here", **props)


def picker(title: str, flip: Any, *foot: rx.Component) -> rx.Component:
    """A popover at its opener; `flip` is told the id of what is chosen, or is no more."""
    parts = rx.radix.primitives.dialog
    nothing = rx.cond(
        Picker.choices.length() > 0,
        rx.el.p("Nothing is called that.", class_name="sub"),
        rx.el.p("There is nothing to choose from yet.", class_name="sub"),
    )
    body = parts.content(
        parts.title(rx.el.h2(title, class_name="sr-only"), as_child=True),
        rx.el.input(
            type="search",
            placeholder=f"{title} …",
            aria_label="Narrow the choice",
            auto_complete="off",
            max_length=LONGEST,
            auto_focus=True,
            on_change=Picker.seek.debounce(80),
        ),
        rx.el.div(
            rx.foreach(Picker.options, lambda option: _option(option, flip)),
            rx.cond(Picker.options.length() > 0, rx.fragment(), nothing),
            class_name="choices",
            role="group",
            aria_label=title,
        ),
        *foot,
        class_name="picker",
        aria_describedby="",
    )
    return parts.root(
        parts.portal(parts.overlay(class_name="veil clear"), body), open=Picker.is_open, on_open_change=Picker.set_open
    )


def _option(option: Any, flip: Any) -> rx.Component:
    heading = rx.el.h3(option["heading"])
    return rx.fragment(
        rx.cond(option["heading"], heading, rx.fragment()),
        rx.el.label(
            rx.el.input(type="checkbox", default_checked=option["is_on"] != "", on_change=flip(option["id"])),
            rx.cond(option["color"], kit.dot(option["color"]), rx.fragment()),
            rx.el.span(option["name"], class_name="label"),
        ),
        key=option["id"],
    )


def chosen_chip(choice: Any, label: Any, away: Any) -> rx.Component:
    """Something that a list is narrowed to; pressing it takes that away."""
    return rx.el.button(
        rx.cond(choice["color"], kit.dot(choice["color"]), rx.fragment()),
        rx.el.span(label),
        kit.icon("x"),
        type="button",
        class_name="tag chosen",
        aria_label="No longer narrowed to " + label,
        on_click=away,
        key=choice["id"],
    )
