"""What may be asked of the audit."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as of_day
from typing import Literal
from uuid import UUID

from pydantic import Field

from dfworx.accounts.validators import Incoming


class AuditAsked(Incoming):
    """Which events: by whom, about what, what, refused ones alone, and on which days (UTC, both included)."""

    user_id: UUID | None = None
    about: UUID | None = None
    name: str = Field("", max_length=200)
    outcome: Literal["denied"] | None = None
    since: date | None = None
    until: date | None = None
    organization_id: UUID | None = None

    @property
    def begins(self) -> datetime | None:
        """The first moment that counts."""
        return datetime.combine(self.since, of_day(), UTC) if self.since else None

    @property
    def ends(self) -> datetime | None:
        """The first moment that does not count any more."""
        return datetime.combine(self.until, of_day(), UTC) + timedelta(days=1) if self.until else None


class AuditPart(AuditAsked):
    """The same, from behind an event on."""

    before: str | None = None


class AuditCopy(AuditAsked):
    """The same, to take away."""

    format: Literal["csv", "jsonl"] = "jsonl"
