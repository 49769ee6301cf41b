"""The pages of organizations: the ways in, the members."""

import reflex as rx

from dfworx.organizations.components import found_form, join_choices, register_form, setup_form
from dfworx.organizations.components_authors import imported_authors
from dfworx.organizations.components_members import (
    invitations,
    invite_dialog,
    leave_dialog,
    organization,
    people,
    remove_dialog,
    reset_dialog,
)
from dfworx.organizations.state import Asking, Members
from dfworx.organizations.state_arriving import Arrival
from dfworx.organizations.state_authors import Authors
from dfworx.ui import kit
from dfworx.ui.effects import Resume
from dfworx.ui.page import page
from dfworx.ui.refused import Refused
from dfworx.ui.state import Shell


@page("/", title="DFWorX", where="anyone", on_load=(Arrival.go_on,))
def front_door() -> rx.Component:
    """Nothing to see: everybody is led on."""
    return rx.el.main(Resume.create(homes=Arrival.homes), aria_busy=True, aria_label="DFWorX")


@page("/setup", title="Set up · DFWorX", where="anyone", on_load=(Arrival.set_up, Refused.load))
def setup_page() -> rx.Component:
    """The first run."""
    return kit.card("Set up your workspace", "One account, one organization, and you are talking.", setup_form())


@page("/register", title="Create an account · DFWorX", where="anyone", on_load=(Arrival.register, Refused.load))
def register_page() -> rx.Component:
    """A new account."""
    invited = rx.cond(
        Arrival.organization, f"You are invited to {Arrival.organization}.", "Then found an organization."
    )
    text = rx.cond(Arrival.problem, Arrival.problem, invited)
    sign_in = rx.fragment("You have an account? ", kit.link("Sign in", to="/sign-in", class_name="link"), ".")
    return kit.card(
        "Create your account",
        rx.cond(Arrival.is_loaded, text, "\u00a0"),
        register_form(),
        rx.el.p(sign_in, class_name="foot"),
    )


@page("/join/[token]", title="Invitation · DFWorX", where="anyone", on_load=(Arrival.join,))
def join_page() -> rx.Component:
    """Where an invitation leads."""
    return kit.card(
        rx.cond(
            Arrival.is_loaded,
            rx.cond(Arrival.problem, "This link does not work", f"Join {Arrival.organization}"),
            "Invitation",
        ),
        rx.cond(
            Arrival.is_loaded,
            rx.cond(Arrival.problem, Arrival.problem, f"You are invited as {Arrival.role}."),
            "\u00a0",
        ),
        rx.cond(
            Arrival.is_loaded,
            rx.cond(Arrival.problem, kit.link("Go to DFWorX", to="/", class_name="btn wide"), join_choices()),
            kit.bones([100, 60], gap=20),
        ),
    )


@page("/organizations/new", title="New organization · DFWorX", where="person", on_load=(Arrival.begin,))
def new_organization_page() -> rx.Component:
    """Found another organization."""
    return kit.card(
        "New organization",
        "A space of its own: people, channels, records. You own it.",
        found_form(),
        rx.el.p(
            "You were invited somewhere? Open the link that you got. ",
            kit.link("Your account", to="/account", class_name="link"),
            class_name="foot",
        ),
    )


@page("/o/[organization]/members", title="Members · DFWorX", on_load=(Members.load, Authors.load))
def members_page() -> rx.Component:
    """Who is here, who may come, and the organization itself."""
    invite = kit.button("Invite people", primary=True, on_click=Asking.ask_invite)
    return rx.fragment(
        rx.el.header(
            kit.back(Shell.home, "Back to the channels"),
            rx.el.h1("Members"),
            rx.el.span(class_name="grow"),
            rx.cond(Shell.may["invite"], invite, rx.fragment()),
            class_name="head",
        ),
        rx.el.div(
            rx.cond(
                Members.is_loaded,
                rx.fragment(people(), imported_authors(), invitations(), organization()),
                kit.bones([60, 72, 48, 66, 54], gap=32),
            ),
            class_name="page",
        ),
        invite_dialog(),
        reset_dialog(),
        remove_dialog(),
        leave_dialog(),
    )
