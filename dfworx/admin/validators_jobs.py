"""What may be asked of the queue."""

from typing import Literal

from pydantic import Field

from dfworx.accounts.validators import Incoming


class JobsAsked(Incoming):
    """Which jobs: in which state."""

    status: Literal["todo", "doing", "failed", "succeeded"] | None = None


class JobsPart(JobsAsked):
    """The same, from behind a job on."""

    before: int | None = Field(None, ge=0, le=2**62)
