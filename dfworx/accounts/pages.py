"""The pages of a person: signing in, and the own account."""

import reflex as rx

from dfworx.accounts.components import (
    appearance,
    digest,
    forgot_form,
    forgotten,
    password,
    presence,
    profile,
    reset_form,
    sessions,
    sign_in_form,
    way_to_an_account,
)
from dfworx.accounts.components_tokens import script_tokens
from dfworx.accounts.state import Account, Entrance, Links
from dfworx.accounts.state_tokens import ScriptTokens
from dfworx.ui import kit
from dfworx.ui.page import page
from dfworx.ui.refused import Refused
from dfworx.ui.state import Shell


@page("/sign-in", title="Sign in · DFWorX", where="anyone", on_load=(Entrance.load, Refused.load))
def sign_in_page() -> rx.Component:
    """The form, and how to get an account."""
    form = (_changed(), sign_in_form(), forgotten(), way_to_an_account())
    return kit.card("Sign in", "Go on where your team is talking.", *form)


def _changed() -> rx.Component:
    return rx.cond(Entrance.notice, rx.el.p(Entrance.notice, class_name="notice", role="status"), rx.fragment())


@page("/forgot-password", title="Forgot your password · DFWorX", where="anyone", on_load=(Links.load, Refused.load))
def forgot_page() -> rx.Component:
    """The way to another password."""
    sent = rx.el.p(
        "If somebody here has this address, a link is on its way to it. Nothing comes? Then this server may send no "
        "mail: an owner or admin of your organization can make a link for you.",
        class_name="notice",
        role="status",
    )
    return kit.card(
        "Forgot your password?",
        "We mail you a link with which you take another one.",
        rx.cond(Links.is_sent, sent, forgot_form()),
        rx.el.p(kit.link("Back to sign in", to="/sign-in", class_name="link"), class_name="foot"),
    )


@page("/reset-password/[token]", title="New password · DFWorX", where="anyone", on_load=(Entrance.hold, Refused.load))
def reset_page() -> rx.Component:
    """Where the link from the mail leads."""
    return kit.card("Another password", "Taking it signs you out everywhere.", reset_form())


@page("/verify/[token]", title="Confirm your address · DFWorX", where="anyone", on_load=(Links.verify,))
def verify_page() -> rx.Component:
    """Where the link from the mail leads that shows whose an address is."""
    return kit.card(
        rx.cond(Links.problem, "This link does not work", "Your address is confirmed"),
        rx.cond(Links.problem, Links.problem, "Thank you."),
        kit.link("Go to DFWorX", to="/", class_name="btn wide"),
    )


@page(
    "/account", title="Your account · DFWorX", where="person", on_load=(ScriptTokens.load, Account.load, Refused.load)
)
def account_page() -> rx.Component:
    """Name, appearance, presence, password, sessions, tokens for scripts."""
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
                rx.fragment(profile(), appearance(), presence(), digest(), password(), sessions(), script_tokens()),
                kit.bones([30, 60, 45, 60, 30], gap=22),
            ),
            class_name="page narrow",
        ),
        class_name="alone",
    )
