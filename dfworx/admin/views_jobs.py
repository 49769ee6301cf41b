"""The queue as it may go out: what is done, never what it carries."""

from datetime import datetime

from pydantic import BaseModel

from dfworx.infra.queue import JobView, Overview


class QueueView(BaseModel):
    """How much waits, and since when."""

    waiting: int
    doing: int
    dead: int
    outbox: int
    outbox_oldest: datetime | None

    @classmethod
    def of(cls, seen: Overview) -> "QueueView":
        """The view of what was counted."""
        return cls.model_validate(seen, from_attributes=True)


class AdminJob(BaseModel):
    """One job; `error` is why it failed the last time."""

    id: int
    name: str
    status: str
    attempts: int
    at: datetime | None
    scheduled_at: datetime | None
    correlation_id: str
    error: str | None

    @classmethod
    def of(cls, job: JobView) -> "AdminJob":
        """The view of a job."""
        return cls.model_validate(job, from_attributes=True)


class JobsPage(BaseModel):
    """A part of the jobs, the newest first; `next` asks for the following part."""

    items: list[AdminJob]
    next: int | None
