"""What the person sees around messages: the question before a deletion, the history of one."""

from typing import Any

import reflex as rx

from dfworx.core.ids import read_id
from dfworx.messages import service as messages
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast


class Conversation(rx.State):
    """The dialogs about a message; the messages themselves live in the browser, kept current by frames."""

    here: str = ""
    is_deleting: bool = False
    is_showing_history: bool = False
    history: list[dict[str, str]] = []

    @action("member")
    async def ask_delete(self, message_id: str) -> None:
        """Ask before deleting."""
        self.here, self.is_deleting = str(read_id(message_id)), True

    @action("member")
    async def set_deleting(self, is_deleting: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_deleting = bool(is_deleting)

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self.is_deleting = self.is_showing_history = False
        self.history = []

    @action("member")
    async def delete(self, _form: dict[str, Any]) -> Any:
        """Delete the message: a tombstone remains."""
        self.is_deleting = False
        async with acting(self) as tx:
            await messages.delete(tx, read_id(self.here))
        return toast("The message is deleted.")

    @action("member")
    async def show_history(self, message_id: str) -> None:
        """Show what the message said before."""
        async with acting(self) as tx:
            revisions = await messages.revisions(tx, read_id(message_id))
        self.history = [
            {"html": r.html, "changes": r.changes, "at": f"{r.created_at:%-d %B %Y, %H:%M} UTC"}
            for r in reversed(revisions)
        ]
        self.is_showing_history = True

    @action("member")
    async def set_showing_history(self, is_showing: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_showing_history = bool(is_showing)
