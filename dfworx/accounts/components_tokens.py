"""Tokens on the screen: the list on the account page, the dialog that makes one and shows its secret once."""

from typing import Any

import reflex as rx

from dfworx.accounts.state_tokens import ScriptTokens
from dfworx.ui import kit

Entry = rx.vars.ObjectVar[dict[str, str]]
SCOPES = (
    ("read", "Read: change nothing"),
    ("write", "Write: what members and moderators do"),
    ("admin", "Admin: all that you may"),
)
LASTING = (("30", "30 days"), ("90", "90 days"), ("365", "a year"))


def script_tokens() -> rx.Component:
    """The tokens that the person made for scripts."""
    docs = rx.el.a("API documentation", href="/api/docs", class_name="link", target="_blank", rel="noopener")
    none = rx.el.p("There is none yet.", class_name="sub note")
    return rx.el.section(
        rx.el.h2("Personal access tokens", id="tokens"),
        rx.el.p(
            "A script shows one in place of your password, and acts as you, within the token's limits. See the ",
            docs,
            ".",
            class_name="sub",
        ),
        rx.cond(ScriptTokens.tokens, rx.el.ul(rx.foreach(ScriptTokens.tokens, _token), class_name="things"), none),
        rx.el.div(kit.button("Make a token", on_click=ScriptTokens.ask), class_name="actions"),
        _making(),
        _ending(),
        class_name="part",
    )


def _token(token: Entry) -> rx.Component:
    name = token["name"]
    ends = rx.el.span(token["ends"], title=token["ends_full"])
    return rx.el.li(
        kit.icon("key-round"),
        rx.el.div(
            rx.el.div(
                rx.el.b(name),
                kit.chip(token["scope"]),
                rx.cond(token["is_over"], kit.chip("expired", tone="stop"), rx.fragment()),
            ),
            rx.el.div(
                token["may"],
                " in ",
                token["where"],
                " · ",
                rx.cond(token["is_over"], rx.el.span("ended", title=token["ends_full"]), ends),
                " · ",
                rx.el.span(token["used"], title=token["used_full"]),
                class_name="sub",
            ),
            class_name="about",
        ),
        kit.button(
            "Revoke",
            on_click=ScriptTokens.ask_revoke(token["id"], name),
            aria_label="Revoke " + name.to(str),
        ),
        key=token["id"],
    )


def _making() -> rx.Component:
    made = ScriptTokens.secret
    return kit.dialog(
        rx.cond(made, "The token is ready", "A token for a script"),
        rx.cond(made, _secret(), _form()),
        is_open=ScriptTokens.is_making,
        on_open_change=ScriptTokens.set_open,
        hint=rx.cond(
            made,
            "Copy it now: it is not shown again. Whoever has it acts as you.",
            "It cannot change passwords, sessions or tokens.",
        ),
    )


def _form() -> rx.Component:
    here = rx.foreach(ScriptTokens.homes, lambda home: rx.el.option(home["name"], value=home["slug"]))
    every = rx.el.option("All your organizations", value="")
    return rx.el.form(
        kit.refusal(ScriptTokens.problem),
        _labelled(
            "Name",
            "name",
            rx.el.input,
            required=True,
            max_length=80,
            auto_complete="off",
            auto_focus=True,
            placeholder="What it is for",
        ),
        _choice("It may", "scope", _options(SCOPES), "read"),
        _choice("in", "organization", rx.fragment(every, here), ""),
        _choice("and ends after", "days", _options(LASTING), "90"),
        kit.dialog_actions("Make token", ScriptTokens.close),
        on_submit=ScriptTokens.create,
    )


def _choice(label: str, name: str, options: rx.Component, chosen: str) -> rx.Component:
    return _labelled(label, name, rx.el.select, options, default_value=chosen)


def _labelled(label: str, name: str, control: Any, *children: Any, **props: Any) -> rx.Component:
    id_ = f"field-token-{name}"  # the profile above has a name, too
    return rx.el.label(label, control(*children, name=name, id=id_, **props), class_name="fld", html_for=id_)


def _options(choices: tuple[tuple[str, str], ...]) -> rx.Component:
    return rx.fragment(*[rx.el.option(label, value=value) for value, label in choices])


def _secret() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            "Token",
            rx.el.input(
                value=ScriptTokens.secret, read_only=True, id="field-token", auto_complete="off", spell_check=False
            ),
            class_name="fld",
            html_for="field-token",
        ),
        rx.el.div(
            kit.button("Done", on_click=ScriptTokens.close),
            kit.button("Copy token", primary=True, custom_attrs={"data-copy": ScriptTokens.secret}),
            class_name="actions",
        ),
    )


def _ending() -> rx.Component:
    return kit.dialog(
        "Revoke “" + ScriptTokens.ending_name + "”?",
        rx.el.form(
            kit.dialog_actions("Revoke", ScriptTokens.close, is_dangerous=True),
            on_submit=ScriptTokens.revoke,
        ),
        is_open=ScriptTokens.ending != "",
        on_open_change=ScriptTokens.set_open,
        hint="The script that shows it is refused from then on. This cannot be undone.",
    )
