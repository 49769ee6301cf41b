"""The short discussion of a concern: what was said about it, and the dialog in which one says something."""

from typing import Any

import reflex as rx

from dfworx.decisions.state_discussing import Discussing
from dfworx.live.reflex_feed import each
from dfworx.ui import kit

Things = list[dict[str, Any]]
NONE = rx.fragment


def discussion(concern: Any) -> rx.Component:
    """What was said about a concern that is open, the first one first."""
    said = concern["replies"].to(Things)
    return rx.cond(said.length() > 0, _said(said), NONE())


def settled_discussion(concern: Any) -> rx.Component:
    """The same of one that is closed, for whoever wants to read it."""
    said = concern["replies"].to(Things)
    count = rx.cond(said.length() == 1, "1 reply", said.length().to_string() + " replies")
    return rx.cond(said.length() > 0, rx.el.details(rx.el.summary(count, class_name="link"), _said(said)), NONE())


def reply_button(concern: Any) -> rx.Component:
    """Opens the dialog."""
    ask = Discussing.ask(concern["id"].to(str), concern["title"].to(str))
    return kit.button(kit.icon("reply"), "Reply …", on_click=ask)


def replying() -> rx.Component:
    """The dialog."""
    return kit.dialog(
        "Reply to this concern",
        rx.el.form(
            rx.el.label(
                "Your reply",
                rx.el.textarea(name="source", id="field-source", rows=5, required=True, max_length=4000,
                               auto_focus=True),
                rx.cond(
                    Discussing.problem,
                    rx.el.small(Discussing.problem, class_name="bad", role="alert"),
                    rx.el.small("Markdown. It stays on the record; the concern's owner and the decider hear of it."),
                ),
                class_name="fld",
                html_for="field-source",
            ),
            kit.dialog_actions("Reply", Discussing.close),
            on_submit=Discussing.reply,
        ),
        is_open=Discussing.about != "",
        on_open_change=Discussing.set_open,
        hint="“" + Discussing.title + "”",
    )  # fmt: skip


def _said(replies: Any) -> rx.Component:
    return rx.el.ol(each(replies, _reply), class_name="replies", aria_label="Discussion")


def _reply(reply: Any) -> rx.Component:
    return rx.el.li(
        kit.avatar(reply["initials"].to(str), reply["hue"].to(str), small=True),
        rx.el.div(
            rx.el.p(
                rx.el.span(reply["person"].to(str), class_name="who"),
                rx.el.time(reply["created_ago"].to(str), title=reply["created_full"].to(str), class_name="when"),
            ),
            rx.html(reply["html"].to(str), class_name="prose"),
        ),
    )
