"""Organizations and invitations in tables."""

import reflex as rx

from dfworx.admin.state_organizations import AdminInvitations, AdminOrganizations
from dfworx.ui import kit
from dfworx.ui.table import Column, Entry, choice, search, table

STATES = (("open", "Open"), ("used up", "Used up"), ("expired", "Expired"), ("revoked", "Revoked"))


def organizations_table() -> rx.Component:
    """Every organization in numbers, by name."""
    return rx.fragment(
        table(
            AdminOrganizations,
            [
                Column("Name", _name),
                Column("Owners", lambda each: each["owners"]),
                Column("People", _people, "num"),
                Column("Messages", lambda each: each["messages"], "num"),
                Column("Last message", lambda each: rx.el.span(each["last"], title=each["last_full"]), "num"),
                Column("Since", lambda each: rx.el.span(each["since"], title=each["since_full"]), "num"),
                Column("", _rename, "end"),
            ],
            label="Organizations",
            empty=("There is no organization", "The first run makes one."),
            filters=rx.fragment(
                search(AdminOrganizations, "Name"),
                rx.el.span(class_name="grow"),
                kit.link("New organization", to="/organizations/new", class_name="btn"),
            ),
        ),
        _rename_dialog(),
    )


def _name(organization: Entry) -> rx.Component:
    return rx.el.div(
        rx.el.span(organization["initial"], class_name="mark", aria_hidden="true"),
        rx.el.div(
            rx.el.span(organization["name"], class_name="name"),
            rx.el.div("/o/", organization["slug"], class_name="sub"),
        ),
        class_name="named",
    )


def _people(organization: Entry) -> rx.Component:
    return kit.link(organization["people"], to=organization["people_href"], class_name="link")


def _rename(organization: Entry) -> rx.Component:
    return kit.icon_button(
        "pencil",
        "Rename " + organization["name"].to(str),
        on_click=AdminOrganizations.ask(organization["id"], organization["name"]),
    )


def _rename_dialog() -> rx.Component:
    return kit.dialog(
        "Another name",
        rx.el.form(
            kit.field(
                "Name",
                "name",
                required=True,
                max_length=80,
                default_value=AdminOrganizations.name,
                auto_complete="off",
                problem=AdminOrganizations.name_problem,
            ),
            kit.dialog_actions("Save name", AdminOrganizations.close),
            on_submit=AdminOrganizations.rename,
        ),
        is_open=AdminOrganizations.renaming != "",
        on_open_change=AdminOrganizations.set_asking,
        hint="Addresses stay as they are. The organization's audit says who changed it.",
    )


def invitations_table() -> rx.Component:
    """Links to join, the newest first."""
    return table(
        AdminInvitations,
        [
            Column("Joins", _joins),
            Column("State", lambda each: rx.el.span(each["state"], class_name="chip " + each["tone"].to(str))),
            Column("Used", lambda each: each["uses"], "num"),
            Column("Ends", lambda each: rx.el.span(each["ends"], title=each["ends_full"]), "num"),
            Column("Made", _made),
            Column("", _revoke, "end"),
        ],
        label="Invitations",
        empty=("No link was made yet", "Members → Invite people makes one."),
        filters=choice(AdminInvitations, "Any state", "state", STATES),
    )


def _joins(invitation: Entry) -> rx.Component:
    return rx.el.div(
        rx.el.span(invitation["organization"], " as ", invitation["role"], class_name="name"),
        rx.cond(invitation["email"], rx.el.div("mailed to ", invitation["email"], class_name="sub"), rx.fragment()),
    )


def _made(invitation: Entry) -> rx.Component:
    return rx.el.span(
        invitation["made"],
        rx.cond(invitation["creator"], rx.fragment(" by ", invitation["creator"]), rx.fragment()),
        title=invitation["made_full"],
    )


def _revoke(invitation: Entry) -> rx.Component:
    return rx.cond(
        invitation["is_open"],
        kit.button(
            "Revoke",
            on_click=AdminInvitations.revoke(invitation["id"]),
            aria_label=f"Revoke the link to {invitation['organization']} as {invitation['role']}",
        ),
        rx.fragment(),
    )
