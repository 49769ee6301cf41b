"""A thread's page: header, timeline, composer, details."""

import reflex as rx

from dfworx.messages.components import composer, delete_dialog, history_dialog, timeline
from dfworx.threads.components import rename_dialog, thread_details, thread_header
from dfworx.ui.page import page


@page("/o/[organization]/t/[thread]", title="Thread · DFWorX", panel=thread_details)
def thread_page() -> rx.Component:
    """The conversation."""
    return rx.fragment(
        rx.el.header(thread_header(), class_name="head"),
        timeline(),
        composer(),
        delete_dialog(),
        history_dialog(),
        rename_dialog(),
    )
