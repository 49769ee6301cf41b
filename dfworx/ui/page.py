"""The one way to a page: `@page` gives it a route, a title, the shell around it and the guard in front of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from dfworx.ui import kit
from dfworx.ui.effects import effects
from dfworx.ui.keys import keys
from dfworx.ui.slots import heard
from dfworx.ui.state import Shell

Make = Callable[[], rx.Component]
Where = Literal["organization", "person", "server", "anyone"]


@dataclass(frozen=True)
class Page:
    """A page as it was declared; the composition root adds it to the app."""

    make: Make
    route: str
    title: str | rx.Var[str]
    where: Where
    on_load: tuple[Any, ...]
    panel: Make | None
    is_home: bool
    side: Make | None


pages: list[Page] = []
sidebar: list[Make] = []  # what slices show in the sidebar, in the order of their registration
switcher: list[Make] = []  # the head of the sidebar: which organization
tabs: list[Callable[[str], rx.Component]] = []  # the phone's tab bar; each is told the route that it is shown on
loads: list[Any] = []  # what slices load on every page of an organization


def page(
    route: str,
    title: str | rx.Var[str],
    *,
    where: Where = "organization",
    on_load: tuple[Any, ...] = (),
    panel: Make | None = None,
    is_home: bool = False,
    side: Make | None = None,
) -> Callable[[Make], Make]:
    """Declare a page.

    `where` says what it belongs to: an organization (shell, members only), the server (shell, server admins only), a
    person, or anyone. `side` stands in the sidebar instead of what the slices show there.
    """

    def declare(make: Make) -> Make:
        pages.append(Page(make, route, title, where, on_load, panel, is_home, side))
        return make

    return declare


def component_of(declared: Page) -> rx.Component:
    """The whole page: content, shell, effects, the bar that says when the connection is away."""
    content = declared.make()
    if declared.where in {"organization", "server"}:
        content = rx.cond(Shell.missing, _missing(), _shell(declared, content))
    if declared.where == "person":
        content = rx.fragment(content, tab_bar(declared.route))
    if declared.where != "anyone":
        content = rx.fragment(content, keys())
    return rx.fragment(content, effects(), _offline())


def entering(declared: Page) -> list[Any]:
    """What runs when the page is opened: the guard's own part first, last what slices above listen for on its route."""
    enter = {
        "organization": [Shell.enter, *loads],
        "server": [Shell.enter_server],
        "person": [Shell.enter_personal],
        "anyone": [],
    }[declared.where]
    return [*enter, *declared.on_load, *heard(declared.route)]


def _shell(declared: Page, content: rx.Component) -> rx.Component:
    panel = declared.panel() if declared.panel else None
    layout = "app" if panel else "app two"
    return rx.el.div(
        rx.el.a("Skip to content", href="#main", class_name="sr-only"),
        rx.el.nav(
            *_head(declared),
            *([declared.side()] if declared.side else [make() for make in sidebar]),
            rx.el.span(class_name="grow"),
            kit.link(
                kit.avatar(Shell.initials, Shell.hue, small=True),
                rx.el.span(Shell.name, class_name="label"),
                to="/account",
                class_name="item",
            ),
            class_name="side",
            aria_label="Workspace",
        ),
        rx.el.main(content, class_name="main", id="main"),
        panel or rx.fragment(),
        tab_bar(declared.route),
        class_name=f"{layout} at-home" if declared.is_home else layout,
        custom_attrs={"data-ready": Shell.ready.to_string()},
    )


def _head(declared: Page) -> list[rx.Component]:
    if declared.where == "server":
        mark = rx.el.span("D", class_name="mark", aria_hidden="true")
        return [rx.el.div(mark, rx.el.span("This server", class_name="label"), class_name="org")]
    return [*[make() for make in switcher], _palette_button()]


def tab_bar(route: str) -> rx.Component:
    """The sections, at the foot of a phone."""
    find = rx.el.button(kit.icon("search"), "Find", type="button", custom_attrs={"data-does": "palette"})
    return rx.el.nav(*[make(route) for make in tabs], find, class_name="tabs", aria_label="Sections")


def _palette_button() -> rx.Component:
    """Opens the palette by hand."""
    return rx.el.button(
        kit.icon("search"),
        rx.el.span("Go to …", class_name="label"),
        rx.el.span(class_name="grow"),
        rx.el.kbd("Ctrl K"),
        type="button",
        class_name="item",
        custom_attrs={"data-does": "palette"},
    )


def _missing() -> rx.Component:
    """An address that does not exist, or not for this person."""
    return rx.el.main(
        kit.dead_end(
            "This page does not exist, or you cannot see it.",
            "The address may be mistyped, or you are not a member of this organization.",
            kit.link("Go to your workspace", to="/", class_name="btn"),
        ),
        class_name="center",
    )


def _offline() -> rx.Component:
    text = "You are offline. What you write is kept and sent when the connection is back."
    return rx.cond(has_connection_errors, rx.el.div(text, class_name="offline", role="status"), rx.fragment())
