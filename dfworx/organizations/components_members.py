"""Members on the screen: the list, the invitations, the organization itself, and their dialogs."""

import reflex as rx

from dfworx.organizations.state import Asking, Members, Organizations
from dfworx.ui import kit
from dfworx.ui.state import Shell

Entry = rx.vars.ObjectVar[dict[str, str]]

WHAT_ROLES_MAY = (
    ("owner", "everything, owners included"),
    ("admin", "members, invitations, the organization"),
    ("moderator", "channels, and what others wrote"),
    ("member", "channels, threads and messages"),
    ("guest", "only the channels it was added to"),
)


def people() -> rx.Component:
    """Everybody, by name."""
    return rx.el.section(
        rx.el.ul(rx.foreach(Members.people, _person), class_name="things", aria_label="Members"),
        rx.cond(
            Members.next,
            rx.el.button("Show more", type="button", class_name="more", on_click=Members.more),
            rx.fragment(),
        ),
    )


def _person(member: Entry) -> rx.Component:
    name = member["name"]
    return rx.el.li(
        kit.avatar(member["initials"], member["hue"], of=member["id"]),
        rx.el.div(
            rx.el.div(
                rx.el.b(name),
                rx.cond(member["is_me"], kit.chip("you"), rx.fragment()),
                rx.el.span(class_name="presence", custom_attrs={"data-member": member["id"]}),
            ),
            rx.el.div(
                rx.cond(member["email"], rx.fragment(member["email"], " · "), rx.fragment()),
                rx.el.span("joined ", member["joined"], title=member["joined_full"]),
                class_name="sub",
            ),
            class_name="about",
        ),
        rx.cond(member["may_change"], _role_choice(member), kit.chip(member["role"])),
        rx.cond(
            member["may_reset"],
            kit.icon_button(
                "key-round", "Password link for " + name.to(str), on_click=Asking.ask_reset(member["id"], name)
            ),
            rx.fragment(),
        ),
        rx.cond(
            member["may_remove"],
            kit.icon_button("user-minus", "Remove " + name.to(str), on_click=Asking.ask_remove(member["id"], name)),
            rx.cond(Shell.may["remove_member"], rx.el.span(class_name="tool", aria_hidden="true"), rx.fragment()),
        ),
        key=member["id"],
        id=member["id"],
        tab_index=-1,
    )


def _role_choice(member: Entry) -> rx.Component:
    return rx.el.select(
        rx.foreach(Members.roles, lambda role: rx.el.option(role, value=role)),
        value=member["role"],
        on_change=lambda role: Members.change_role(member["id"], role),
        class_name="small",
        aria_label="Role of " + member["name"].to(str),
    )


def invitations() -> rx.Component:
    """The links that work, for administrators."""
    none = rx.el.p("No link is open. Make one and send it to whom you want here.", class_name="sub")
    section = rx.el.section(
        rx.el.h2("Invitation links"),
        rx.cond(Members.invitations, rx.el.ul(rx.foreach(Members.invitations, _invitation), class_name="things"), none),
        class_name="part",
    )
    return rx.cond(Shell.may["list_invitations"], section, rx.fragment())


def _invitation(link: Entry) -> rx.Component:
    return rx.el.li(
        kit.icon("link"),
        rx.el.div(
            rx.el.div(rx.el.b("Joins as ", link["role"])),
            rx.el.div(
                link["uses"],
                " · ",
                rx.el.span(link["ends"], title=link["ends_full"]),
                " · ",
                rx.el.span(link["made"], title=link["made_full"]),
                class_name="sub",
            ),
            class_name="about",
        ),
        kit.button("Revoke", on_click=Members.revoke(link["id"])),
        key=link["id"],
    )


def organization() -> rx.Component:
    """Its name and address, and the way out."""
    rename = rx.el.form(
        kit.field(
            "Name",
            "name",
            required=True,
            max_length=80,
            default_value=Organizations.name,
            auto_complete="off",
            problem=Asking.name_problem,
            key=Organizations.name,
            hint="Addresses stay as they are.",
        ),
        kit.button("Save name", type="submit"),
        on_submit=Asking.rename,
    )
    return rx.el.section(
        rx.el.h2("Organization"),
        rx.cond(Shell.may["rename_organization"], rename, rx.fragment()),
        rx.el.p(
            rx.el.b(Organizations.name),
            " lives at ",
            rx.el.code("/o/", Organizations.here),
            ". You are its ",
            Shell.role,
            ".",
            class_name="sub note",
        ),
        kit.button("Leave the organization", on_click=Asking.ask_leave),
        class_name="part",
    )


