"""The SQL of the audit."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, select

from dfworx.audit.models import AuditEvent
from dfworx.infra.database import Tx


class AuditEvents:
    """The facts of the organization, and adding one."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    def add(self, event: AuditEvent) -> None:
        """Store a fact with the transaction that it happened in."""
        self.tx.session.add(event)

    async def page(self, size: int, before: tuple[datetime, UUID] | None) -> Sequence[AuditEvent]:
        """The newest first, from before a fact on."""
        keyset = tuple_(col(AuditEvent.created_at), col(AuditEvent.id))
        query = select(AuditEvent).where(col(AuditEvent.organization_id) == self.tx.actor.organization)
        if before is not None:
            query = query.where(keyset < tuple_(*before))
        newest = query.order_by(col(AuditEvent.created_at).desc(), col(AuditEvent.id).desc())
        return (await self.tx.session.exec(newest.limit(size))).all()
