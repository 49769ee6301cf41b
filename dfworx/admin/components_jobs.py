"""The queue in a table, with why something failed."""

import reflex as rx

from dfworx.admin.state_jobs import AdminJobs
from dfworx.ui import kit
from dfworx.ui.table import Column, Entry, choice, table

STATES = (("failed", "Dead"), ("todo", "Waiting"), ("doing", "Being done"), ("succeeded", "Done"))


def jobs_table() -> rx.Component:
    """How much waits, then the jobs, the newest first."""
    return rx.fragment(
        rx.el.dl(
            tile("Waiting", AdminJobs.queue["waiting"]),
            tile("Being done", AdminJobs.queue["doing"]),
            tile("Dead", AdminJobs.queue["dead"], "kept until somebody decides"),
            tile("Outbox", AdminJobs.queue["outbox"], AdminJobs.queue["oldest"]),
            class_name="tiles",
        ),
        table(
            AdminJobs,
            [
                Column("Job", _name),
                Column("State", _state),
                Column("Tried", lambda job: job["attempts"], "num"),
                Column("Last", lambda job: rx.el.span(job["at"], title=job["at_full"]), "num"),
                Column("", _verbs, "end"),
            ],
            label="Jobs",
            empty=("There are no jobs", "What is done after an answer, such as mail, stands here for a week."),
            filters=choice(AdminJobs, "Any state", "status", STATES),
        ),
        _asking(),
    )


def tile(label: str, value: str | rx.Var[str], hint: str | rx.Var[str] = "") -> rx.Component:
    """A figure with its name."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value, rx.el.small(hint)), class_name="tile")


def _name(job: Entry) -> rx.Component:
    return rx.el.div(
        rx.el.span(job["name"], class_name="name mono"),
        rx.cond(job["error"] != "", rx.el.div(job["error"], class_name="why"), rx.fragment()),
        rx.cond(job["request"] != "", rx.el.div("request ", job["request"], class_name="sub mono"), rx.fragment()),
    )


def _state(job: Entry) -> rx.Component:
    return rx.cond(job["state"] == "failed", kit.chip(job["status"], tone="stop"), rx.el.span(job["status"]))


def _verbs(job: Entry) -> rx.Component:
    retry = kit.button("Retry", on_click=AdminJobs.retry(job["id"]))
    discard = kit.button("Discard", on_click=AdminJobs.ask_discard(job["id"], job["name"]))
    can_go = (job["state"] == "failed") | (job["state"] == "todo")
    return rx.el.span(
        rx.cond(job["state"] == "failed", retry, rx.fragment()),
        rx.cond(can_go, discard, rx.fragment()),
        class_name="verbs",
    )


def _asking() -> rx.Component:
    return kit.dialog(
        f"Discard {AdminJobs.name}?",
        rx.el.form(kit.dialog_actions("Discard", AdminJobs.close, is_dangerous=True), on_submit=AdminJobs.discard),
        is_open=AdminJobs.discarding != "",
        on_open_change=AdminJobs.set_open,
        hint="It will not be done, and nobody is told. The audit keeps that you did this.",
    )
