"""What the palette finds."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class FoundChannel(BaseModel):
    """A channel to go to."""

    id: UUID
    name: str
    is_private: bool


class FoundThread(BaseModel):
    """A thread to go to, and where it is."""

    id: UUID
    title: str
    channel: str
    is_resolved: bool
    last_message_at: datetime | None


class FoundPerson(BaseModel):
    """Somebody of the organization."""

    id: UUID
    name: str
    role: str


class FoundDecision(BaseModel):
    """A decision to go to, at `/o/SLUG/d/` and its `address`; a draft has no `ref` yet."""

    id: UUID
    address: str
    ref: str
    title: str
    status: str


class Findings(BaseModel):
    """What was found, each kind with the best first."""

    channels: list[FoundChannel]
    threads: list[FoundThread]
    people: list[FoundPerson]
    decisions: list[FoundDecision]
