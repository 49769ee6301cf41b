"""What becomes of records: what cites them, what grew stale with them, and every state that they had."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment


class DecisionCitation(TenantModel, table=True):
    """That the text of a decision names another by its number."""

    __tablename__ = "decision_citations"
    __table_args__ = (UniqueConstraint("decision_id", "number"), Index(None, "organization_id", "number"))

    decision_id: UUID = Field(foreign_key="decisions.id")
    number: int


class StaleMark(TenantModel, table=True):
    """A decision or a thread that rests on a record that holds no more, until somebody has looked at it."""

    __tablename__ = "stale_marks"
    __table_args__ = (UniqueConstraint("because_id", "decision_id"), UniqueConstraint("because_id", "thread_id"))

    because_id: UUID = Field(foreign_key="decisions.id")
    decision_id: UUID | None = Field(default=None, foreign_key="decisions.id", index=True)
    thread_id: UUID | None = Field(default=None, foreign_key="threads.id", index=True)
    cleared_at: datetime | None = moment()
    cleared_by: UUID | None = Field(default=None, foreign_key="memberships.id", index=True)


class DecisionState(TenantModel, table=True):
    """A decision as it was from a moment on; a trigger writes it. `changed_at` orders those of one transaction."""

    __tablename__ = "decision_history"
    __table_args__ = (Index(None, "decision_id", "created_at"), Index(None, "organization_id", "created_at"))

    decision_id: UUID = Field(foreign_key="decisions.id")
    changed_at: datetime = moment(nullable=False)
    state: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


def resting_on(gone: UUID, cites: dict[UUID, set[UUID]]) -> set[UUID]:
    """Every record that names this one, or one that does, and so on; `cites` says who names whom."""
    named_by: dict[UUID, set[UUID]] = {}
    for citing, named in cites.items():
        for each in named:
            named_by.setdefault(each, set()).add(citing)
    found: set[UUID] = set()
    ahead = [gone]
    while ahead:
        for citing in named_by.get(ahead.pop(), set()) - found - {gone}:
            found.add(citing)
            ahead.append(citing)
    return found
