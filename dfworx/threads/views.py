"""What may go out about threads."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dfworx.channels.views import ChannelView
from dfworx.tags.views import TagView
from dfworx.threads.models import Thread


class ThreadView(BaseModel):
    """A thread as everybody who can see it sees it."""

    id: UUID
    place_id: UUID
    title: str
    is_default: bool
    is_record: bool = False  # the release before does not say it
    last_seq: int
    version: int
    created_at: datetime
    created_by: UUID | None
    last_message_at: datetime | None
    resolved_at: datetime | None
    is_demo: bool = False

    @classmethod
    def of(cls, thread: Thread) -> "ThreadView":
        """The view of a row."""
        return cls.model_validate({**thread.model_dump(), "is_demo": thread.origin == "demo"})

    @property
    def is_quiet(self) -> bool:
        """Whether lists do not show it: nobody has said anything about the decision yet."""
        return self.is_record and self.last_seq == 0


class ThreadSummary(ThreadView):
    """A thread in a list: what is unread for whom asked, and its tags."""

    last_read_seq: int
    unread: int
    tags: list[TagView]


class ThreadPage(BaseModel):
    """Threads, the liveliest first; `next` asks for more."""

    items: list[ThreadSummary]
    next: str | None = None


class ThreadDetails(ThreadSummary):
    """A thread with its channel and who opened it."""

    channel: ChannelView
    opened_by: str


class ChannelSummary(ChannelView):
    """A channel in the sidebar: unread messages in all its threads, and where the default thread is."""

    unread: int
    default_thread_id: UUID | None


class Position(BaseModel):
    """The place that a change takes in a thread: the next `seq` (for a new message) and `version`."""

    thread_id: UUID
    place_id: UUID
    title: str
    seq: int
    version: int
    history_seq: int
    audience: tuple[str, ...]
