"""One person on a page: who it is, where they belong, where they are signed in, and what can be done."""

import reflex as rx

from dfworx.admin.state_person import AdminPerson
from dfworx.ui import kit
from dfworx.ui.table import Entry

P = AdminPerson.person
# What is asked about: title, what it means, the button, whether it is a danger.
QUESTIONS = {
    "sign out": ("Sign out everywhere?", "Every session ends at once, and open pages with it.", "Sign out"),
    "deactivate": (
        "Deactivate this account?",
        "It cannot sign in any more, and open pages close at once. What was written stays, and so do memberships.",
        "Deactivate",
    ),
    "reactivate": ("Let this person in again?", "The password is the one from before.", "Reactivate"),
    "make": (
        "Make a server admin?",
        "Server admins see every account and organization, and can do all that stands on these pages.",
        "Make server admin",
    ),
    "unmake": ("No server admin any more?", "What the person is in organizations stays.", "Take it away"),
    "reset": (
        "A link to another password?",
        "Whoever has the link takes another password for this account, and is signed out everywhere else.",
        "Make link",
    ),
}
DANGERS = ("sign out", "deactivate", "unmake")


def person() -> rx.Component:
    """Everything about the person."""
    missing = kit.problem("There is nobody here", "The account does not exist, or you cannot see it.")
    return rx.cond(
        AdminPerson.is_loaded,
        rx.cond(
            AdminPerson.is_missing,
            missing,
            rx.fragment(_who(), _standings(), _sessions(), _verbs(), _events(), _dialog()),
        ),
        kit.bones([40, 64, 58, 70, 66], gap=26),
    )


def _who() -> rx.Component:
    chips = rx.fragment(
        rx.cond(P["is_me"], kit.chip("you"), rx.fragment()),
        rx.cond(P["is_server_admin"], kit.chip("server admin", tone="acc"), rx.fragment()),
        rx.cond(P["deactivated"], kit.chip("deactivated ", P["deactivated"], tone="stop"), rx.fragment()),
    )
    return rx.el.section(
        rx.el.div(
            kit.avatar(P["initials"], P["hue"]),
            rx.el.div(
                rx.el.div(rx.el.h2(P["name"]), chips, class_name="titled"),
                rx.el.div(
                    P["email"], " (", P["verified"], ") · last seen ", rx.el.span(P["seen"], title=P["seen_full"]),
                    " · here since ", rx.el.span(P["since"], title=P["since_full"]),
                    class_name="sub",
                ),
            ),
            class_name="named",
        ),
        class_name="part",
    )  # fmt: skip


def _standings() -> rx.Component:
    none = rx.el.p("In no organization.", class_name="sub")
    rows = rx.el.ul(rx.foreach(AdminPerson.memberships, _standing), class_name="things")
    return _part("Belongs to", rx.cond(AdminPerson.memberships.length() > 0, rows, none))


def _standing(standing: Entry) -> rx.Component:
    choice = rx.el.select(
        rx.foreach(AdminPerson.roles, lambda role: rx.el.option(role, value=role)),
        value=standing["role"],
        on_change=lambda role: AdminPerson.change_role(standing["id"], role),
        class_name="small",
        aria_label="Role in " + standing["organization"].to(str),
    )
    return rx.el.li(
        kit.icon("building-2"),
        rx.el.div(
            rx.el.div(rx.el.b(standing["organization"])),
            rx.el.div("/o/", standing["slug"], class_name="sub"),
            class_name="about",
        ),
        rx.cond(standing["may_change"], choice, kit.chip(standing["role"])),
        key=standing["id"],
    )


def _sessions() -> rx.Component:
    why = rx.cond(
        P["is_reached"] | P["is_me"],
        "Nowhere at the moment.",
        "The account belongs to other organizations too, or looks after the server: its sessions are not yours to see.",
    )
    rows = rx.el.ul(rx.foreach(AdminPerson.sessions, _session), class_name="things")
    return _part("Signed in", rx.cond(AdminPerson.sessions.length() > 0, rows, rx.el.p(why, class_name="sub")))


