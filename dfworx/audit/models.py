"""Audit events: rows that can be added and read, never changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.infra.tables import Model

NEWEST = ("created_at", "id")
DENIED = text("denied_times is not null")


class AuditEvent(Model, table=True):
    """One fact: who did what to what; `organization_id` is empty for what a person does to the own account.

    Whatever the page can ask for has an index that ends with the time: a part costs the same among a million.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, *NEWEST),
        Index(None, "organization_id", *NEWEST),
        Index(None, "organization_id", "name", *NEWEST),
        Index(None, "user_id", *NEWEST),
        Index(None, "user_id", "name", *NEWEST),
        Index(None, "about", *NEWEST),
        Index(None, "name", *NEWEST),
        Index("audit_events_denied_index", *NEWEST, postgresql_where=DENIED),
        Index("audit_events_denied_organization_index", "organization_id", *NEWEST, postgresql_where=DENIED),
        Index("audit_events_denied_user_index", "user_id", *NEWEST, postgresql_where=DENIED),
    )

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    user_id: UUID | None = None
    membership_id: UUID | None = None
    session_id: UUID | None = None
    name: str
    about: UUID | None = None
    details: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    denied_times: int | None = None  # how often it was refused in a minute; none: it was done
