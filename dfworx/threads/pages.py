"""A thread's page; the conversation is filled in by the slice above."""

import reflex as rx

from dfworx.threads import components_channel as _channel  # noqa: F401 - fills slots
from dfworx.threads.components import (
    move_dialog,
    new_thread_dialog,
    rename_dialog,
    tag_picker,
    thread_details,
    thread_header,
    thread_tags,
)
from dfworx.threads.state import Threads
from dfworx.ui.page import page
from dfworx.ui.slots import show


@page("/o/[organization]/t/[thread]", title=Threads.page_title, on_load=(Threads.visit,), panel=thread_details)
def thread_page() -> rx.Component:
    """The thread's head and its conversation."""
    dialogs = (rename_dialog(), move_dialog(), new_thread_dialog(), tag_picker())
    header = rx.el.header(thread_header(), class_name="head")
    return rx.fragment(header, thread_tags(), show("thread.outcome"), show("thread"), *dialogs)
