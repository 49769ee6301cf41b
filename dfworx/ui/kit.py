"""Components that know no slice: links, buttons, fields, chips, dialogs, empty and loading states."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from dfworx.ui.effects import Title

Text = str | rx.Var[str]


def link(*children: Any, to: Text, **props: Any) -> rx.Component:
    """A link inside the app: changes the page without loading it anew."""
    return ReactRouterLink.create(*children, to=to, **props)


def icon(name: str) -> rx.Component:
    """A decorative icon; whatever holds it carries the name."""
    return rx.icon(name, class_name="icon", aria_hidden="true", size=16)


def button(*children: Any, primary: bool = False, **props: Any) -> rx.Component:
    """A button that never submits a form by accident."""
    return rx.el.button(
        *children, class_name="btn pri" if primary else "btn", type=props.pop("type", "button"), **props
    )


def icon_button(name: str, label: Text, **props: Any) -> rx.Component:
    """A small button with an icon and a name."""
    return rx.el.button(icon(name), type="button", class_name="tool", title=label, aria_label=label, **props)


def title(text: Text) -> rx.Component:
    """What a thread or a decision is called: `code` between backticks is set as code, the rest as it was typed."""
    return Title.create(text=text)


def chip(*children: Any, tone: str = "") -> rx.Component:
    """A short state."""
    return rx.el.span(*children, class_name=f"chip {tone}".strip())


def dot(color: Text) -> rx.Component:
    """A color, beside the name of what has it."""
    return rx.el.i(class_name=f"dot {color}", aria_hidden="true")


def avatar(initials: Text, hue: Text, *, small: bool = False, of: Text = "") -> rx.Component:
    """Generated initials on a colour of their own; `of` is the member whose presence a dot shows."""
    base = "av small " if small else "av "
    member = {"custom_attrs": {"data-member": of}} if not isinstance(of, str) or of else {}
    return rx.el.span(initials, class_name=base + hue, aria_hidden="true", **member)


class NativeForm(rx.el.Div):
    """A form that the browser posts itself: passwords never pass through an event handler."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]


def native_form(*children: Any, action: Text, **props: Any) -> rx.Component:
    """A native form that posts to a route of ours."""
    return NativeForm.create(*children, action=action, method="post", **props)


def field(label: str, name: str, *, hint: Text = "", problem: Text = "", **props: Any) -> rx.Component:
    """A labelled input with a hint, or with what is wrong with it."""
    return rx.el.label(
        label,
        rx.el.input(name=name, id=f"field-{name}", **props),
        rx.cond(
            problem,
            rx.el.small(problem, class_name="bad", role="alert"),
            rx.fragment() if isinstance(hint, str) and not hint else rx.el.small(hint),
        ),
        class_name="fld",
        html_for=f"field-{name}",
    )


def secret_field(label: str, name: str, *, hint: Text = "", problem: Text = "", **props: Any) -> rx.Component:
    """A labelled password, which can be shown; its text stays in the browser's own form."""
    id_ = f"field-{name}"
    return rx.el.div(
        rx.el.label(label, html_for=id_),
        rx.el.div(
            rx.el.input(name=name, id=id_, type="password", aria_describedby=f"{id_}-hint", **props),
            rx.el.button(
                icon("eye"),
                type="button",
                class_name="tool",
                title="Show the password",
                aria_label="Show the password",
                aria_pressed="false",
                custom_attrs={"data-reveal": id_},
            ),
            class_name="secret",
        ),
        rx.cond(
            problem,
            rx.el.small(problem, class_name="bad", role="alert", id=f"{id_}-hint"),
            rx.el.small(hint, id=f"{id_}-hint"),
        ),
        class_name="fld",
    )


def card(title: Text, text: Text, *children: Any) -> rx.Component:
    """A page that is one form: the name of the product, a title, a sentence, and the form."""
    return rx.el.main(
        rx.el.div(
            rx.el.div(rx.el.span("D", class_name="mark", aria_hidden="true"), "DFWorX", class_name="org"),
            rx.el.h1(title),
            rx.el.p(text, class_name="sub"),
            *children,
            class_name="card",
        ),
        class_name="center",
    )


def refusal(text: Text) -> rx.Component:
    """Why a form was refused, above it."""
    return rx.cond(text, rx.el.p(text, class_name="problem", role="alert"), rx.fragment())


def submit(label: str) -> rx.Component:
    """The wide button at the end of a form."""
    return rx.el.button(label, type="submit", class_name="btn pri wide")


def back(to: Text, label: str) -> rx.Component:
    """On a phone the way out of a page."""
    shown = rx.icon("chevron-left", size=22, aria_hidden="true")
    return link(shown, to=to, class_name="back", aria_label=label, custom_attrs={"data-verb": "back"})


def tab(name: str, label: str, to: Text, *, is_here: bool) -> rx.Component:
    """One of the tabs at the foot of a phone."""
    return link(icon(name), label, to=to, aria_current="page" if is_here else "false")


def empty(title: str, text: str, *actions: rx.Component) -> rx.Component:
    """Nothing here yet, and what to do next."""
    return rx.el.div(rx.el.h2(title), rx.el.p(text), *actions, class_name="empty")


def problem(title: str, text: str, *actions: rx.Component) -> rx.Component:
    """What happened, and what to do."""
    return rx.el.div(rx.el.h2(title), rx.el.p(text), *actions, class_name="empty", role="alert")


def dead_end(title: str, text: str, *actions: rx.Component) -> rx.Component:
    """A whole page that says what happened, and what to do."""
    return rx.el.div(rx.el.h1(title), rx.el.p(text), *actions, class_name="empty")


def bones(widths: Sequence[int], gap: int = 10) -> rx.Component:
    """A skeleton: grey lines where text will stand."""
    lines = [rx.el.div(class_name="bone", style={"width": f"{width}%"}) for width in widths]
    return rx.el.div(*lines, style={"display": "grid", "gap": f"{gap}px", "padding": "12px 20px"}, aria_hidden="true")


def dialog(title: Text, *children: Any, is_open: rx.Var[bool], on_open_change: Any, hint: Text = "") -> rx.Component:
    """A modal dialog (Radix): focus stays inside, Esc and the veil close it."""
    parts = rx.radix.primitives.dialog
    body = parts.content(
        parts.title(rx.el.h2(title), as_child=True),
        parts.description(rx.el.p(hint, class_name="sub"), as_child=True),
        *children,
        class_name="dialog",
    )
    return parts.root(parts.portal(parts.overlay(class_name="veil"), body), open=is_open, on_open_change=on_open_change)


def dialog_actions(confirm: str, cancel: Any, *, is_dangerous: bool = False) -> rx.Component:
    """The buttons at the end of a dialog's form."""
    return rx.el.div(
        button("Cancel", on_click=cancel),
        rx.el.button(confirm, type="submit", class_name="btn stop" if is_dangerous else "btn pri"),
        class_name="actions",
    )


def menu(label: rx.Component, *items: rx.Component, right: bool = False, **props: Any) -> rx.Component:
    """A small menu that opens under its label; a native disclosure, so that it needs no script."""
    sheet = rx.el.div(*items, class_name="sheet right" if right else "sheet")
    return rx.el.details(rx.el.summary(label, **props), sheet, class_name="menu")
