"""The home of an organization: where somebody begins who has not been anywhere yet."""

import reflex as rx

from dfworx.channels import service as channels
from dfworx.threads import service as threads
from dfworx.ui.doors import acting, action
from dfworx.ui.identity import caller


class Home(rx.State):
    """The place to begin in."""

    first: str = ""
    is_empty: bool = False

    @action("member")
    async def load(self) -> None:
        """The demo, or the liveliest thread of #general, or of the first channel that there is."""
        async with acting(self) as tx:
            visible = await channels.all_visible(tx)
            begin = sorted(visible, key=lambda channel: channel.name != "general")[:1]
            rows = [thread for channel in begin for thread in (await threads.page(tx, channel.id)).items]
        lively = sorted(rows, key=lambda thread: (not thread.is_demo, thread.last_message_at is None))
        self.first = f"{caller.get().home}/t/{lively[0].id}" if lively else ""
        self.is_empty = not lively
