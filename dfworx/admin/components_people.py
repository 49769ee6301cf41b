"""People in a table: who they are, where they belong, when they were here."""

import reflex as rx

from dfworx.admin.state_people import AdminPeople, AdminSessions, AdminTokens
from dfworx.core.permissions import Role
from dfworx.ui import kit
from dfworx.ui.table import Column, Entry, choice, search, table

STATES = (("active", "Active"), ("deactivated", "Deactivated"), ("unverified", "Address not confirmed"),
          ("unconfirmed", "Not confirmed for a week"))  # fmt: skip
ROLES = (*((role.value, role.value.capitalize()) for role in Role if role is not Role.SYSTEM),
         ("server admin", "Server admin"))  # fmt: skip


def people_table() -> rx.Component:
    """Everybody, by name."""
    return table(
        AdminPeople,
        [
            Column("Name", _name),
            Column("Where", lambda person: person["standing"]),
            Column("Last seen", lambda person: rx.el.span(person["seen"], title=person["seen_full"]), "num"),
            Column("Since", lambda person: rx.el.span(person["since"], title=person["since_full"]), "num"),
        ],
        label="People",
        empty=("Nobody is here yet", "People come by invitation links."),
        filters=rx.fragment(
            search(AdminPeople, "Name or e-mail address"),
            choice(AdminPeople, "Any state", "state", STATES),
            choice(AdminPeople, "Any role", "role", ROLES),
        ),
    )


def sessions_table() -> rx.Component:
    """Where people are signed in, the last seen first."""
    return table(
        AdminSessions,
        [
            Column("Person", _name),
            Column("Device", lambda session: session["device"]),
            Column("Address", lambda session: session["address"], "num"),
            Column("Last seen", lambda session: rx.el.span(session["seen"], title=session["seen_full"]), "num"),
            Column("Signed in", lambda session: rx.el.span(session["since"], title=session["since_full"]), "num"),
            Column("", _end, "end"),
        ],
        label="Sessions",
        empty=("Nobody is signed in whom you could sign out", "Accounts that belong elsewhere too are not shown."),
        filters=search(AdminSessions, "Person, address or device"),
    )


def tokens_table() -> rx.Component:
    """Personal access tokens that work, the newest first."""
    return table(
        AdminTokens,
        [
            Column("Person", _name),
            Column("Token", lambda token: token["label"]),
            Column("May", lambda token: token["scope"]),
            Column("Where", lambda token: token["organization"]),
            Column("Last used", lambda token: rx.el.span(token["used"], title=token["used_full"]), "num"),
            Column("Until", lambda token: rx.el.span(token["until"], title=token["until_full"]), "num"),
            Column("", _end_token, "end"),
        ],
        label="Personal access tokens",
        empty=("No token that you could end", "People make them for their scripts, on their account's page."),
        filters=search(AdminTokens, "Person or token"),
    )


def _end_token(token: Entry) -> rx.Component:
    return kit.button(
        "End", on_click=AdminTokens.end(token["id"]), aria_label="End the token " + token["label"].to(str)
    )


def _end(session: Entry) -> rx.Component:
    button = kit.button(
        "Sign out", on_click=AdminSessions.end(session["id"]), aria_label="Sign out " + session["name"].to(str)
    )
    return rx.cond(session["is_current"], kit.chip("this one", tone="ok"), button)


def _name(person: Entry) -> rx.Component:
    return rx.el.div(
        kit.avatar(person["initials"], person["hue"]),
        rx.el.div(
            kit.link(person["name"], to=person["href"], class_name="name"),
            rx.cond(person["is_server_admin"], kit.chip("server admin", tone="acc"), rx.fragment()),
            rx.cond(person["is_deactivated"], kit.chip("deactivated", tone="stop"), rx.fragment()),
            rx.el.div(person["email"], class_name="sub"),
        ),
        class_name="named",
    )
