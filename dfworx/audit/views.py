"""What may go out of the audit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dfworx.audit.models import AuditEvent


class AuditView(BaseModel):
    """One fact: who did what to what, when."""

    id: UUID
    created_at: datetime
    name: str
    actor: str
    user_id: UUID | None
    membership_id: UUID | None
    about: UUID | None
    details: dict[str, Any]

    @classmethod
    def of(cls, event: AuditEvent, actor: str) -> "AuditView":
        """The view of a row."""
        return cls(**event.model_dump(exclude={"organization_id", "session_id"}), actor=actor)


class AuditPage(BaseModel):
    """A part of the audit, the newest first; `next` asks for the following part."""

    items: list[AuditView]
    next: str | None
