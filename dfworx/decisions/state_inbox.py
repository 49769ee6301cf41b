"""What the person sees of what waits for them; the rows themselves live in the browser, kept current by frames."""

import reflex as rx

from dfworx.ui.doors import action
from dfworx.ui.state import Shell

HERE = "inbox"  # what the sidebar marks as the place that one is in


class Waiting(rx.State):
    """The inbox of the person."""

    @action("member")
    async def load(self) -> None:
        """Come to the inbox."""
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""