def _session(session: Entry) -> rx.Component:
    name = session["device"]
    return rx.el.li(
        kit.icon("monitor"),
        rx.el.div(
            rx.el.div(rx.el.b(name), rx.cond(session["is_current"], kit.chip("this one", tone="ok"), rx.fragment())),
            rx.el.div(
                "last seen ", rx.el.span(session["seen"], title=session["seen_full"]), " · signed in ",
                rx.el.span(session["since"], title=session["since_full"]), " · ", session["address"],
                class_name="sub",
            ),
            class_name="about",
        ),
        rx.cond(
            session["is_current"],
            rx.fragment(),
            kit.button("Sign out", on_click=AdminPerson.end(session["id"]), aria_label="Sign out " + name.to(str)),
        ),
        key=session["id"],
    )  # fmt: skip


def _verbs() -> rx.Component:
    """What can be done to the account; nothing to the own one, which has its page."""
    on_server = rx.fragment(
        rx.cond(
            P["is_server_admin"],
            _verb("Take server admin away", "unmake"),
            _verb("Make server admin", "make"),
        ),
        rx.cond(P["deactivated"], _verb("Reactivate", "reactivate"), _verb("Deactivate", "deactivate")),
    )
    verbs = rx.el.div(
        rx.cond(
            P["deactivated"],
            rx.fragment(),
            rx.fragment(_verb("Sign out everywhere", "sign out"), _verb("Link to another password", "reset")),
        ),
        rx.cond(P["on_server"], on_server, rx.fragment()),
        class_name="actions",
    )
    own = rx.el.p("This is you: ", kit.link("your account", to="/account", class_name="link"), ".", class_name="sub")
    not_yours = rx.el.p("What can be done to this account is for server admins.", class_name="sub")
    return _part("Account", rx.cond(P["is_me"], own, rx.cond(P["is_reached"], verbs, not_yours)))


def _verb(label: str, what: str) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="btn stop" if what in DANGERS else "btn",
        on_click=AdminPerson.ask(what),
    )


def _events() -> rx.Component:
    none = rx.el.p("Nothing yet.", class_name="sub")
    rows = rx.el.ul(rx.foreach(AdminPerson.events, _event), class_name="things")
    more = rx.el.div(
        kit.link("All they did", to=P["by_to"], class_name="btn"),
        kit.link("All about them", to=P["about_to"], class_name="btn"),
        class_name="actions",
    )
    return _part("Lately", rx.fragment(rx.cond(AdminPerson.events.length() > 0, rows, none), more))


def _event(event: Entry) -> rx.Component:
    """What was done, by whom, when; or refused."""
    denied = rx.cond(event["denied"] != "", kit.chip("refused: ", event["denied"], tone="stop"), rx.fragment())
    where = rx.cond(event["organization"] != "", rx.fragment(" · ", event["organization"]), rx.fragment())
    return rx.el.li(
        kit.icon("scroll-text"),
        rx.el.div(
            rx.el.div(rx.el.b(event["what"], title=event["name"]), denied),
            rx.el.div(event["actor"], where, " · ", rx.el.span(event["at"], title=event["at_full"]), class_name="sub"),
            class_name="about",
        ),
        key=event["id"],
    )


def _part(title: str, content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), content, class_name="part")


def _dialog() -> rx.Component:
    asked = AdminPerson.asking
    title = rx.match(asked, *[(what, said[0]) for what, said in QUESTIONS.items()], "")
    hint = rx.match(asked, *[(what, said[1]) for what, said in QUESTIONS.items()], "")
    forms = [
        (what, rx.el.form(
            kit.dialog_actions(said[2], AdminPerson.close, is_dangerous=what in DANGERS), on_submit=AdminPerson.confirm
        ))
        for what, said in QUESTIONS.items()
    ]  # fmt: skip
    link = rx.el.div(
        rx.el.label(
            "Link",
            rx.el.input(value=AdminPerson.link, read_only=True, id="field-link"),
            class_name="fld",
            html_for="field-link",
        ),
        rx.el.div(
            kit.button("Done", on_click=AdminPerson.close),
            kit.button("Copy link", primary=True, custom_attrs={"data-copy": AdminPerson.link}),
            class_name="actions",
        ),
    )
    return kit.dialog(
        rx.cond(AdminPerson.link, "The link is ready", title),
        rx.cond(AdminPerson.link, link, rx.match(asked, *forms, rx.fragment())),
        is_open=asked != "",
        on_open_change=AdminPerson.set_asking,
        hint=rx.cond(
            AdminPerson.link,
            "Copy it now and hand it over: it is not shown again. It works once, for four hours.",
            hint,
        ),
    )
