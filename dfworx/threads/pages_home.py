"""The home of an organization: on a phone the channels; elsewhere it leads on to where one was."""

import reflex as rx

from dfworx.threads.state_home import Home
from dfworx.ui import kit
from dfworx.ui.effects import Resume
from dfworx.ui.page import page
from dfworx.ui.state import Shell


@page("/o/[organization]", title="DFWorX", on_load=(Home.load,), is_home=True)
def home_page() -> rx.Component:
    """Leads on; without any channel it says what to do."""
    nothing = "You were not added to a channel yet. Ask an administrator to add you."
    start = (
        "A channel is a place for threads: one for a team, a project, a subject. Make one with the + beside “Channels”."
    )
    empty = kit.empty("No channels yet", rx.cond(Shell.may["create_channel"], start, nothing))
    return rx.fragment(
        Resume.create(fallback=Home.first),
        rx.cond(Home.is_empty, empty, kit.bones([40, 70, 55])),
    )
