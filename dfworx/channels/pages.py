"""A channel's page; what it contains is filled in by the slices above."""

import reflex as rx

from dfworx.channels.components import channel_header
from dfworx.channels.state import Channels
from dfworx.ui.page import page
from dfworx.ui.slots import show


@page("/o/[organization]/c/[channel]", title=Channels.title, on_load=(Channels.load,))
def channel_page() -> rx.Component:
    """The channel's head and what it contains."""
    return rx.fragment(channel_header(), show("channel"))
