"""A thread's page; the conversation is filled in by the slice above."""

import reflex as rx

from dfworx.threads.components import move_dialog, new_thread_dialog, rename_dialog, thread_details, thread_header
from dfworx.threads.state import Threads
from dfworx.ui.page import page
from dfworx.ui.slots import show


@page("/o/[organization]/t/[thread]", title=Threads.page_title, on_load=(Threads.visit,), panel=thread_details)
def thread_page() -> rx.Component:
    """The thread's head and its conversation."""
    dialogs = (rename_dialog(), move_dialog(), new_thread_dialog())
    header = rx.el.header(thread_header(), class_name="head")
    return rx.fragment(header, show("thread.outcome"), show("thread"), *dialogs)
