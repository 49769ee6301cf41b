"""What the person sees of what waits for them; the rows themselves live in the browser, kept current by frames."""

from typing import Any

import reflex as rx

from dfworx.core.ids import read_id
from dfworx.decisions import service_aging as aging
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.state import Shell

HERE = "inbox"  # what the sidebar marks as the place that one is in


class Waiting(rx.State):
    """The inbox of the person."""

    @action("member")
    async def load(self) -> None:
        """Come to the inbox."""
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""


class StaleThread(rx.State):
    """A thread that names a record that holds no more."""

    @action("member")
    async def confirm(self) -> Any:
        """Say that one has looked at the thread of the address."""
        async with acting(self) as tx:
            await aging.confirm_thread(tx, read_id(self.thread))
        return toast("You have looked at it.")
