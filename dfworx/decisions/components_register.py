"""The register on the screen: its parts, what narrows it, its rows."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import decision_row
from dfworx.decisions.components_drafting import new_decision_dialog
from dfworx.decisions.components_ledger import ledger_line
from dfworx.decisions.components_past import day_field, heads, past, timeline, unfit
from dfworx.decisions.state import Register
from dfworx.decisions.state_drafting import Drafting
from dfworx.decisions.validators import COUNTED
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.picker import chosen_chip, opener, picker
from dfworx.ui.state import Shell
from dfworx.ui.tags import manage_tags

NONE = rx.fragment
FIELDS = "narrowing"
CHIPS = {
    "waiting": "Needs me",
    "open": "Open",
    "in-force": "In force",
    "due": "Review due",
    "stale": "Stale",
    "drafts": "Drafts",
    "": "All",
    "timeline": "Timeline",
}
NOTHING = {  # what an empty list says
    "waiting": ("Nothing waits for you", "Proposals that ask for your position stand here until you have said it."),
    "open": ("Nothing is open", "Proposals and what is in its final comment stand here."),
    "in-force": ("Nothing is in force yet", "A proposal is accepted when enough agree and its final comment is over."),
    "due": ("No review is due", "What holds and was to be looked at again by now stands here."),
    "stale": ("Nothing is stale", "What rests on a record that holds no more stands here until somebody confirms it."),
    "drafts": ("No drafts", "A draft has no number and asks nobody. Propose it when it says what is to be decided."),
    "": ("No decisions yet", "A decision says what was decided, why, by whom and against which doubts."),
}


def register() -> rx.Component:
    """The chips, the fields, the rows."""
    shown, is_past = Register.shown, Register.as_of != ""
    rows = live_list(
        "/api/v1/organizations/{organization}/decisions" + Register.query,
        "decisions",
        decision_row,
        keep="id",  # who is asked and what blocks differs from reader to reader: only the server knows
        href="/o/{organization}/d/{address}",
        order=["-created_at"],
        epoch=Shell.epoch,
        me=Shell.membership_id,
        label="Decisions",
        class_name="rows lines decisions",
        skeleton=kit.bones([92, 84, 90, 78, 88, 82], gap=26),
        empty=_nothing(),
        problem=kit.problem("The register cannot be shown.", "Please load the page again in a moment."),
    )
    filters = rx.el.div(
        _chips(is_past),
        rx.cond(is_past, NONE(), _field()),
        rx.cond((shown == "") | is_past, day_field(), NONE()),
        class_name="register-head",
    )
    tags = picker("Filter by tags", Register.flip, manage_tags())
    head = heads("No.", "Decision", "State", "Positions", "Decider", "Review")
    fitting = rx.cond(shown == "timeline", timeline(), rx.fragment(head, rows))
    today = rx.fragment(_narrowing(), fitting, tags, ledger_line())
    return rx.fragment(filters, rx.cond(is_past, past(), today), new_decision_dialog())


def _chips(is_past: rx.Var[bool]) -> rx.Component:
    """The parts, each with how many decisions one finds there; of a day that has passed nothing is counted.

    Each chosen one is a step in the browser's history; what is typed is none.
    """

    def chips(counts: rx.vars.ObjectVar[dict[str, int]]) -> rx.Component:
        many = {part: rx.el.span(counts[name], class_name="many") for part, name in COUNTED.items()}
        links = [
            kit.link(
                f"{label} ",  # read out, a number is a word of its own
                rx.cond(is_past, NONE(), many.get(name, NONE())),
                to=f"?show={name}" + Register.rest,
                replace=(Register.shown == name) & ~is_past,
                class_name="pick",
                aria_current=rx.cond((Register.shown == name) & ~is_past, "true", "false"),
            )
            for name, label in CHIPS.items()
        ]
        return rx.el.nav(*links, class_name="picks", aria_label="Which decisions")

    counted = "/api/v1/organizations/{organization}/decisions/counts" + Register.narrowing
    return live_list(
        rx.cond(is_past, "", counted), "decisions", chips, kind="figures", keep="all", patience=1500, epoch=Shell.epoch
    )


def _field() -> rx.Component:
    field = rx.el.input(
        type="search",
        placeholder="Title or number",
        aria_label="Filter decisions by title or number",
        class_name="sift",
        max_length=200,
        auto_complete="off",
        default_value=Register.sought,
        key=Register.turn,
        on_change=lambda text: Register.seek(text, Register.turn).debounce(150),
    )
    more = rx.el.button(
        kit.icon("list-filter"),
        "Filter",
        type="button",
        class_name="btn",
        on_click=Register.show_narrowing,
        aria_expanded=Register.is_narrowing,
        aria_controls=FIELDS,
        custom_attrs={"data-verb": "filter"},
    )
    return rx.el.span(field, more, class_name="seeking")


def _narrowing() -> rx.Component:
    """What the register can be narrowed to, and what it is."""
    fields = rx.el.div(
        opener("tag", "Tags", on_click=Register.ask_tags),
        _choice("person", "Person", "Anybody", Register.people),
        _choice("channel", "Channel", "Any channel", Register.places),
        rx.el.input(
            placeholder="A path, such as src/app.py",
            aria_label="Governs this path",
            class_name="sift code",
            max_length=300,
            auto_complete="off",
            spell_check=False,
            default_value=Register.narrowed["path"],
            key=Register.turn,
            on_change=lambda value: Register.narrow("path", value).debounce(400),
        ),
        _day("since", "From"),
        _day("until", "To"),
        rx.cond(Register.shown == "", day_field("on-phone"), NONE()),  # where the head has no room for it
        id=FIELDS,
        class_name="sieve",
        role="group",
        aria_label="Filter by",
    )
    chosen = rx.el.div(
        rx.foreach(Register.chosen, lambda one: chosen_chip(one, one["name"], Register.widen(one["id"]))),
        rx.el.button("Clear", type="button", class_name="link small", on_click=Register.clear),
        class_name="sieve",
    )
    return rx.fragment(
        rx.cond(Register.is_narrowing, fields, NONE()), rx.cond(Register.chosen.length() > 0, chosen, NONE())
    )


def _choice(name: str, label: str, any_: str, choices: Any) -> rx.Component:
    return rx.el.select(
        rx.el.option(any_, value=""),
        rx.foreach(choices, lambda one: rx.el.option(one["name"], value=one["id"])),
        value=Register.narrowed[name],
        on_change=lambda value: Register.narrow(name, value),
        class_name="small",
        aria_label=label,
    )


def _day(name: str, label: str) -> rx.Component:
    return rx.el.label(
        label,
        rx.el.input(
            type="date",
            default_value=Register.narrowed[name],
            key=Register.narrowed[name],
            on_change=lambda value: Register.narrow(name, value),
            class_name="sift",
        ),
        class_name="as-of",
    )


def _nothing() -> rx.Component:
    title, words = NOTHING[""]
    may_begin = Shell.may["draft_decision"]
    begin = rx.cond(may_begin, kit.button("New decision", on_click=Drafting.ask), NONE())
    more = rx.cond(may_begin, " Begin one.", " Those in your channels stand here.")
    cases = [(name, kit.empty(*words)) for name, words in NOTHING.items() if name]
    none = rx.match(Register.shown, *cases, kit.empty(title, rx.fragment(words, more), begin))
    return rx.cond(Register.is_narrowed, unfit(), none)
