"""The outbox (transactional outbox pattern): what was announced, stored with the change, until everybody is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import Field

from dfworx.core.events import Event
from dfworx.infra.tables import Model


class OutboxEntry(Model, table=True):
    """One announced event, waiting to be dispatched."""

    __tablename__ = "outbox"

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    name: str
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    correlation_id: str = ""

    def event(self) -> Event | None:
        """The event as it was announced; none for one of another release."""
        return Event.read(self.name, self.payload)


store = text(
    """insert into dfworx.outbox (id, created_at, organization_id, name, payload, correlation_id)
       select e.id, :now, cast(:organization as uuid), e.name, e.payload, :correlation
       from jsonb_to_recordset(cast(:events as jsonb)) as e (id uuid, name text, payload jsonb)"""
)
_take = text(
    """delete from dfworx.outbox where id in (
         select id from dfworx.outbox order by id limit :most for update skip locked
       ) returning id, name, payload, correlation_id"""
)


@dataclass(frozen=True)
class Batch:
    """Entries that were taken, and the transaction that took them."""

    entries: list[OutboxEntry]
    connection: AsyncConnection

    @property
    def events(self) -> list[tuple[UUID, Event, str]]:
        """Id, event and the id of its request; none for events of another release."""
        return [(e.id, event, e.correlation_id) for e in self.entries if (event := e.event())]


@asynccontextmanager
async def taking(engine: AsyncEngine, most: int) -> AsyncIterator[Batch]:
    """The oldest entries that nobody else is taking, in their order; they are gone when the block ends well."""
    async with engine.begin() as connection:
        rows = (await connection.execute(_take, {"most": most})).all()
        entries = [
            OutboxEntry(id=row.id, name=row.name, payload=row.payload, correlation_id=row.correlation_id)
            for row in sorted(rows, key=lambda r: r.id)
        ]
        yield Batch(entries, connection)
