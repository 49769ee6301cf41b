"""What threads announce."""

from uuid import UUID

from dfworx.channels.views import ChannelView
from dfworx.core.events import Event
from dfworx.threads.views import ThreadView


class _ThreadEvent(Event):
    thread: ThreadView
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """The thread."""
        return self.thread.id


class ThreadOpened(_ThreadEvent):
    """A new thread stands in a channel."""


class ThreadRenamed(_ThreadEvent):
    """It has another title."""

    was: str = ""
    is_following: bool = False  # it is called what it is about is called: the conversation does not need to say so


class ThreadClosed(_ThreadEvent):
    """The conversation is done."""


class ThreadReopened(_ThreadEvent):
    """The conversation goes on."""


class ThreadMoved(_ThreadEvent):
    """It is in another channel; its address stays."""

    source: ChannelView
    target: ChannelView
    source_audience: tuple[str, ...]


class DemoRemoved(_ThreadEvent):
    """The demo is gone."""


class ThreadGrew(_ThreadEvent):
    """Many messages arrived at once (an import): whoever has it open asks for them."""

    audited = False

    by: int


class SomebodyTypes(Event):
    """A member writes in a thread at this moment; it is told and never stored."""

    audited = False

    thread_id: UUID
    membership_id: UUID
    person: str


class ThreadRead(Event):
    """A member has read up to a message, on one of their devices."""

    audited = False

    thread_id: UUID
    place_id: UUID
    user_id: UUID
    last_read_seq: int
    was: int
