"""What is asked and shown over a thread: whether a message goes, and what it said before."""

import reflex as rx

from dfworx.messages.state import Conversation
from dfworx.ui import kit


def delete_dialog() -> rx.Component:
    """Asks before a message is deleted."""
    return kit.dialog(
        "Delete this message?",
        rx.el.form(kit.dialog_actions("Delete", Conversation.close, is_dangerous=True), on_submit=Conversation.delete),
        is_open=Conversation.is_deleting,
        on_open_change=Conversation.set_deleting,
        hint="A note that it was deleted stays in its place.",
    )


def history_dialog() -> rx.Component:
    """Shows what a message said before."""
    return kit.dialog(
        "What was changed",
        rx.el.div(
            rx.foreach(
                Conversation.history,
                lambda revision: rx.el.section(
                    rx.el.p(revision["at"], class_name="sub"),
                    rx.html(revision["changes"], class_name="changes"),
                    rx.el.details(
                        rx.el.summary("The whole text before that", class_name="link"),
                        rx.html(revision["html"], class_name="prose"),
                    ),
                ),
            ),
            class_name="history",
        ),
        rx.el.div(kit.button("Close", on_click=Conversation.close), class_name="actions"),
        is_open=Conversation.is_showing_history,
        on_open_change=Conversation.set_showing_history,
        hint="History is never hidden.",
    )
