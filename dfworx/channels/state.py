"""What the person sees of channels: which one they are in, and the dialogs about it."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.organizations import service as organizations
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
    is_inviting: bool = False
    people: list[dict[str, str]] = []
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
        if shell.came_from != shell.path:
            self.is_asking = self.is_editing = self.is_inviting = False
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
        self.is_asking = self.is_editing = self.is_inviting = False

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
    async def show_people(self) -> None:
        """Show who was added to the channel, and who could be."""
        async with acting(self) as tx:
            added = set(await channels.members(tx, read_id(self.here)))
            page = await organizations.members(tx)
        self.people = [
            {"id": str(m.id), "name": m.name, "role": m.role, "is_added": "yes" if m.id in added else ""}
            for m in page.items
        ]
        self.is_inviting = True

    @action("member")
    async def set_inviting(self, is_inviting: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_inviting = bool(is_inviting)

    @action("member")
    async def add(self, membership_id: str) -> Any:
        """Let somebody in."""
        async with acting(self) as tx:
            await channels.add_member(tx, read_id(self.here), read_id(membership_id))
        return Channels.show_people

    @action("member")
    async def remove(self, membership_id: str) -> Any:
        """Take somebody out."""
        async with acting(self) as tx:
            await channels.remove_member(tx, read_id(self.here), read_id(membership_id))
        return Channels.show_people

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
