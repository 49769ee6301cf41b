"""The audit: written with the change itself, read by administrators of an organization or of the server."""

from collections.abc import AsyncIterator, Collection, Sequence
from uuid import UUID

from dfworx.audit.events import AuditExported
from dfworx.audit.models import AuditEvent
from dfworx.audit.repository import AuditEvents
from dfworx.audit.service_denials import keeper
from dfworx.audit.validators import AuditAsked, AuditCopy
from dfworx.audit.views import AuditPage, AuditView
from dfworx.core.actor import Actor
from dfworx.core.events import Event
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx, transaction
from dfworx.organizations import service as organizations

__all__ = ["concerning", "export", "keeper", "page", "record", "verbs"]

PAGE = 50
EXPORT = 1000


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
            session_id=tx.actor.session_id or tx.actor.token_id,
            name=event.name,
            about=event.about(),
            details=event.model_dump(mode="json"),
        )
    )


async def page(tx: Tx, asked: AuditAsked | None = None, before: str | None = None, size: int = 0) -> AuditPage:
    """What happened in the organization, or on the whole server; the newest first."""
    within = _scope(tx)
    size = size or PAGE
    rows = await AuditEvents(tx, within).page(asked or AuditAsked(), size + 1, read_cursor(before))
    items = await _shown(tx, rows[:size], within)
    last = items[-1] if len(rows) > size else None
    return AuditPage(items=items, next=last and cursor(last.created_at, last.id))


async def concerning(tx: Tx, user_id: UUID, memberships: Collection[UUID], size: int) -> list[AuditView]:
    """The newest by or about a person, who is known as a member of organizations too."""
    within = _scope(tx)
    return await _shown(tx, await AuditEvents(tx, within).concerning(user_id, memberships, size), within)


async def export(actor: Actor, asked: AuditCopy) -> AsyncIterator[AuditView]:
    """All that was asked for, part by part: no transaction stays open while somebody reads slowly."""
    async with transaction(actor) as tx:
        _scope(tx)
        tx.emit(AuditExported(asked=asked.model_dump(mode="json", exclude_defaults=True)))
    before: str | None = None
    while True:
        async with transaction(actor) as tx:
            part = await page(tx, asked, before, EXPORT)
        for item in part.items:
            yield item
        before = part.next
        if before is None:
            return


def verbs() -> list[str]:
    """What can have been done, to choose from."""
    return sorted(name for name, kind in Event.registry.items() if kind.audited and "._" not in name)


def _scope(tx: Tx) -> UUID | None:
    """The organization of the address for its administrators; None, all of them, for server admins."""
    if tx.actor.organization_id is not None:
        tx.actor.must(Verb.READ_AUDIT)
        return tx.actor.organization
    tx.actor.must_on_server(ServerVerb.READ_AUDIT)
    return None


async def _shown(tx: Tx, rows: Sequence[AuditEvent], within: UUID | None) -> list[AuditView]:
    names = await _names(tx, rows, within)
    return [AuditView.of(row, names, is_whole=within is not None) for row in rows]


async def _names(tx: Tx, rows: Sequence[AuditEvent], within: UUID | None) -> dict[UUID, str]:
    if within is not None:
        return await organizations.names(tx, {row.membership_id for row in rows})
    ids = {id_ for row in rows for id_ in (row.user_id, row.organization_id) if id_ is not None}
    return await AuditEvents(tx).names(ids) if ids else {}
