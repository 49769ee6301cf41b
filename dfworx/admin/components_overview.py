"""Overviews: what needs somebody, each with what to do; then charts."""

import reflex as rx

from dfworx.admin.state_health import AdminHealth
from dfworx.admin.state_overview import AdminOverview, OrganizationOverview
from dfworx.ui import kit
from dfworx.ui.table import Entry

WELL = "Nothing. Everything that was looked at is well."
SPANS = (("hour", "Hour"), ("day", "Day"), ("month", "30 days"))


def server_overview() -> rx.Component:
    """The server."""
    shown = rx.fragment(
        rx.el.section(rx.el.h2("Needs attention"), _attention(AdminOverview.attention, WELL), class_name="attention"),
        rx.el.section(
            rx.el.div(rx.el.h2("How it goes"), rx.el.span(class_name="grow"), _spans(), class_name="title"),
            _charts(AdminOverview.charts),
        ),
    )
    return rx.cond(AdminOverview.is_loaded, shown, kit.bones([60, 96, 96, 96], gap=40))


def organization_overview() -> rx.Component:
    """The organization."""
    found = _attention(OrganizationOverview.attention, "Nothing.")
    shown = rx.fragment(
        rx.el.section(rx.el.h2("Needs attention"), found, class_name="attention"),
        rx.el.h2("The last 30 days"),
        rx.el.p("Messages of channels that you can see. Days are in UTC.", class_name="sub"),
        _charts(OrganizationOverview.charts),
    )
    return rx.cond(OrganizationOverview.is_loaded, shown, kit.bones([60, 96, 96], gap=40))


def health() -> rx.Component:
    """Everything that was looked at, the worst first."""
    release = AdminHealth.release
    shown = rx.fragment(
        rx.el.p(
            "DFWorX ", release["version"], " · Python ", release["python"], " · migration ", release["migration"],
            class_name="sub",
        ),
        rx.el.ul(rx.foreach(AdminHealth.findings, _finding), class_name="findings"),
        kit.button("Look again", on_click=AdminHealth.load),
    )  # fmt: skip
    return rx.cond(AdminHealth.is_loaded, shown, kit.bones([96, 90, 94, 88, 92], gap=26))


def _attention(needing: rx.Var[list[dict[str, str]]], nothing: str) -> rx.Component:
    found = rx.el.ul(rx.foreach(needing, _needs), class_name="findings")
    well = rx.el.p(kit.icon("check"), nothing, class_name="well")
    return rx.cond(needing.length() > 0, found, well)


def _needs(each: Entry) -> rx.Component:
    go = rx.cond(each["to"] != "", kit.link("Open", to=each["to"], class_name="btn"), rx.fragment())
    return rx.el.li(
        _mark(each["level"]),
        rx.el.div(rx.el.b(each["about"]), ": ", each["says"], rx.el.div(each["do"], class_name="sub")),
        rx.el.span(class_name="grow"),
        go,
    )


def _finding(each: Entry) -> rx.Component:
    return rx.el.li(
        _mark(each["level"]),
        rx.el.div(rx.el.b(each["about"]), ": ", each["says"], rx.el.div(each["do"], class_name="sub")),
        key=each["id"],
    )


def _mark(level: rx.Var[str]) -> rx.Component:
    return rx.match(
        level,
        ("ok", kit.chip("well", tone="ok")),
        ("warn", kit.chip("look at it", tone="wait")),
        kit.chip("wrong", tone="stop"),
    )


def _spans() -> rx.Component:
    buttons = [
        rx.el.button(
            label, type="button", class_name="btn", aria_pressed=(AdminOverview.span == span).to_string(),
            on_click=AdminOverview.choose(span),
        )
        for span, label in SPANS
    ]  # fmt: skip
    return rx.el.div(*buttons, class_name="spans", role="group", aria_label="Time shown")


def _charts(charts: rx.Var[list[str]]) -> rx.Component:
    return rx.el.div(rx.foreach(charts, rx.html), class_name="charts")
