"""Organizations on the screen: the switcher, the links to the members, the forms of the ways in."""

import reflex as rx

from dfworx.organizations.state import HERE, Organizations
from dfworx.organizations.state_arriving import Arrival
from dfworx.ui import kit
from dfworx.ui.refused import Refused
from dfworx.ui.state import Shell

KEPT = {"data-kept": "true"}
Entry = rx.vars.ObjectVar[dict[str, str]]


def switcher() -> rx.Component:
    """Which organization this is, and the way to the others."""
    label = rx.fragment(
        rx.el.span(Organizations.initial, class_name="mark", aria_hidden="true"),
        rx.el.span(Organizations.name, class_name="label"),
        rx.el.span(class_name="grow"),
        kit.icon("chevrons-up-down"),
    )
    return kit.menu(
        label,
        rx.foreach(Organizations.others, _other),
        rx.cond(Organizations.others, rx.el.hr(), rx.fragment()),
        kit.link(kit.icon("users"), "Members and invitations", to=f"{Shell.home}/members", class_name="item"),
        kit.link(kit.icon("plus"), "New organization", to="/organizations/new", class_name="item"),
        class_name="org",
        aria_label="Organization: " + Organizations.name,
    )


def _other(organization: Entry) -> rx.Component:
    return kit.link(
        rx.el.span(organization["initial"], class_name="mark small", aria_hidden="true"),
        rx.el.span(organization["name"], class_name="label"),
        to=organization["href"],
        class_name="item",
    )


def members_link() -> rx.Component:
    """The members, in the sidebar."""
    return kit.link(
        kit.icon("users"),
        "Members",
        to=f"{Shell.home}/members",
        class_name="item",
        aria_current=rx.cond(Shell.place == HERE, "page", "false"),
    )


def talk_tab(route: str) -> rx.Component:
    """The phone's tab for channels and threads."""
    is_here = route == "/o/[organization]" or "/c/" in route or "/t/" in route
    return kit.tab("message-square", "Talk", Shell.home, is_here=is_here)


def members_tab(route: str) -> rx.Component:
    """The phone's tab for the members; outside of organizations there are none."""
    is_here = route.endswith("/members")
    return rx.cond(
        Shell.home == "/", rx.fragment(), kit.tab("users", "Members", f"{Shell.home}/members", is_here=is_here)
    )


def person_fields() -> rx.Component:
    """Name, e-mail address and password of somebody new."""
    return rx.fragment(
        kit.field("Your name", "name", required=True, max_length=80, auto_complete="name", auto_focus=True,
                  problem=Refused.at["name"], custom_attrs=KEPT),
        kit.field("E-mail address", "email", type="email", required=True, max_length=254, auto_complete="username",
                  spell_check=False, problem=Refused.at["email"], custom_attrs=KEPT),
        kit.secret_field("Password", "password", required=True, min_length=12, max_length=256,
                         auto_complete="new-password", hint="12 characters or more. A sentence is fine.",
                         problem=Refused.at["password"]),
    )  # fmt: skip


def name_field(name: str, label: str) -> rx.Component:
    """The name of an organization, with the address that follows from it."""
    hint = rx.cond(
        Arrival.slug, f"Your address will be /o/{Arrival.slug}", "Your team or company. It becomes your address."
    )
    return kit.field(
        label,
        name,
        required=True,
        max_length=80,
        auto_complete="organization",
        placeholder="Acme Robotics",
        hint=hint,
        problem=Refused.at[name],
        on_change=Arrival.hint.debounce(120),
        custom_attrs=KEPT,
    )


def setup_form() -> rx.Component:
    """The first account and its organization."""
    return kit.native_form(
        kit.refusal(Refused.text),
        person_fields(),
        name_field("organization", "Organization"),
        kit.submit("Create workspace"),
        action="/auth/setup",
    )


def register_form() -> rx.Component:
    """A new account, with the invitation that led here."""
    form = kit.native_form(
        kit.refusal(Refused.text),
        rx.el.input(type="hidden", name="invitation", value=Arrival.token, read_only=True),
        rx.el.input(type="hidden", name="next", value=Arrival.next, read_only=True),
        person_fields(),
        kit.submit("Create account"),
        action="/auth/register",
    )
    return rx.cond(Arrival.problem, rx.fragment(), form)


def join_choices() -> rx.Component:
    """What one can do with a valid invitation."""
    newcomer = rx.fragment(
        kit.link("Create an account", to=f"/register?invitation={Arrival.token}", class_name="btn pri wide"),
        rx.el.p(
            "You have an account? ",
            kit.link("Sign in", to=f"/sign-in?next=/join/{Arrival.token}", class_name="link"),
            " first.",
            class_name="foot",
        ),
    )
    person = rx.fragment(
        rx.el.button("Join ", Arrival.organization, type="button", class_name="btn pri wide", on_click=Arrival.accept),
        rx.el.p("You are signed in as ", rx.el.b(Arrival.person), ".", class_name="foot"),
    )
    return rx.cond(Arrival.is_person, person, newcomer)


def found_form() -> rx.Component:
    """Another organization."""
    return rx.el.form(
        name_field_of_new(),
        kit.submit("Create organization"),
        on_submit=Arrival.found,
    )


def name_field_of_new() -> rx.Component:
    """Its name; this form passes through a handler, so its refusals do, too."""
    hint = rx.cond(Arrival.slug, f"The address will be /o/{Arrival.slug}", "A team or company. It becomes the address.")
    return kit.field(
        "Name",
        "name",
        required=True,
        max_length=80,
        auto_complete="organization",
        auto_focus=True,
        placeholder="Acme Robotics",
        hint=hint,
        problem=Arrival.problem,
        on_change=Arrival.hint.debounce(120),
    )
