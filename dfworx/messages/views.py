"""What may go out about messages, to REST, browser and live frames alike."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.messages.models import Message, MessageRevision
from dfworx.organizations.views import AuthorView


class MessageView(BaseModel):
    """A message as everybody in the thread sees it; a tombstone has no text."""

    id: UUID
    thread_id: UUID
    kind: str = "message"
    seq: int
    version: int
    revision: int
    author_id: UUID
    author: str
    html: str
    client_key: UUID
    reply_to_id: UUID | None
    reply_to_seq: int | None = None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None

    @classmethod
    def of(cls, message: Message, author: AuthorView, answered: int | None = None) -> Self:
        """The view of a row, whose words it are, and the number of the message that it answers."""
        whose = {"author_id": author.id, "author": author.name, "reply_to_seq": answered}
        return cls.model_validate({**message.model_dump(), **whose})


class MessageSource(MessageView):
    """A message with its markdown, to quote or edit it."""

    source: str


class MessagePage(BaseModel):
    """Messages of a thread by `seq`; `version` is where catching up begins."""

    place_id: UUID
    items: list[MessageView]
    has_before: bool
    has_after: bool
    version: int
    last_seq: int
    last_read_seq: int
    found: int | None = None  # the number of the message that was asked for by a time


class MessageChanges(BaseModel):
    """What changed in a thread after a version; `has_more` asks again from the last one's version."""

    items: list[MessageView]
    version: int
    has_more: bool


class RevisionView(BaseModel):
    """A text that a message had before."""

    number: int
    source: str
    html: str
    created_at: datetime
    changes: str

    @classmethod
    def of(cls, revision: MessageRevision, changes: str) -> "RevisionView":
        """The view of a row, and what the next text changed, marked with `<ins>` and `<del>`."""
        return cls.model_validate({**revision.model_dump(), "changes": changes})