def _link_shown() -> rx.Component:
    return rx.el.div(
        rx.el.label(
            "Link",
            rx.el.input(value=Asking.link, read_only=True, id="field-link"),
            class_name="fld",
            html_for="field-link",
        ),
        rx.el.div(
            kit.button("Done", on_click=Asking.close),
            kit.button("Copy link", primary=True, custom_attrs={"data-copy": Asking.link}),
            class_name="actions",
        ),
    )


def reset_dialog() -> rx.Component:
    """Asks before a link for another password is made, then shows it, this once."""
    ask = rx.el.form(kit.dialog_actions("Make link", Asking.close), on_submit=Asking.make_reset_link)
    return kit.dialog(
        rx.cond(Asking.link, "The link is ready", "A link to another password for " + Asking.name),
        rx.cond(Asking.link, _link_shown(), ask),
        is_open=Asking.is_resetting,
        on_open_change=Asking.set_open,
        hint=rx.cond(
            Asking.link,
            "Copy it now and hand it over: it is not shown again. It works once, for four hours.",
            "Whoever has the link takes another password for this account, and is signed out everywhere else.",
        ),
    )


def invite_dialog() -> rx.Component:
    """Asks as what, for how long and how often; then shows the link, this once."""
    ask = rx.el.form(
        rx.cond(Asking.problem, rx.el.p(Asking.problem, class_name="problem", role="alert"), rx.fragment()),
        _choice(
            "They join as", "role", rx.foreach(Members.roles, lambda role: rx.el.option(role, value=role)), "member"
        ),
        _roles_explained(),
        _choice(
            "The link works for", "days", _options((1, "a day"), (7, "a week"), (30, "30 days"), (90, "90 days")), "7"
        ),
        _choice(
            "and lets in",
            "max_uses",
            _options((1, "one person"), (10, "10 people"), (50, "50 people"), (1000, "1,000 people")),
            "1",
        ),
        kit.field(
            "Mail it to",
            "email",
            type="email",
            max_length=254,
            auto_complete="off",
            hint="Optional, and only if this server sends mail. The link is shown in any case.",
        ),
        kit.dialog_actions("Make link", Asking.close),
        on_submit=Asking.invite,
    )
    return kit.dialog(
        rx.cond(Asking.link, "The link is ready", "Invite people"),
        rx.cond(Asking.link, _link_shown(), ask),
        is_open=Asking.is_inviting,
        on_open_change=Asking.set_open,
        hint=rx.cond(
            Asking.link,
            "Copy it now: it is not shown again. Whoever has it can join.",
            "Whoever opens the link can join.",
        ),
    )


def _choice(label: str, name: str, options: rx.Component, chosen: str) -> rx.Component:
    return rx.el.label(
        label,
        rx.el.select(options, name=name, id=f"field-{name}", default_value=chosen),
        class_name="fld",
        html_for=f"field-{name}",
    )


def _options(*choices: tuple[int, str]) -> rx.Component:
    return rx.fragment(*[rx.el.option(label, value=str(value)) for value, label in choices])


def _roles_explained() -> rx.Component:
    lines = [rx.fragment(rx.el.dt(role), rx.el.dd(may)) for role, may in WHAT_ROLES_MAY]
    return rx.el.details(
        rx.el.summary("What may each role do?"), rx.el.dl(*lines, class_name="dl"), class_name="more-about"
    )


def remove_dialog() -> rx.Component:
    """Asks before a member is removed."""
    return kit.dialog(
        f"Remove {Asking.name}?",
        rx.el.form(kit.dialog_actions("Remove", Asking.close, is_dangerous=True), on_submit=Asking.remove),
        is_open=Asking.is_removing,
        on_open_change=Asking.set_open,
        hint="They lose access at once. What they wrote stays, under their name.",
    )


def leave_dialog() -> rx.Component:
    """Asks before one leaves."""
    return kit.dialog(
        f"Leave {Organizations.name}?",
        rx.el.form(kit.dialog_actions("Leave", Asking.close, is_dangerous=True), on_submit=Asking.leave),
        is_open=Asking.is_leaving,
        on_open_change=Asking.set_open,
        hint="You lose access at once, and need an invitation to come back. What you wrote stays.",
    )
