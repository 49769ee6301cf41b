"""The audit in a table: when, who, what, about what; what was refused stands out."""

import reflex as rx

from dfworx.admin.state_audit import AdminAudit, label_of
from dfworx.audit import service as audit
from dfworx.ui import kit
from dfworx.ui.table import Column, Entry, choice, table

CHOSEN = (("user_id", "One person"), ("about", "One thing"), ("organization_id", "One organization"))


def audit_table(*, on_server: bool) -> rx.Component:
    """What happened, the newest first."""
    where = [Column("Where", lambda event: _link(event, "organization"))] if on_server else []
    return rx.fragment(
        table(
            AdminAudit,
            [
                Column("When", _when, "num"),
                Column("Who", lambda event: _link(event, "actor")),
                Column("What", _what),
                Column("About", _about),
                *where,
                Column("Details", _details),
            ],
            label="Audit",
            empty=("Nothing has happened yet", "What people do, and what they are refused, is kept here."),
            filters=_filters(),
        ),
    )


def _filters() -> rx.Component:
    verbs = [(name, label_of(name)) for name in audit.verbs()]
    return rx.fragment(
        choice(AdminAudit, "Whatever was done", "name", sorted(verbs, key=lambda verb: verb[1])),
        choice(AdminAudit, "Done or refused", "outcome", (("denied", "Refused"),)),
        _day("since", "From"),
        _day("until", "Until"),
        *[_chosen(name, label) for name, label in CHOSEN],
        rx.el.span(class_name="grow"),
        rx.el.a("CSV", href=AdminAudit.copy + "csv", download="audit.csv", class_name="btn"),
        rx.el.a("JSON lines", href=AdminAudit.copy + "jsonl", download="audit.jsonl", class_name="btn"),
    )


def _day(name: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="sub"),
        rx.el.input(
            type="date",
            default_value=AdminAudit.asked.get(name, ""),
            on_change=lambda value: AdminAudit.narrow(name, value),
            class_name="sift day",
        ),
        class_name="dayed",
    )


def _chosen(name: str, label: str) -> rx.Component:
    """A filter that was taken from a row, and the way back from it."""
    button = rx.el.button(
        label, kit.icon("x"), type="button", class_name="btn", on_click=AdminAudit.narrow(name, ""),
        aria_label=f"{label}: show all again",
    )  # fmt: skip
    return rx.cond(AdminAudit.asked.get(name, "") != "", button, rx.fragment())


def _when(event: Entry) -> rx.Component:
    return rx.el.span(event["at"], title=event["at_full"])


def _link(event: Entry, name: str) -> rx.Component:
    to = event[f"{name}_to"]
    return rx.cond(to != "", kit.link(event[name], to=to, replace=True), rx.el.span(event[name]))


def _what(event: Entry) -> rx.Component:
    return rx.el.span(
        kit.link(event["what"], to=event["what_to"], title=event["name"], class_name="name", replace=True),
        rx.cond(event["denied"] != "", kit.chip("refused: ", event["denied"], tone="stop"), rx.fragment()),
    )


def _about(event: Entry) -> rx.Component:
    link = kit.link(event["about"], to=event["about_to"], title=event["about_full"], class_name="mono", replace=True)
    return rx.cond(event["about"] != "", link, rx.fragment())


def _details(event: Entry) -> rx.Component:
    opened = rx.el.details(rx.el.summary("Show"), rx.el.pre(event["details"]), class_name="facts")
    return rx.cond(event["details"] != "", opened, rx.fragment())
