"""Settings in two lists: those that can be changed here, and those that only the environment changes."""

import reflex as rx

from dfworx.admin.state_settings import AdminSettings
from dfworx.ui import kit
from dfworx.ui.table import Entry


def settings_lists() -> rx.Component:
    """All settings."""
    shown = rx.fragment(
        rx.el.section(
            rx.el.h2("While the server runs"),
            rx.el.p("A change holds in every process within seconds, and is in the audit.", class_name="sub"),
            rx.el.div(rx.foreach(AdminSettings.changeable, _changeable), class_name="options"),
        ),
        rx.el.section(
            rx.el.h2("By the environment"),
            rx.el.p("Set the variable and start the server anew. Secrets are not shown.", class_name="sub"),
            rx.el.div(rx.foreach(AdminSettings.fast, _fast), class_name="options"),
        ),
    )
    return rx.cond(AdminSettings.is_loaded, shown, kit.bones([96, 90, 94, 88, 92], gap=26))


def _changeable(setting: Entry) -> rx.Component:
    problem = rx.cond(AdminSettings.wrong == setting["name"], AdminSettings.problem, "")
    reset = kit.button("Reset", on_click=AdminSettings.reset_setting(setting["name"]))
    form = rx.el.form(
        rx.el.input(type="hidden", name="setting", value=setting["name"]),  # a form of a row cannot name its row
        rx.el.div(
            _field(setting),
            rx.el.button("Save", type="submit", class_name="btn"),
            rx.cond(setting["source"] == "changed", reset, rx.fragment()),
            class_name="edit",
        ),
        rx.cond(problem != "", rx.el.small(problem, class_name="bad", role="alert"), rx.fragment()),
        on_submit=AdminSettings.save,
        key=setting["key"],
    )
    return rx.el.div(_said(setting), form, class_name="option", key=setting["name"])


def _field(setting: Entry) -> rx.Component:
    common = {"name": "value", "default_value": setting["value"], "aria_label": setting["variable"]}
    return rx.cond(
        setting["choices"] != "",
        rx.el.select(
            rx.foreach(setting["choices"].split(","), lambda choice: rx.el.option(choice, value=choice)),
            class_name="small", **common,
        ),
        rx.el.input(max_length=200, auto_complete="off", class_name="sift", **common),
    )  # fmt: skip


def _fast(setting: Entry) -> rx.Component:
    value = rx.cond(setting["value"] != "", setting["value"], "empty")
    return rx.el.div(_said(setting), rx.el.code(value), class_name="option", key=setting["name"])


def _said(setting: Entry) -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.el.b(setting["variable"], class_name="mono"), kit.chip(setting["from"]), class_name="title"),
        rx.el.div(setting["description"], class_name="sub"),
    )
