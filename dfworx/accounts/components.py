"""Accounts on the screen: the form to sign in, the parts of the account page, the tab that leads there."""

from typing import Any

import reflex as rx
from reflex_base.style import color_mode, set_color_mode

from dfworx.accounts.state import Account, Entrance
from dfworx.ui import kit
from dfworx.ui.refused import Refused

KEPT = {"data-kept": "true"}


def sign_in_form() -> rx.Component:
    """E-mail address and password, posted by the browser itself."""
    return kit.native_form(
        kit.refusal(Refused.text),
        rx.el.input(type="hidden", name="next", value=Entrance.next, read_only=True),
        _address(),
        kit.secret_field(
            "Password",
            "password",
            required=True,
            max_length=256,
            auto_complete="current-password",
            problem=Refused.at["password"],
        ),
        kit.submit("Sign in"),
        action="/auth/sign-in",
    )


def forgotten() -> rx.Component:
    """The way for those who have forgotten their password."""
    return rx.el.p(kit.link("Forgot your password?", to="/forgot-password", class_name="link"), class_name="foot")


def forgot_form() -> rx.Component:
    """Whose password is forgotten."""
    return kit.native_form(
        kit.refusal(Refused.text),
        _address(),
        kit.submit("Send the link"),
        action="/auth/forgot-password",
    )


def reset_form() -> rx.Component:
    """Another password, by the link of the address."""
    return kit.native_form(
        kit.refusal(Refused.text),
        rx.el.input(type="hidden", name="token", value=Entrance.token, read_only=True),
        _new_password(auto_focus=True),
        kit.submit("Take this password"),
        action="/auth/reset-password",
    )


def _address() -> rx.Component:
    return kit.field(
        "E-mail address",
        "email",
        type="email",
        required=True,
        max_length=254,
        auto_complete="username",
        auto_focus=True,
        spell_check=False,
        problem=Refused.at["email"],
        custom_attrs=KEPT,
    )


def _new_password(**attributes: Any) -> rx.Component:
    return kit.secret_field(
        "New password",
        "new_password",
        required=True,
        min_length=12,
        max_length=256,
        auto_complete="new-password",
        hint="12 characters or more. A sentence is fine.",
        problem=Refused.at["new_password"],
        **attributes,
    )


def way_to_an_account() -> rx.Component:
    """How somebody without an account gets one."""
    return rx.el.p(
        rx.cond(
            Entrance.is_open,
            rx.fragment("New here? ", kit.link("Create an account", to="/register", class_name="link"), "."),
            "New here? Ask a member for an invitation link.",
        ),
        class_name="foot",
    )


def profile() -> rx.Component:
    """The name that others see, and the address that one signs in with."""
    return rx.el.section(
        rx.el.h2("Profile"),
        rx.el.form(
            kit.field(
                "Name",
                "name",
                required=True,
                max_length=80,
                default_value=Account.name,
                auto_complete="name",
                hint="Others see it beside what you write.",
                problem=Account.problem,
                key=Account.name,
            ),
            kit.button("Save name", type="submit"),
            on_submit=Account.rename,
        ),
        rx.el.p(
            "You sign in with ",
            rx.el.b(Account.email),
            ". The account exists since ",
            Account.since,
            ".",
            class_name="sub note",
        ),
        rx.cond(
            Account.is_verified,
            rx.fragment(),
            rx.el.p(
                "That the address is yours is not confirmed yet. ",
                rx.el.button("Mail me the link", type="button", class_name="link", on_click=Account.ask_verification),
                class_name="sub note",
            ),
        ),
        class_name="part",
    )


def password() -> rx.Component:
    """Another password."""
    return rx.el.section(
        rx.el.h2("Password", id="password"),
        rx.cond(Account.notice, rx.el.p(Account.notice, class_name="notice", role="status"), rx.fragment()),
        kit.native_form(
            kit.refusal(Refused.text),
            rx.el.input(type="hidden", name="next", value="/account?changed=password#password", read_only=True),
            rx.el.input(
                type="text", name="", value=Account.email, auto_complete="username", read_only=True, hidden=True
            ),
            kit.secret_field(
                "Current password",
                "current_password",
                required=True,
                max_length=256,
                auto_complete="current-password",
                problem=Refused.at["current_password"],
            ),
            _new_password(),
            kit.button("Change password", type="submit"),
            action="/auth/password",
        ),
        class_name="part",
    )


def sessions() -> rx.Component:
    """Where one is signed in."""
    return rx.el.section(
        rx.el.h2("Where you are signed in"),
        rx.el.ul(rx.foreach(Account.sessions, _session), class_name="things"),
        rx.el.div(
            kit.native_form(kit.button("Sign out", type="submit"), action="/auth/sign-out"),
            kit.button("Sign out everywhere", on_click=Account.sign_out_everywhere),
            class_name="actions",
        ),
        class_name="part",
    )


def _session(session: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    name = session["device"]
    return rx.el.li(
        rx.cond(session["icon"] == "smartphone", kit.icon("smartphone"), kit.icon("monitor")),
        rx.el.div(
            rx.el.div(rx.el.b(name), rx.cond(session["is_current"], kit.chip("this one", tone="ok"), rx.fragment())),
            rx.el.div(
                rx.el.span(session["seen"], title=session["seen_full"]),
                " · ",
                rx.el.span(session["since"], title=session["since_full"]),
                " · ",
                session["address"],
                class_name="sub",
            ),
            class_name="about",
        ),
        rx.cond(
            session["is_current"],
            rx.fragment(),
            kit.button("Sign out", on_click=Account.revoke(session["id"]), aria_label="Sign out " + name.to(str)),
        ),
        key=session["id"],
    )


def appearance() -> rx.Component:
    """Light, dark, or as the system says; kept in this browser."""
    choices = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("system", "As the system", "monitor"))
    return rx.el.section(
        rx.el.h2("Appearance"),
        rx.el.div(*[_theme(*choice) for choice in choices], class_name="choice", role="group", aria_label="Theme"),
        class_name="part",
    )


def presence() -> rx.Component:
    """Whether others see that one is online."""
    choice = rx.el.label(
        rx.el.input(type="checkbox", checked=Account.shows_presence, on_change=Account.show_presence),
        "Show others when I am online",
        class_name="check",
    )
    return rx.el.section(
        rx.el.h2("Presence"),
        choice,
        rx.el.p("A dot beside your name, for the members of your organizations. It is not recorded.", class_name="sub"),
        class_name="part",
    )


def digest() -> rx.Component:
    """Whether one is mailed on Mondays what waits for one."""
    choice = rx.el.label(
        rx.el.input(type="checkbox", checked=Account.gets_digest, on_change=Account.choose_digest),
        "Mail me on Mondays what waits for me",
        class_name="check",
    )
    said = "Positions you are asked for, concerns, reviews that are due, what grew stale. Without any there is no mail."
    return rx.el.section(rx.el.h2("Mail"), choice, rx.el.p(said, class_name="sub"), class_name="part")


def _theme(mode: str, label: str, symbol: str) -> rx.Component:
    return rx.el.button(
        kit.icon(symbol),
        label,
        type="button",
        on_click=set_color_mode(mode),
        aria_pressed=(color_mode == mode).to_string(),
    )


def tab(route: str) -> rx.Component:
    """The phone's tab for what is one's own."""
    return kit.tab("circle-user", "You", "/account", is_here=route == "/account")
