"""What may go out of the audit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dfworx.audit.models import AuditEvent


class AuditView(BaseModel):
    """One fact: who did what to what, when; or what they were refused, and how often within a minute."""

    id: UUID
    created_at: datetime
    name: str
    actor: str
    user_id: UUID | None
    membership_id: UUID | None
    about: UUID | None
    organization_id: UUID | None
    organization: str
    denied_times: int | None
    details: dict[str, Any]

    @classmethod
    def of(cls, event: AuditEvent, names: Mapping[UUID, str], *, is_whole: bool) -> "AuditView":
        """The view of a row; what an organization's events hold is for its own administrators."""
        shown = event.model_dump(exclude={"session_id"})
        if not is_whole and event.organization_id is not None and event.denied_times is None:
            shown["details"] = {}
        organization = names.get(event.organization_id, "") if event.organization_id else ""
        return cls(**shown, actor=_actor(event, names), organization=organization)


def _actor(event: AuditEvent, names: Mapping[UUID, str]) -> str:
    if event.user_id is None and event.membership_id is None:
        return "nobody" if event.denied_times else "system"
    ids = [id_ for id_ in (event.membership_id, event.user_id) if id_ is not None]
    return next((names[id_] for id_ in ids if id_ in names), "")


class AuditPage(BaseModel):
    """A part of the audit, the newest first; `next` asks for the following part."""

    items: list[AuditView]
    next: str | None
