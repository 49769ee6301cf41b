"""What may come in for messages."""

from datetime import datetime
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dfworx.core.ids import new_id

MAX_SOURCE = 40_000


def _visible(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    if "\x00" in value:
        raise ValueError("contains a character that cannot be stored")
    return value


Source = Annotated[str, StringConstraints(min_length=1, max_length=MAX_SOURCE), AfterValidator(_visible)]


class NewMessage(BaseModel):
    """Markdown to post; `client_key` makes a retry find the first one instead of posting again."""

    model_config = ConfigDict(extra="forbid")

    source: Source
    client_key: UUID = Field(default_factory=new_id)
    reply_to_id: UUID | None = None


class ImportedMessage(NamedTuple):
    """A message from elsewhere: its author's membership, its own time, and a key that stays the same at each import.

    `html` is what `infra.markdown.render` makes of the source: whoever brings many messages renders them beside.
    """

    thread_id: UUID
    author_id: UUID
    client_key: UUID
    source: str
    html: str
    created_at: datetime


class MessageChange(BaseModel):
    """A new text."""

    model_config = ConfigDict(extra="forbid")

    source: Source
