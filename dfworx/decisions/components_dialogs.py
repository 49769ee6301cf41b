"""The dialogs of a record: a position with a reason, a concern, how something ends, the history."""

from typing import Any

import reflex as rx

from dfworx.decisions.components_changes import changes
from dfworx.decisions.components_comparing import comparing
from dfworx.decisions.components_discussing import replying
from dfworx.decisions.components_proposing import asking_more, proposing
from dfworx.decisions.state_record import Record
from dfworx.ui import kit

STANDS = {"agree": "Agree", "abstain": "Abstain", "disagree": "Disagree"}


def dialogs() -> rx.Component:
    """All of them; each is open when its state says so."""
    own = (_explaining(), _concern(), _ending(), _history(), _confirming())
    return rx.fragment(*own, replying(), proposing(), asking_more(), comparing(), changes())


def _prose(label: str, name: str, *, hint: str = "", problem: Any = "", **props: Any) -> rx.Component:
    """A labelled text of several lines."""
    return rx.el.label(
        label,
        rx.el.textarea(name=name, id=f"field-{name}", rows=4, **props),
        rx.cond(problem, rx.el.small(problem, class_name="bad", role="alert"), rx.el.small(hint)),
        class_name="fld",
        html_for=f"field-{name}",
    )


def _explaining() -> rx.Component:
    stands = [
        rx.el.label(
            rx.el.input(type="radio", name="stand", value=value, default_checked=Record.stand == value),
            label,
            class_name="check",
        )
        for value, label in STANDS.items()
    ]
    return kit.dialog(
        "Where do you stand?",
        rx.el.form(
            rx.el.fieldset(rx.el.legend("Your position", class_name="sr-only"), *stands, class_name="radios"),
            _prose(
                "Reason",
                "reason",
                hint="Markdown. Needed when you disagree. It stays on the record.",
                problem=Record.problem,
                max_length=4000,
                auto_focus=True,
            ),
            kit.dialog_actions("Put it on the record", Record.close),
            on_submit=Record.explain,
        ),
        is_open=Record.stand != "",
        on_open_change=Record.set_open,
        hint="On the text as it is now. You can say something else at any time; what you said before stays as history.",
    )


def _concern() -> rx.Component:
    return kit.dialog(
        "Raise a concern",
        rx.el.form(
            kit.field(
                "What has to be settled first?",
                "title",
                hint="Markdown, on one line.",
                required=True,
                max_length=200,
                auto_focus=True,
                auto_complete="off",
                problem=Record.problem,
            ),
            _prose("Details", "source", hint="Markdown. What would settle it?", max_length=20_000),
            kit.dialog_actions("Raise it", Record.close),
            on_submit=Record.raise_concern,
        ),
        is_open=Record.is_concerned,
        on_open_change=Record.set_open,
        hint="Nothing is accepted while a concern is open. You can withdraw it, the decider can resolve it.",
    )


def _ending() -> rx.Component:
    buttons = rx.el.div(
        kit.button("Cancel", on_click=Record.close),
        rx.el.button(Record.words[2], type="submit", class_name=rx.cond(Record.is_final, "btn stop", "btn pri")),
        class_name="actions",
    )
    return kit.dialog(
        Record.words[0],
        rx.el.form(
            _prose(
                "Reason",
                "reason",
                hint="Markdown.",
                required=True,
                max_length=4000,
                auto_focus=True,
                problem=Record.problem,
            ),
            buttons,
            on_submit=Record.end,
        ),
        is_open=Record.ending != "",
        on_open_change=Record.set_open,
        hint=Record.words[1],
    )


def _history() -> rx.Component:
    def revision(each: Any) -> rx.Component:
        return rx.el.section(
            rx.el.p(
                rx.el.b("Version ", each["version"]),
                " · ",
                each["who"],
                " · ",
                each["at"],
                rx.cond(
                    each["latest"],
                    rx.el.button(
                        "Restore this text",
                        type="button",
                        class_name="link",
                        on_click=Record.restore(each["version"], each["latest"]),
                    ),
                    rx.fragment(),
                ),
                class_name="sub titled",
            ),
            rx.cond(each["note"], rx.el.p("Corrected: ", each["note"]), rx.fragment()),
            rx.cond(
                each["is_first"],
                rx.html(each["changes"], class_name="changes first"),
                rx.html(each["changes"], class_name="changes"),
            ),
        )

    return kit.dialog(
        "History of the text",
        rx.el.div(rx.foreach(Record.revisions, revision), class_name="history", tab_index=0, role="region",
                  aria_label="Versions"),
        rx.el.div(kit.button("Close", on_click=Record.close), class_name="actions"),
        is_open=Record.is_looking_back,
        on_open_change=Record.set_open,
        hint="The newest first, each with what it changed.",
    )  # fmt: skip


def _confirming() -> rx.Component:
    date = kit.field(
        "Look at it again on", "review_on", hint="Empty: no review is due any more.", type="date",
        problem=Record.problem, default_value=Record.review_on,
    )  # fmt: skip
    return kit.dialog(
        "It still holds",
        rx.el.form(
            rx.cond(Record.is_dated, date, kit.refusal(Record.problem)),
            kit.dialog_actions("Confirm", Record.close),
            on_submit=Record.confirm,
        ),
        is_open=Record.is_confirming,
        on_open_change=Record.set_open,
        hint="You have looked at it, and at what it rests on.",
    )
