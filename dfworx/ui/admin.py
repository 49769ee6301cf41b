"""The frame of the admin pages: a page stands at `/admin/…` for the server, at `/o/NAME/admin/…` for an organization.

A slice adds a page with `@admin_page("people", …)`; what no slice has added is not in the navigation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from dfworx.ui import kit
from dfworx.ui.identity import caller
from dfworx.ui.page import Make, page
from dfworx.ui.state import Shell

Scope = Literal["server", "organization"]
SERVER, ORGANIZATION = "/admin", "/o/[organization]/admin"


@dataclass(frozen=True)
class Section:
    """An entry of the navigation."""

    key: str
    label: str
    icon: str
    path: str = ""
    scopes: tuple[Scope, ...] = ("server", "organization")


# All that there can be, in the order of the navigation.
SECTIONS = {
    section.key: section
    for section in (
        Section("overview", "Overview", "layout-dashboard"),
        Section("people", "People", "users", "/people"),
        Section("organizations", "Organizations", "building-2", "/organizations", ("server",)),
        Section("invitations", "Invitations", "mail", "/invitations"),
        Section("roles", "Roles", "shield-check", "/roles"),
        Section("sessions", "Sessions", "monitor", "/sessions"),
        Section("tokens", "Tokens", "key-round", "/tokens"),
        Section("audit", "Audit", "scroll-text", "/audit"),
        Section("jobs", "Jobs", "list-checks", "/jobs", ("server",)),
        Section("templates", "Templates", "scale", "/templates", ("organization",)),
        Section("imports", "Imports", "import", "/imports"),
        Section("settings", "Settings", "sliders-horizontal", "/settings", ("server",)),
        Section("health", "Health", "activity", "/health", ("server",)),
    )
}
_there: set[tuple[str, Scope]] = set()  # which sections have a page


def admin_page(
    key: str, *, below: str = "", scopes: tuple[Scope, ...] = (), on_load: tuple[Any, ...] = ()
) -> Callable[[Make], Make]:
    """Declare the page of a section, or with `below` one below it, in each scope that the section has."""
    section = SECTIONS[key]

    def declare(make: Make) -> Make:
        for scope in scopes or section.scopes:
            if not below:
                _there.add((key, scope))
            page(
                (SERVER if scope == "server" else ORGANIZATION) + section.path + below,
                title=f"{section.label} · Admin · DFWorX",
                where=scope,
                on_load=on_load,
                side=lambda scope=scope: _side(scope, key),  # type: ignore[misc]  # bound now
            )(lambda scope=scope: _framed(make, scope, section))  # type: ignore[misc]  # bound now
        return make

    return declare


def sections(scope: Scope) -> list[Section]:
    """What is in the navigation."""
    return [section for section in SECTIONS.values() if (section.key, scope) in _there]


def base() -> str:
    """Where the admin pages of the event that is being handled begin: `/admin`, or `/o/NAME/admin`."""
    here = caller.get()
    return f"{here.home}/admin" if here.path.startswith("/o/") else SERVER


def _at(scope: Scope, section: Section) -> str | rx.Var[str]:
    return SERVER + section.path if scope == "server" else f"{Shell.home}/admin{section.path}"


def entrance() -> rx.Component:
    """The way to the admin pages, in the sidebar of those who have some."""
    first = next(iter(sections("organization")), None)
    if first is None:
        return rx.fragment()
    link = kit.link(kit.icon("shield-check"), "Admin", to=_at("organization", first), class_name="item")
    return rx.cond(Shell.may["administer"], link, rx.fragment())


def server_entrance() -> rx.Component:
    """The way to the pages of the server, for those who look after it."""
    first = next(iter(sections("server")), None)
    if first is None:
        return rx.fragment()
    link = kit.link(kit.icon("server"), "This server", to=_at("server", first), class_name="item")
    return rx.cond(Shell.may_on_server["administer"], link, rx.fragment())


def _side(scope: Scope, key: str) -> rx.Component:
    """The sidebar: the way back, and the sections."""
    back = "/" if scope == "server" else Shell.home
    return rx.fragment(
        kit.link(kit.icon("arrow-left"), rx.el.span("Back to the channels", class_name="label"), to=back,
                 class_name="item"),
        rx.el.div("Server" if scope == "server" else "Admin", class_name="sec"),
        *[_entry(scope, section, key) for section in sections(scope)],
        server_entrance() if scope == "organization" else rx.fragment(),
    )  # fmt: skip


def _entry(scope: Scope, section: Section, key: str) -> rx.Component:
    return kit.link(
        kit.icon(section.icon),
        rx.el.span(section.label, class_name="label"),
        to=_at(scope, section),
        class_name="item",
        aria_current="page" if section.key == key else "false",
    )


def _framed(make: Make, scope: Scope, section: Section) -> rx.Component:
    """The page below its head; on a phone the sections stand above it."""
    strip = [_entry(scope, each, section.key) for each in sections(scope)]
    return rx.fragment(
        rx.el.header(
            kit.back("/" if scope == "server" else Shell.home, "Back to the channels"),
            rx.el.h1(section.label),
            rx.el.span("Server" if scope == "server" else "Admin", class_name="crumb"),
            rx.el.span(class_name="grow"),
            class_name="head",
        ),
        rx.el.nav(*strip, class_name="strip", aria_label="Admin"),
        rx.el.div(make() if scope == "server" else _for_administrators(make()), class_name="page wide"),
    )


def _for_administrators(content: rx.Component) -> rx.Component:
    """A member who is none is told what a stranger is told; the handlers have refused before."""
    nothing = kit.problem("This page does not exist, or you cannot see it.", "Admin pages are for owners and admins.")
    return rx.cond(Shell.ready & ~Shell.may["administer"], nothing, content)
