"""What the person sees of channels: which one they are in, and the dialogs about it."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.identity import caller
from dfworx.ui.state import Shell


class Channels(rx.State):
    """The channel that the page is about, and the dialogs."""

    here: str = ""
    name: str = ""
    description: str = ""
    visibility: str = ""
    is_archived: bool = False
    is_asking: bool = False
    is_editing: bool = False
    problem: str = ""

    @rx.var
    def title(self) -> str:
        """The title of the channel's page."""
        return f"# {self.name} · DFWorX" if self.name else "DFWorX"

    @action("member")
    async def load(self) -> None:
        """Show the channel of the address."""
        async with acting(self) as tx:
            channel = await channels.get(tx, read_id(self.channel))
        self.here, self.name, self.description = str(channel.id), channel.name, channel.description
        shell = await self.get_state(Shell)
        shell.place = self.here
        self.visibility, self.is_archived = channel.visibility, channel.archived_at is not None

    @action("member")
    async def ask(self) -> None:
        """Open the dialog for a new channel."""
        self.is_asking, self.problem = True, ""

    @action("member")
    async def set_asking(self, is_asking: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_asking = bool(is_asking)

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self.is_asking = self.is_editing = False

    @action("member")
    async def create(self, form: dict[str, Any]) -> Any:
        """Create a channel and go there."""
        try:
            async with acting(self) as tx:
                channel = await channels.create(tx, typed(NewChannel, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_asking = False
        return rx.redirect(f"{caller.get().home}/c/{channel.id}")

    @action("member")
    async def edit(self) -> None:
        """Open the dialog for the name and description."""
        self.is_editing, self.problem = True, ""

    @action("member")
    async def set_editing(self, is_editing: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_editing = bool(is_editing)

    @action("member")
    async def change(self, form: dict[str, Any]) -> None:
        """Rename or describe the channel."""
        try:
            async with acting(self) as tx:
                channel = await channels.change(tx, read_id(self.here), typed(ChannelChange, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        self.name, self.description, self.is_editing = channel.name, channel.description, False

    @action("member")
    async def archive(self) -> Any:
        """Keep the channel readable and take nothing new."""
        async with acting(self) as tx:
            channel = await channels.archive(tx, read_id(self.here))
        self.is_archived = True
        return toast(f"#{channel.name} is archived.")

    @action("member")
    async def restore(self) -> Any:
        """Bring the channel back."""
        async with acting(self) as tx:
            channel = await channels.restore(tx, read_id(self.here))
        self.is_archived = False
        return toast(f"#{channel.name} is back.")
