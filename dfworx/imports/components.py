"""Imports on the screen: the form that takes an archive, and each import with its bar, its verbs and its report."""

from typing import Any

import reflex as rx

from dfworx.imports.state import Imports
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell

Item = rx.vars.ObjectVar[dict[str, Any]]
TONES = (("done", "ok"), ("failed", "stop"))


def archives() -> rx.Component:
    """Bring in an archive, and see how it is with those that were."""
    return rx.el.section(
        rx.el.h2("Zulip archives"),
        rx.el.p(
            "The JSON tree that the zulip-archive tool writes, packed as one file. Streams become channels, topics "
            "threads, senders authors. Importing it again later adds only what is new.",
            class_name="sub",
        ),
        _upload_form(),
        _imports_list(),
        class_name="part bringing",
    )


def _upload_form() -> rx.Component:
    """Choose an archive; the browser streams it to the server (data-upload, see effects.jsx)."""
    return rx.el.form(
        kit.field("Archive (.zip or .tar.gz)", "file", type="file", required=True, accept=".zip,.gz,.tgz"),
        kit.field(
            "Where it comes from (optional)",
            "realm",
            type="url",
            placeholder="https://acme.zulipchat.com",
            hint="Links to what the archive does not contain lead there.",
            max_length=200,
        ),
        rx.el.progress(max=100, value=0, hidden=True, aria_label="Upload", class_name="bar"),
        rx.el.button("Upload and import", type="submit", class_name="btn pri"),
        class_name="uploading",
        custom_attrs={"data-upload": "/imports"},
    )


def _imports_list() -> rx.Component:
    """Every import, live, the newest first."""
    return live_list(
        "/api/v1/organizations/{organization}/imports",
        "imports",
        import_row,
        order=["-created_at"],
        epoch=Shell.epoch,
        label="Imports",
        class_name="rows lines",
        skeleton=kit.bones([60, 72, 48], gap=26),
        empty=rx.el.p("Nothing has been imported yet.", class_name="sub"),
        problem=kit.problem("Imports cannot be shown.", "They are for owners and admins of the organization."),
    )


def import_row(item: Item) -> rx.Component:
    """One import: how it is with it, how far it is, what it brought."""
    report = item["report"].to(dict[str, Any])
    return rx.el.article(
        rx.el.div(
            rx.el.b(item["name"].to(str)),
            _chip(item["state"].to(str)),
            rx.el.span(class_name="grow"),
            rx.el.span(item["created"].to(str), title=item["created_full"].to(str), class_name="sub"),
            rx.el.div(_verbs(item), class_name="verbs"),
            class_name="top",
        ),
        rx.cond(
            item["is_active"].to(bool),
            rx.el.progress(max=100, value=item["percent"].to(int), aria_label="Progress", class_name="bar"),
            rx.fragment(),
        ),
        rx.el.p(_figures(item), class_name="sub"),
        rx.cond(item["problem"].to(str) != "", rx.el.p(item["problem"].to(str), class_name="bad"), rx.fragment()),
        rx.cond(
            report["skipped"].to(int) > 0,
            rx.el.details(
                rx.el.summary(report["skipped"].to(int).to_string(), " could not be read"),
                rx.el.pre(item["skips"].to(str)),
            ),
            rx.fragment(),
        ),
        role="listitem",
        class_name="import",
        custom_attrs={"data-import": item["state"].to(str)},
    )


def _chip(state: rx.vars.StringVar[str]) -> rx.Component:
    return rx.match(state, *[(name, kit.chip(name, tone=tone)) for name, tone in TONES], kit.chip(state))


def _figures(item: Item) -> rx.Component:
    rate = item["rate"].to(int)
    pace = f" · {item['percent'].to(int)} %" + rx.cond(rate > 0, f" · {rate} a second", "")
    return rx.fragment(
        item["brought"].to(str),
        rx.cond(item["is_active"].to(bool), pace, ""),
        rx.cond(item["started_by"].to(str) != "", f" · by {item['started_by'].to(str)}", " · from the command line"),
    )


def _verbs(item: Item) -> rx.Component:
    id_, state = item["id"].to(str), item["state"].to(str)
    stands = (state == "stopped") | (state == "failed")
    return rx.fragment(
        rx.cond(
            (state == "waiting") | (state == "running"), kit.button("Stop", on_click=Imports.stop(id_)), rx.fragment()
        ),
        rx.cond(
            stands,
            kit.button(rx.cond(state == "failed", "Try again", "Resume"), on_click=Imports.resume(id_)),
            rx.fragment(),
        ),
        rx.cond(stands, kit.button("Discard", on_click=Imports.discard(id_)), rx.fragment()),
    )
