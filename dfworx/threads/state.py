"""What the person sees of threads: the dialogs that open and rename one, and the verbs on the one at hand."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.channels.errors import ChannelArchived
from dfworx.channels.views import ChannelView
from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.threads import service as threads
from dfworx.threads.validators import Move, NewThread
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller
from dfworx.ui.state import Shell


class Threads(rx.State):
    """The thread that the page is about, and the dialogs."""

    here: str = ""
    title: str = ""
    shown: str = ""
    is_asking: bool = False
    is_renaming: bool = False
    is_moving: bool = False
    choices: list[dict[str, str]] = []
    target: str = ""
    problem: str = ""

    @rx.var
    def page_title(self) -> str:
        """The title of the thread's page."""
        return f"{self.shown} · DFWorX" if self.shown else "DFWorX"

    @rx.var
    def consequence(self) -> str:
        """Who will see the thread where it goes."""
        return next((choice["says"] for choice in self.choices if choice["id"] == self.target), "")

    @action("member")
    async def visit(self) -> None:
        """Come to the thread of the address."""
        async with acting(self) as tx:
            thread = await threads.get(tx, read_id(self.thread))
        self.shown = thread.title
        shell = await self.get_state(Shell)
        if shell.came_from != shell.path:
            self.is_asking = self.is_renaming = self.is_moving = False
        shell.place = str(thread.place_id)
        shell.closed = ChannelArchived.title if thread.channel.archived_at else ""

    @action("member")
    async def ask(self) -> None:
        """Open the dialog for a new thread."""
        self.is_asking, self.problem = True, ""

    @action("member")
    async def set_asking(self, is_asking: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_asking = bool(is_asking)

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self.is_asking = self.is_renaming = self.is_moving = False

    @action("member")
    async def open_thread(self, form: dict[str, Any]) -> Any:
        """Open a thread and go there."""
        try:
            async with acting(self) as tx:
                channel_id = self.channel or (await threads.get(tx, read_id(self.thread))).place_id
                thread = await threads.open_thread(tx, read_id(channel_id), typed(NewThread, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_asking = False
        return rx.redirect(f"{caller.get().home}/t/{thread.id}")

    @action("member")
    async def ask_rename(self, thread_id: str, title: str) -> None:
        """Open the dialog for another title."""
        self.here, self.title, self.is_renaming, self.problem = str(read_id(thread_id)), str(title), True, ""

    @action("member")
    async def set_renaming(self, is_renaming: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_renaming = bool(is_renaming)

    @action("member")
    async def rename(self, form: dict[str, Any]) -> None:
        """Give the thread another title."""
        try:
            async with acting(self) as tx:
                await threads.rename(tx, read_id(self.here), typed(NewThread, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        self.is_renaming = False

    @action("member")
    async def ask_move(self, thread_id: str) -> None:
        """Open the dialog that takes the thread elsewhere."""
        async with acting(self) as tx:
            thread = await threads.get(tx, read_id(thread_id))
            visible = await channels.all_visible(tx)
        self.choices = [_choice(channel, thread.channel) for channel in visible if channel.id != thread.place_id]
        self.here, self.target, self.is_moving, self.problem = str(thread.id), "", True, ""

    @action("member")
    async def set_moving(self, is_moving: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_moving = bool(is_moving)

    @action("member")
    async def choose(self, channel_id: str) -> None:
        """Say what it means to move the thread there."""
        self.target = str(channel_id)

    @action("member")
    async def move(self, form: dict[str, Any]) -> Any:
        """Take the thread there; the dialog has said who will see it."""
        target = read_id(form.get("channel"))
        try:
            async with acting(self) as tx:
                move = Move(channel_id=target, reveal=str(target) == self.target)
                thread = await threads.move(tx, read_id(self.here), move)
                channel = await channels.get(tx, thread.place_id)
        except Refusal as error:
            self.problem = said(error)
            return None
        self.is_moving = False
        shell = await self.get_state(Shell)
        shell.place = str(channel.id)
        return toast(f"The thread is in #{channel.name} now.")

    @action("member")
    async def resolve(self, thread_id: str) -> None:
        """Mark a thread as done."""
        async with acting(self) as tx:
            await threads.resolve(tx, read_id(thread_id))

    @action("member")
    async def remove_demo(self, thread_id: str, channel_id: str) -> Any:
        """Take the demo away and go to its channel."""
        async with acting(self) as tx:
            await threads.remove_demo(tx, read_id(thread_id))
        return rx.redirect(f"{caller.get().home}/c/{read_id(channel_id)}")

    @action("member")
    async def reopen(self, thread_id: str) -> None:
        """Go on with a resolved thread."""
        async with acting(self) as tx:
            await threads.reopen(tx, read_id(thread_id))


def _choice(channel: ChannelView, source: ChannelView) -> dict[str, str]:
    """A channel that a thread can go to, and what that changes for those who see it."""
    name = f"#{channel.name}"
    if not channel.is_open:
        says = f"Only the people in {name} will see it. Whoever is not in there loses sight of it."
    elif source.is_open:
        says = f"Everybody who sees {name} will see it."
    else:
        says = f"It is private now. In {name} everybody in the organization will see it, all earlier messages too."
    return {"id": str(channel.id), "name": name if channel.is_open else f"{name} (private)", "says": says}
