"""The audit: written with the change itself, read by administrators."""

from uuid import UUID

from dfworx.audit.models import AuditEvent
from dfworx.audit.repository import AuditEvents
from dfworx.audit.views import AuditPage, AuditView
from dfworx.core.events import Event
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import Verb
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations

PAGE = 50


async def record(tx: Tx, event: Event) -> None:
    """Keep an announced fact; events carry views, which hold no secrets."""
    if not event.audited:
        return
    AuditEvents(tx).add(
        AuditEvent(
            created_at=tx.now,
            organization_id=tx.actor.organization_id,
            user_id=tx.actor.user_id,
            membership_id=tx.actor.membership_id,
            session_id=tx.actor.session_id,
            name=event.name,
            about=event.about(),
            details=event.model_dump(mode="json"),
        )
    )


async def page(tx: Tx, before: str | None = None) -> AuditPage:
    """What happened in the organization, the newest first."""
    tx.actor.must(Verb.READ_AUDIT)
    rows = await AuditEvents(tx).page(PAGE + 1, read_cursor(before))
    names = await organizations.names(tx, {row.membership_id for row in rows})
    items = [AuditView.of(row, _actor(row, names)) for row in rows[:PAGE]]
    last = items[-1] if len(rows) > PAGE else None
    return AuditPage(items=items, next=last and cursor(last.created_at, last.id))


def _actor(row: AuditEvent, names: dict[UUID, str]) -> str:
    return "system" if row.membership_id is None else names.get(row.membership_id, "")
