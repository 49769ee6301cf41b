"""Messages and their revisions."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment, text
from dfworx.messages.errors import MessageDeleted


class Kind(StrEnum):
    """Who speaks: a person, or the workspace about what a person did."""

    MESSAGE = "message"
    SYSTEM = "system"


class Message(TenantModel, table=True):
    """Markdown in a thread, rendered once, with its position `seq`; `client_key` makes a retry find the first one."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("thread_id", "seq"),
        UniqueConstraint("organization_id", "author_id", "client_key"),
        Index(None, "thread_id", "version"),
        Index(None, "organization_id", "created_at", "id"),
    )

    thread_id: UUID = Field(foreign_key="threads.id")
    author_id: UUID = Field(foreign_key="memberships.id")
    kind: str = Field(default=Kind.MESSAGE, sa_column_kwargs={"server_default": Kind.MESSAGE.value})
    seq: int
    version: int
    revision: int = 1
    client_key: UUID
    source: str = text()
    html: str = text()
    reply_to_id: UUID | None = Field(default=None, foreign_key="messages.id")
    edited_at: datetime | None = moment()
    deleted_at: datetime | None = moment()
    deleted_by: UUID | None = Field(default=None, foreign_key="memberships.id")
    moved_to: UUID | None = Field(default=None, foreign_key="messages.id")

    def edit(self, source: str, html: str, at: datetime) -> None:
        """Replace the text; the caller keeps the old one as a revision."""
        self.must_exist()
        self.source, self.html, self.edited_at = source, html, at
        self.revision += 1

    def delete(self, by: UUID | None, at: datetime) -> None:
        """Leave a tombstone: the place in the thread stays, the text goes into the revisions."""
        self.must_exist()
        self.source = self.html = ""
        self.deleted_at, self.deleted_by = at, by
        self.revision += 1

    def must_exist(self) -> None:
        """Refuse to change a tombstone."""
        if self.deleted_at is not None:
            raise MessageDeleted


class MessageRevision(TenantModel, table=True):
    """The text that a message had before an edit or its deletion."""

    __tablename__ = "message_revisions"
    __table_args__ = (UniqueConstraint("message_id", "number"),)

    message_id: UUID = Field(foreign_key="messages.id")
    number: int
    source: str = text()
    html: str = text()
    replaced_by: UUID | None = Field(default=None, foreign_key="memberships.id")
