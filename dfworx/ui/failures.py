"""What people see when something of ours breaks: in a handler, while a page renders, or at an address that is none."""

import logging

import reflex as rx
from reflex_base.event import EventSpec
from reflex_components_core.base.error_boundary import ErrorBoundary

from dfworx.infra import database
from dfworx.ui import kit
from dfworx.ui.effects import toast
from dfworx.ui.page import page
from dfworx.web import problems
from dfworx.web.plain import NOSCRIPT

log = logging.getLogger(__name__)

HEAD = [
    rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
    rx.el.meta(name="theme-color", content="#fcfcfd", custom_attrs={"media": "(prefers-color-scheme: light)"}),
    rx.el.meta(name="theme-color", content="#111216", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
    rx.el.noscript(rx.el.meta(http_equiv="refresh", content=NOSCRIPT)),
]


def handler_failed(exception: Exception) -> EventSpec:
    """Log what a handler did not expect, and say so without its details."""
    if isinstance(exception, database.UNREACHABLE) and database.is_unable(exception):
        log.error("a handler met a database that cannot: %s", type(exception).__name__)
        return toast(problems.unavailable(exception).detail, "error")
    log.error("a handler failed", exc_info=exception)
    return toast("Something went wrong on our side. Please try again.", "error")


def boundary(_is_stateful: bool) -> rx.Component:  # noqa: FBT001  # Reflex's signature
    """What catches a failure to render, anywhere in a page."""
    return ErrorBoundary.create(fallback_render=rx.Var.create(page_failed()))


def toaster() -> rx.Component:
    """Where toasts appear; their look is in app.css."""
    return rx.toast.provider(position="bottom-right", rich_colors=False, expand=False)


def page_failed() -> rx.Component:
    """Instead of a page that cannot be rendered."""
    return rx.el.main(
        kit.dead_end(
            "This page has stopped working.",
            "What you wrote is kept in this browser. Loading the page again usually helps.",
            rx.el.a("Load again", href="", class_name="btn pri"),
        ),
        class_name="center",
    )


@page("/404", title="Not found · DFWorX", where="anyone")
def not_found() -> rx.Component:
    """An address that leads nowhere."""
    return rx.el.main(
        kit.dead_end(
            "This page does not exist.",
            "The address may be mistyped, or what it led to has moved.",
            kit.link("Go to your workspace", to="/", class_name="btn pri"),
        ),
        class_name="center",
    )
