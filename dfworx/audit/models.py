"""Audit events: rows that can be added and read, never changed."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.infra.tables import Model


class AuditEvent(Model, table=True):
    """One fact: who did what to what; `organization_id` is empty for what a person does to the own account."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "organization_id", "created_at", "id"),)

    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    user_id: UUID | None = None
    membership_id: UUID | None = None
    session_id: UUID | None = None
    name: str
    about: UUID | None = None
    details: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
