"""The SQL of the audit."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as UUID_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dfworx.audit.models import AuditEvent
from dfworx.audit.validators import AuditAsked
from dfworx.infra.database import Tx

NAMES = text("select id, name from dfworx.admin_names(:ids)").bindparams(bindparam("ids", type_=ARRAY(UUID_())))
KEEP_DENIALS = text("select dfworx.keep_denials(cast(:rows as jsonb))")


NEWEST = (col(AuditEvent.created_at).desc(), col(AuditEvent.id).desc())


class AuditEvents:
    """The facts of the organization, or of all of them; and adding one."""

    def __init__(self, tx: Tx, within: UUID | None = None) -> None:
        self.tx, self.within = tx, within

    def add(self, event: AuditEvent) -> None:
        """Store a fact with the transaction that it happened in."""
        self.tx.session.add(event)

    async def page(self, asked: AuditAsked, size: int, before: tuple[datetime, UUID] | None) -> Sequence[AuditEvent]:
        """The newest first, from before a fact on."""
        query = asked_for(asked, self.within)
        if before is not None:
            query = query.where(tuple_(col(AuditEvent.created_at), col(AuditEvent.id)) < tuple_(*before))
        return (await self.tx.session.exec(query.order_by(*NEWEST).limit(size))).all()

    async def concerning(self, user_id: UUID, known_as: Collection[UUID], size: int) -> Sequence[AuditEvent]:
        """The newest by or about somebody; each is asked of its index, and costs the same among a million events."""
        asked = [AuditAsked(user_id=user_id), *[AuditAsked(about=id_) for id_ in (user_id, *known_as)]]
        found = {event.id: event for each in asked for event in await self.page(each, size, None)}
        return sorted(found.values(), key=lambda event: (event.created_at, event.id), reverse=True)[:size]

    async def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of people and organizations, for server admins."""
        return {row.id: row.name for row in await self.tx.rows(NAMES, {"ids": list(ids)})}


def asked_for(asked: AuditAsked, within: UUID | None) -> SelectOfScalar[AuditEvent]:
    """The facts that were asked for; row-level security decides what is among them."""
    query = select(AuditEvent)
    equal = {
        AuditEvent.organization_id: within or asked.organization_id,
        AuditEvent.user_id: asked.user_id,
        AuditEvent.about: asked.about,
        AuditEvent.name: asked.name or None,
    }
    for column, value in equal.items():
        if value is not None:
            query = query.where(col(column) == value)
    if asked.outcome == "denied":
        query = query.where(col(AuditEvent.denied_times).is_not(None))
    if asked.begins:
        query = query.where(col(AuditEvent.created_at) >= asked.begins)
    return query.where(col(AuditEvent.created_at) < asked.ends) if asked.ends else query


class Denials:
    """What was refused; written apart from what it ended."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def add(self, rows: str) -> None:
        """Store refusals."""
        await self.tx.run(KEEP_DENIALS, {"rows": rows})
