"""What messages announce."""

from uuid import UUID

from dfworx.core.events import Event
from dfworx.messages.views import MessageView


class _MessageEvent(Event):
    message: MessageView
    place_id: UUID
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """The message."""
        return self.message.id


class MessagePosted(_MessageEvent):
    """A new message stands at the end of a thread; the row itself says who and when."""

    audited = False


class MessageEdited(_MessageEvent):
    """It has another text; the old one is a revision."""


class MessageDeleted(_MessageEvent):
    """A tombstone stands in its place."""
