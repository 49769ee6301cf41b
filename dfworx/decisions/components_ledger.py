"""The head of the ledger below the register: the digest that covers all that was decided."""

from typing import Any

import reflex as rx

from dfworx.decisions.state_ledger import Chain
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.state import Shell

Item = rx.vars.ObjectVar[dict[str, Any]]
SHORT = 12  # characters of a digest that one can compare at a glance
VERIFY = "python -m dfworx ledger verify --organization "


def ledger_line() -> rx.Component:
    """How far the chain has come, current; without an entry, nothing."""
    return live_list(
        "/api/v1/organizations/{organization}/ledger/head",
        "decisions",
        _line,
        kind="one",
        keep="head",
        patience=1500,
        href="/o/{organization}",
        epoch=Shell.epoch,
        may=Shell.may,
        class_name="ledger",
        skeleton=rx.fragment(),
        empty=rx.fragment(),
        problem=rx.fragment(),
    )


def _line(item: Item) -> rx.Component:
    head, entries = item["head"].to(str), item["entries"].to(int)
    many = rx.cond(entries == 1, "1 entry", entries.to_string() + " entries")
    slug = item["href"].to(str).split("/")[2]
    look = kit.button("Verify now", on_click=Chain.verify)
    return rx.el.details(
        rx.el.summary(
            kit.icon("fingerprint"),
            rx.el.span("Ledger: ", many, ", head "),
            rx.el.code(head[:SHORT], title=head),
            rx.el.span("What is this?", class_name="why"),
        ),
        rx.el.p(
            "Each entry is a record as it was accepted, rejected, amended, superseded or deprecated. Its digest covers "
            "all entries before it: keep the last one somewhere else, and you can tell later whether anything was "
            "altered. Exports carry it, too."
        ),
        rx.el.div(
            rx.el.code(head, class_name="digest"),
            kit.button(kit.icon("copy"), "Copy", aria_label="Copy the digest", custom_attrs={"data-copy": head}),
            class_name="verbs",
        ),
        rx.el.p("Whoever runs the server verifies every entry with"),
        rx.el.div(
            rx.el.code(VERIFY + slug, class_name="digest"),
            rx.cond(item["may"].to(dict[str, bool])["read_audit"], look, rx.fragment()),
            class_name="verbs",
        ),
    )
