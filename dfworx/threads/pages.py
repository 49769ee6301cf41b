"""A channel's page: its threads, the liveliest first."""

import reflex as rx

from dfworx.channels.components import channel_header
from dfworx.channels.state import Channels
from dfworx.threads.components import new_thread_dialog, thread_list
from dfworx.threads.state import Threads
from dfworx.ui import kit
from dfworx.ui.page import page
from dfworx.ui.state import Shell


@page("/o/[organization]/c/[channel]", title=Channels.title, on_load=(Channels.load,))
def channel_page() -> rx.Component:
    """The channel's head and the list of its threads."""
    return rx.fragment(
        channel_header(
            rx.cond(
                Shell.may["open_thread"] & ~Channels.is_archived,
                kit.button("New thread", primary=True, on_click=Threads.ask),
                rx.fragment(),
            )
        ),
        thread_list(),
        new_thread_dialog(Channels.here),
    )
