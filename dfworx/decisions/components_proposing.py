"""The dialogs that ask people: one makes a proposal, with its rule and what it supersedes; one asks more people."""

from typing import Any

import reflex as rx

from dfworx.decisions.state_proposing import ROLE, SWITCHES, Proposing
from dfworx.decisions.state_writing import Writing
from dfworx.ui import kit

BALLOTS = {"": "No", "score": "By score, 0 to 5", "ranked": "Ranked, the best first"}
ROLES = {"owner": "Owners", "admin": "Admins", "moderator": "Moderators", "member": "Members", "guest": "Guests"}
FEW = 8  # people, whom one finds without looking


def proposing() -> rx.Component:
    """The dialog."""
    unwritten = rx.el.div(
        rx.el.p("Write the outcome first, or choose an option: a proposal needs something that one can agree to."),
        rx.el.div(
            kit.button("Cancel", on_click=Proposing.close),
            kit.button("Write it down", primary=True, on_click=[Proposing.close, Writing.begin]),
            class_name="actions",
        ),
    )
    return kit.dialog(
        "Propose it",
        rx.cond(Proposing.unwritten, unwritten, _form()),
        is_open=Proposing.is_open,
        on_open_change=Proposing.set_open,
        hint="It gets its number, and people are asked for a position. Another text later asks them anew.",
    )


def asking_more_button() -> rx.Component:
    """Opens the dialog."""
    return rx.el.button("Ask more people …", type="button", class_name="link small", on_click=Proposing.ask_more)


def asking_more() -> rx.Component:
    """The dialog that asks more people, while it is open."""
    return kit.dialog(
        "Ask more people",
        rx.el.form(
            rx.el.div(_asked(), class_name="long-form"),
            kit.refusal(Proposing.problem),
            kit.dialog_actions("Ask them", Proposing.close),
            on_submit=Proposing.ask_them,
        ),
        is_open=Proposing.is_asking_more,
        on_open_change=Proposing.set_open,
        hint="They are asked as the others were. The quorum stays as it is, and a final comment goes on.",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.div(
            _asked(),
            _rules(),
            rx.el.div(_decider(), _hours(), class_name="pair"),
            *[_switch(name, label) for name, label in SWITCHES.items()],
            _ballot(),
            kit.field(
                "Supersedes",
                "supersedes",
                hint="Numbers of records in force whose place it takes, such as DEC-17.",
                auto_complete="off",
                max_length=200,
                default_value=Proposing.supersedes,
            ),
            class_name="long-form",
        ),
        kit.refusal(Proposing.problem),
        kit.dialog_actions("Propose", Proposing.close),
        on_submit=Proposing.propose,
    )


def _asked() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("Who is asked"),
        rx.cond(
            Proposing.people.length() > FEW,
            rx.el.input(
                type="search", placeholder="Find somebody", aria_label="Find somebody", class_name="sift",
                on_change=Proposing.seek.debounce(100), auto_complete="off",
            ),
            rx.fragment(),
        ),
        rx.cond(
            Proposing.people.length() > 0,
            rx.el.div(rx.foreach(Proposing.people, _person), class_name="asked", role="group", aria_label="Members",
                      tab_index=0),
            rx.el.p("Every member is asked already.", class_name="sub"),
        ),
        rx.el.div(
            *[
                rx.el.label(rx.el.input(type="checkbox", name=f"{ROLE}{role}", on_change=_picks(f"{ROLE}{role}")),
                            label, class_name="check")
                for role, label in ROLES.items()
            ],
            class_name="by-role", role="group", aria_label="Everybody who is",
        ),
        rx.el.select(
            rx.el.option("… or the members of a channel", value=""),
            rx.foreach(Proposing.channels, lambda each: rx.el.option("members of " + each["name"], value=each["id"])),
            name="channel", aria_label="The members of a channel", on_change=Proposing.pick_channel,
        ),
        rx.el.small(Proposing.asks, role="status"),
        class_name="fld",
    )  # fmt: skip


def _picks(name: Any) -> Any:
    return lambda is_on: Proposing.pick(name, is_on)


def _person(person: Any) -> rx.Component:
    is_found = person["lower"].contains(Proposing.sought)
    return rx.el.label(
        rx.el.input(type="checkbox", name=person["field"], on_change=_picks(person["field"])),
        kit.avatar(person["initials"], person["hue"], small=True),
        person["name"],
        class_name=rx.cond(is_found, "check", "check away"),
        key=person["id"],
    )


def _rules() -> rx.Component:
    """The templates of the organization; the chosen one fills in what is below."""
    return rx.el.fieldset(
        rx.el.legend("How it is decided"), rx.foreach(Proposing.templates, _template), class_name="fld rules"
    )


def _template(template: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="template",
            value=template["id"],
            default_checked=template["id"] == Proposing.template["id"],
            on_change=Proposing.choose(template["id"]),
        ),
        rx.el.span(rx.el.b(template["name"]), rx.el.small(template["explanation"])),
        class_name="choose",
        key=template["id"],
    )


def _decider() -> rx.Component:
    return rx.el.label(
        "Decider",
        rx.el.select(
            rx.foreach(Proposing.deciders, lambda each: rx.el.option(each["name"], value=each["id"])),
            name="decider",
            id="field-decider",
            default_value=Proposing.decider,
        ),
        rx.el.small("Resolves concerns, rejects, deprecates."),
        class_name="fld",
        html_for="field-decider",
    )


def _hours() -> rx.Component:
    hours = Proposing.template["comment_hours"]
    return kit.field(
        "Final comment, hours", "hours", hint="0 ends it at once.", type="number", min=0, max=1440,
        default_value=hours, required=True, key="hours " + Proposing.template["id"].to(str),
    )  # fmt: skip


def _switch(name: str, label: str) -> rx.Component:
    is_on = Proposing.template[name] == "yes"
    return rx.el.label(
        rx.el.input(
            type="checkbox", name=name, default_checked=is_on, key=f"{name} " + Proposing.template["id"].to(str)
        ),
        label,
        class_name="check",
    )


def _ballot() -> rx.Component:
    return rx.el.label(
        "Compare the options",
        rx.el.select(
            *[rx.el.option(label, value=value) for value, label in BALLOTS.items()], name="ballot", id="field-ballot"
        ),
        rx.el.small("Beside the positions; it decides nothing by itself."),
        class_name="fld",
        html_for="field-ballot",
    )
