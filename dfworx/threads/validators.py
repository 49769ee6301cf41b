"""What may come in for threads."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dfworx.core.texts import legible

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(legible)]


class NewThread(BaseModel):
    """A thread to open."""

    model_config = ConfigDict(extra="forbid")

    title: Title


class Move(BaseModel):
    """Where a thread goes; `reveal` confirms that what was private is for everybody from then on."""

    model_config = ConfigDict(extra="forbid")

    channel_id: UUID
    reveal: bool = False


class ImportedThread(NewThread):
    """A thread from elsewhere: where it came from stays the same at each import."""

    channel_id: UUID
    origin: str
    began: datetime
    is_record: bool = False


class Growth(BaseModel):
    """How many messages were brought into a thread, when the last one was written, and whether that settled it."""

    thread_id: UUID
    messages: int = 0
    last: datetime | None = None
    is_resolved: bool


class Reading(BaseModel):
    """How far somebody has read."""

    model_config = ConfigDict(extra="forbid")

    seq: int = Field(ge=0)
