"""The inbox, the register of decisions, and the page of one."""

import reflex as rx

from dfworx.decisions.components_dialogs import dialogs
from dfworx.decisions.components_drafting import new_decision, new_decision_dialog
from dfworx.decisions.components_inbox import inbox
from dfworx.decisions.components_record import record
from dfworx.decisions.components_register import register
from dfworx.decisions.components_templates import templates
from dfworx.decisions.components_writing import writing
from dfworx.decisions.state import Register
from dfworx.decisions.state_drafting import Drafting
from dfworx.decisions.state_inbox import Waiting
from dfworx.decisions.state_record import Record
from dfworx.decisions.state_tags import DecisionTags
from dfworx.decisions.state_writing import Writing
from dfworx.ui import kit
from dfworx.ui.admin import admin_page
from dfworx.ui.page import page
from dfworx.ui.picker import picker
from dfworx.ui.state import Shell
from dfworx.ui.tags import manage_tags


@page("/o/[organization]/inbox", title="Inbox · DFWorX", on_load=(Waiting.load,))
def inbox_page() -> rx.Component:
    """What waits for one."""
    head = rx.el.header(kit.back(Shell.home, "Back to the channels"), rx.el.h1("Inbox"), class_name="head")
    return rx.fragment(head, inbox())


@page("/o/[organization]/decisions", title="Decisions · DFWorX", on_load=(Register.load, Drafting.arrive))
def register_page() -> rx.Component:
    """The register."""
    return rx.fragment(
        rx.el.header(
            kit.back(Shell.home, "Back to the channels"),
            rx.el.h1("Decisions"),
            rx.el.span(class_name="grow"),
            new_decision(),
            class_name="head",
        ),
        register(),
    )


@page(
    "/o/[organization]/d/[decision]", title=Record.page_title, on_load=(Record.visit, Writing.arrive, Drafting.arrive)
)
def record_page() -> rx.Component:
    """A record, or the form in its place."""
    tags = picker("Tags", DecisionTags.flip, manage_tags())
    return rx.fragment(
        rx.cond(Writing.is_open, writing(), rx.fragment(record(), tags)), dialogs(), new_decision_dialog()
    )


@page("/o/[organization]/decisions/[number]", title="Decisions · DFWorX", on_load=(Register.find,))
def numbered_page() -> rx.Component:
    """The address of a number leads to its record."""
    return kit.bones([30, 80, 60, 96, 92, 88], gap=18)


@admin_page("templates")
def templates_page() -> rx.Component:
    """By which rules the organization usually decides."""
    return templates()
