"""What a record was held against, and where it comes from: concerns, evidence, citations."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item
from dfworx.decisions.components_discussing import discussion, reply_button, settled_discussion
from dfworx.decisions.state_record import Record
from dfworx.live.reflex_feed import each
from dfworx.ui import kit

Things = list[dict[str, Any]]
NONE = rx.fragment


def open_concern(concern: Any, item: Item) -> rx.Component:
    """What blocks, and what can be done about it; what was open when the record was closed blocks no more."""
    id_, may, status = concern["id"].to(str), item["may"].to(dict[str, bool]), item["status"].to(str)
    blocks = (status == "proposed") | (status == "final_comment")
    how = rx.match(status, ("rejected", "rejected"), ("withdrawn", "withdrawn"), "closed")
    called = rx.cond(blocks, "Open concern", rx.fragment("Concern, open when it was ", how))
    return rx.el.section(
        rx.el.p(
            rx.el.b(called, " · ", concern["owner"].to(str)),
            rx.el.time(concern["created_ago"].to(str), title=concern["created_full"].to(str), class_name="when"),
        ),
        rx.html(concern["title_html"].to(str), class_name="what prose"),
        rx.cond(concern["html"].to(str), rx.html(concern["html"].to(str), class_name="prose"), NONE()),
        discussion(concern),
        rx.el.div(
            rx.cond(may["raise"], reply_button(concern), NONE()),
            rx.cond(
                concern["is_me"].to(bool) & may["raise"].to(bool),
                kit.button("Withdraw …", on_click=Record.ask_end("withdraw concern", id_)),
                NONE(),
            ),
            rx.cond(
                may["resolve"],
                kit.button("Resolve with a reason …", on_click=Record.ask_end("resolve concern", id_)),
                NONE(),
            ),
            class_name="verbs",
        ),
        class_name=rx.cond(blocks, "concern", "concern past"),
        aria_label=rx.cond(blocks, "Open concern", "Concern"),
    )


def settled_concerns(concerns: Any) -> rx.Component:
    """What blocked, and why it does no more."""

    def settled(one: Any) -> rx.Component:
        return rx.el.div(
            rx.el.div(
                rx.html(one["title_html"].to(str), class_name="prose called"),
                " ",
                kit.chip(one["state"].to(str), tone="ok"),
            ),
            rx.el.p(
                "raised by ",
                one["owner"].to(str),
                ", ",
                one["state"].to(str),
                " by ",
                one["closed_by"].to(str),
                ", ",
                rx.el.time(one["closed_ago"].to(str), title=one["closed_full"].to(str)),
                class_name="sub",
            ),
            rx.html(one["reason_html"].to(str), class_name="prose said"),
            settled_discussion(one),
            class_name="settled",
        )

    ended = concerns.filter(lambda one: one["state"] != "open")
    return rx.cond(
        ended.length() > 0,
        rx.el.section(rx.el.h2("Concerns that were settled"), each(ended, settled)),
        NONE(),
    )


def evidence(item: Item, *, is_linked: bool = True) -> rx.Component:
    """The messages that it came from, as they were; `is_linked`: each leads to its place."""
    home = item["href"].to(str)

    def quote(one: Any) -> rx.Component:
        place = home + "/t/" + one["thread_id"].to(str) + "#m" + one["seq"].to_string()
        when = rx.el.time(one["written_ago"].to(str), title=one["written_full"].to(str))
        seen = rx.el.blockquote(
            rx.el.p(
                rx.el.b(one["author"].to(str)),
                kit.link(when, to=place, class_name="when", aria_label="The message in its thread")
                if is_linked
                else rx.el.span(when, class_name="when"),
                rx.cond(one["has_changed"].to(bool), kit.chip("changed since", tone="wait"), NONE()),
            ),
            rx.html(one["html"].to(str), class_name="prose"),
            class_name="ev",
        )
        hidden = rx.el.blockquote(rx.el.p("A message that you cannot see.", class_name="sub"), class_name="ev")
        return rx.cond(one["is_redacted"].to(bool), hidden, seen)

    quotes = item["evidence"].to(Things)
    return rx.cond(quotes.length() > 0, rx.el.section(rx.el.h2("Evidence"), each(quotes, quote)), NONE())


def cited(item: Item) -> rx.Component:
    """Where it is named."""
    home, places, named = item["href"].to(str), item["cited_in"].to(Things), item["named_by"].to(Things)

    def line(one: Any) -> rx.Component:
        place = home + "/t/" + one["thread_id"].to(str) + "#m" + one["seq"].to_string()
        return rx.el.li(kit.link(one["thread"].to(str), to=place, class_name="link"))

    def record(one: Any) -> rx.Component:
        called = rx.fragment(
            rx.el.b(rx.cond(one["ref"].to(str), one["ref"].to(str), "Draft")), " ", one["title"].to(str)
        )
        return rx.el.li(kit.link(called, to=home + "/d/" + one["address"].to(str), class_name="link"))

    return rx.cond(
        (places.length() > 0) | (named.length() > 0),
        rx.el.section(rx.el.h2("Cited in"), rx.el.ul(each(named, record), each(places, line), class_name="cited")),
        NONE(),
    )
