"""The outbox: what was announced, stored with the change, until the dispatcher has told everybody (transactional outbox pattern)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, func, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.core.events import Event
from dfworx.infra.tables import Model


class OutboxEntry(Model, table=True):
    """One announced event, waiting to be dispatched."""

    __tablename__ = "outbox"

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    name: str
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))

    def event(self) -> Event:
        """The event as it was announced."""
        return Event.registry[self.name].model_validate(self.payload)


outbox: Table = OutboxEntry.__table__  # type: ignore[attr-defined]  # SQLModel does not type __table__
store = insert(outbox)
waiting = func.count(outbox.c.id)
