"""What channels announce."""

from uuid import UUID

from dfworx.channels.views import ChannelView
from dfworx.core.events import Event


class _ChannelEvent(Event):
    channel: ChannelView

    def about(self) -> UUID:
        """The channel."""
        return self.channel.id


class ChannelCreated(_ChannelEvent):
    """A channel exists; `by` is the user who sees it at once."""

    by: UUID | None


class ChannelChanged(_ChannelEvent):
    """Its name or description changed."""


class ChannelArchived(_ChannelEvent):
    """It takes nothing new."""


class ChannelRestored(_ChannelEvent):
    """It takes new messages again."""


class ChannelMemberAdded(_ChannelEvent):
    """Somebody was added to a channel."""

    membership_id: UUID
    user_id: UUID | None


class ChannelMemberRemoved(_ChannelEvent):
    """Somebody was taken out of a channel."""

    membership_id: UUID
    user_id: UUID | None
