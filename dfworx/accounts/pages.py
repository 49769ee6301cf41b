"""The pages of a person: signing in, and the own account."""

import reflex as rx

from dfworx.accounts.components import appearance, password, profile, sessions, sign_in_form, way_to_an_account
from dfworx.accounts.state import Account, Entrance
from dfworx.ui import kit
from dfworx.ui.page import page
from dfworx.ui.refused import Refused
from dfworx.ui.state import Shell


@page("/sign-in", title="Sign in · DFWorX", where="anyone", on_load=(Entrance.load, Refused.load))
def sign_in_page() -> rx.Component:
    """The form, and how to get an account."""
    return kit.card("Sign in", "Go on where your team is talking.", sign_in_form(), way_to_an_account())


@page("/account", title="Your account · DFWorX", where="person", on_load=(Account.load, Refused.load))
def account_page() -> rx.Component:
    """Name, appearance, password, sessions."""
    return rx.el.div(
        rx.el.header(
            kit.back(Shell.home, "Back to the workspace"),
            kit.link(kit.icon("arrow-left"), "Workspace", to=Shell.home, class_name="crumb wide-only"),
            rx.el.h1("Your account"),
            class_name="head",
        ),
        rx.el.main(
            rx.cond(
                Account.is_loaded,
                rx.fragment(profile(), appearance(), password(), sessions()),
                kit.bones([30, 60, 45, 60, 30], gap=22),
            ),
            class_name="page narrow",
        ),
        class_name="alone",
    )
