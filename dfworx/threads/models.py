"""Threads and read markers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment
from dfworx.threads.errors import ThreadOpen, ThreadResolved

ACTIVITY = func.coalesce(sql("last_message_at"), sql("created_at"))  # what lists are ordered by


class Thread(TenantModel, table=True):
    """A titled conversation in a place.

    `last_seq` is the number of the last message, gapless from 1. `version` is the thread's logical clock: every message
    posted, edited or deleted takes the next value, so that "what changed after n" has an exact answer.
    `history_seq` is how much of it was imported: history is not unread. `is_record`: it is the conversation about a
    decision, which stands in lists once something is said there.
    """

    __tablename__ = "threads"
    __table_args__ = (
        Index("threads_default_key", "place_id", unique=True, postgresql_where=sql("is_default")),
        Index("threads_place_id_activity_index", "place_id", ACTIVITY, "id"),
        Index("threads_organization_id_activity_index", "organization_id", ACTIVITY, "id"),
        Index("threads_title_words_index", func.to_tsvector(sql("'simple'"), sql("title")), postgresql_using="gin"),
        UniqueConstraint("organization_id", "origin"),
    )

    place_id: UUID = Field(foreign_key="places.id")
    title: str
    is_default: bool = False
    is_record: bool = False
    last_seq: int = 0
    version: int = 0
    history_seq: int = 0
    created_by: UUID | None = Field(default=None, foreign_key="memberships.id")
    last_message_at: datetime | None = moment()
    resolved_at: datetime | None = moment()
    resolved_by: UUID | None = Field(default=None, foreign_key="memberships.id")
    origin: str | None = None

    def grow(self, messages: int, last: datetime) -> None:
        """Messages were brought in from elsewhere: history, read by everybody."""
        self.last_seq += messages
        self.version += messages
        self.history_seq += messages
        self.last_message_at = max(self.last_message_at or last, last)

    @property
    def is_as_imported(self) -> bool:
        """Whether it is open, and nobody here has said or done anything in it."""
        return self.resolved_at is None and self.last_seq == self.history_seq

    def resolve(self, by: UUID | None, at: datetime) -> None:
        """Mark the conversation as done; writing in it stays possible."""
        if self.resolved_at is not None:
            raise ThreadResolved
        self.resolved_at, self.resolved_by = at, by

    def reopen(self) -> None:
        """Take back that it is done."""
        if self.resolved_at is None:
            raise ThreadOpen
        self.resolved_at = self.resolved_by = None


class ReadMarker(TenantModel, table=True):
    """How far a member has read a thread: unread is `last_seq - last_read_seq`."""

    __tablename__ = "read_markers"
    __table_args__ = (UniqueConstraint("membership_id", "thread_id"),)

    thread_id: UUID = Field(foreign_key="threads.id", index=True)
    membership_id: UUID = Field(foreign_key="memberships.id")
    last_read_seq: int = 0
