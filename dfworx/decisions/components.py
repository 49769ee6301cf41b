"""The register on the screen: its chips, its rows, the dialog that begins a decision."""

from typing import Any

import reflex as rx

from dfworx.decisions.components_ledger import ledger_line
from dfworx.decisions.components_past import day_field, past, timeline
from dfworx.decisions.components_similar import already_decided, considering
from dfworx.decisions.state import Register
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell
from dfworx.ui.tags import tag_chips

Item = rx.vars.ObjectVar[dict[str, Any]]
CHIPS = {
    "waiting": "Needs me",
    "open": "Open",
    "in-force": "In force",
    "due": "Review due",
    "drafts": "Drafts",
    "": "All",
    "timeline": "Timeline",
}
NOTHING = {  # what an empty list says
    "waiting": ("Nothing waits for you", "Proposals that ask for your position stand here until you have said it."),
    "open": ("Nothing is open", "Proposals and what is in its final comment stand here."),
    "in-force": ("Nothing is in force yet", "A proposal is accepted when enough agree and its final comment is over."),
    "due": ("No review is due", "What holds and was to be looked at again by now stands here."),
    "drafts": ("No drafts", "A draft has no number and asks nobody. Propose it when it says what is to be decided."),
    "": ("No decisions yet", "A decision says what was decided, why, by whom and against which doubts. Begin one."),
}


def status_chip(item: Item, concerns: rx.Var[int]) -> rx.Component:
    """Where a decision stands, in its color."""
    many = rx.cond(concerns == 1, "1 concern", concerns.to_string() + " concerns")
    proposed = rx.cond(concerns > 0, kit.chip("on hold · ", many, tone="stop"), kit.chip("proposed", tone="acc"))
    ending = rx.el.span(
        "final comment · ",
        item["comment_ends_left"].to(str),
        class_name="chip wait",
        title="until " + item["comment_ends_full"].to(str),
    )
    return rx.match(
        item["status"].to(str),
        ("draft", kit.chip("draft")),
        ("proposed", proposed),
        ("final_comment", ending),
        ("accepted", kit.chip("accepted", tone="ok")),
        ("rejected", kit.chip("rejected", tone="stop")),
        kit.chip(item["status"].to(str)),
    )


def decision_row(item: Item, to: Any = None) -> rx.Component:
    """One decision: number, title, tags, state, positions, decider, review; it leads to its page, or elsewhere."""
    waits = item["is_asked"].to(bool) & ~item["has_answered"].to(bool)
    is_open = (item["status"].to(str) == "proposed") | (item["status"].to(str) == "final_comment")
    return kit.link(
        rx.el.span(rx.cond(item["ref"].to(str), item["ref"].to(str), "—"), class_name="no"),
        rx.el.span(rx.el.span(item["title"].to(str), class_name="title"), tag_chips(item), class_name="what"),
        rx.el.span(
            status_chip(item, item["concerns"].to(int)),
            rx.cond(waits & is_open, kit.chip("needs you", tone="acc"), rx.fragment()),
            class_name="states",
        ),
        answers(item),
        rx.el.span(item["decider"].to(str), class_name="decider"),
        rx.el.span(review(item), class_name="review"),
        to=item["href"].to(str) if to is None else to,
        class_name="row decision",
        role="listitem",
    )


def answers(item: Item) -> rx.Component:
    """How many of those who are asked have said where they stand on the text as it is."""
    asked, answered = item["asked"].to(int), item["answered"].to(int)
    said = answered.to_string() + " of " + asked.to_string()
    full = rx.el.span(said, class_name="positions", title=said + " have said where they stand")
    return rx.cond(asked > 0, full, rx.el.span("—", class_name="positions"))


def review(item: Item) -> rx.Component:
    """When somebody should ask whether it still holds, or for how long that is overdue."""
    day = item["review_day"].to(str)
    overdue = rx.el.span("overdue ", item["review_late"].to(str), class_name="overdue", title=day)
    shown = rx.cond(item["review_late"].to(str), overdue, rx.el.span(day))
    return rx.cond(day, shown, rx.el.span("—"))


def register() -> rx.Component:
    """The chips, the field, the rows."""
    shown, is_past = Register.shown, Register.as_of != ""
    chips = [
        kit.link(
            label,
            to="?" if not name else f"?show={name}",
            replace=True,
            class_name="pick",
            aria_current=rx.cond(shown == name, "true", "false"),
        )
        for name, label in CHIPS.items()
    ]
    field = rx.el.input(
        type="search",
        placeholder="Filter by title",
        aria_label="Filter decisions by title",
        class_name="sift",
        max_length=200,
        auto_complete="off",
        default_value=Register.sought,
        key=shown,
        on_change=Register.seek.debounce(150),
    )
    head = rx.el.div(
        *[rx.el.span(label) for label in ("No.", "Decision", "State", "Positions", "Decider", "Review")],
        class_name="row decision heads",
        aria_hidden="true",
    )
    rows = live_list(
        "/api/v1/organizations/{organization}/decisions" + Register.query,
        "decisions",
        decision_row,
        keep="id",  # who is asked and what blocks differs from reader to reader: only the server knows
        href="/o/{organization}/d/{id}",
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
        rx.el.nav(*chips, class_name="picks", aria_label="Which decisions"),
        rx.cond((shown == "waiting") | (shown == "due") | (shown == "timeline") | is_past, rx.fragment(), field),
        rx.cond((shown == "") | is_past, day_field(), rx.fragment()),
        class_name="register-head",
    )
    today = rx.cond(shown == "timeline", timeline(), rx.fragment(head, rows))
    return rx.fragment(filters, rx.cond(is_past, past(), rx.fragment(today, ledger_line())), new_decision_dialog())


def _nothing() -> rx.Component:
    begin = rx.cond(Shell.may["draft_decision"], kit.button("New decision", on_click=Register.ask), rx.fragment())
    cases = [(name, kit.empty(*words)) for name, words in NOTHING.items() if name]
    none = rx.match(Register.shown, *cases, kit.empty(*NOTHING[""], begin))
    called = kit.empty("No decision is called that", "Parts of words in any order are enough.")
    return rx.cond(Register.sought.strip() != "", called, none)


def new_decision() -> rx.Component:
    """The button that begins one."""
    verb = kit.button("New decision", primary=True, on_click=Register.ask, custom_attrs={"data-verb": "new-decision"})
    return rx.cond(Shell.may["draft_decision"], verb, rx.fragment())


def new_decision_dialog() -> rx.Component:
    """Asks for a title and a channel."""
    channel = rx.el.label(
        "Channel",
        rx.el.select(
            rx.foreach(Register.choices, lambda choice: rx.el.option(choice["name"], value=choice["id"])),
            name="channel",
            id="field-decision-channel",
            required=True,
        ),
        rx.el.small("Whoever sees the channel sees the decision. Its conversation is a thread there."),
        class_name="fld",
        html_for="field-decision-channel",
    )
    return kit.dialog(
        "New decision",
        rx.el.form(
            kit.field(
                "Title",
                "title",
                hint="What is to be decided, as a sentence: “Retry with capped backoff”.",
                required=True,
                max_length=200,
                auto_focus=True,
                auto_complete="off",
                problem=Register.problem,
                on_change=considering,
            ),
            already_decided(),
            channel,
            kit.dialog_actions("Begin a draft", Register.close),
            on_submit=Register.draft,
        ),
        is_open=Register.is_asking,
        on_open_change=Register.set_asking,
        hint="It begins as a draft: nobody is asked before you propose it.",
    )
