"""Evidence: the messages that a decision came from, as they were then."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment, text


class Evidence(TenantModel, table=True):
    """That there is evidence, for whoever sees the decision; what it says stands in the snapshot."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("decision_id", "message_id"), Index(None, "message_id"))

    decision_id: UUID = Field(foreign_key="decisions.id")
    message_id: UUID = Field(foreign_key="messages.id")
    position: int


class Snapshot(TenantModel, table=True):
    """The message as it was, for whoever sees its thread today."""

    __tablename__ = "evidence_snapshots"
    __table_args__ = (Index(None, "thread_id"), UniqueConstraint("evidence_id"))

    evidence_id: UUID = Field(foreign_key="evidence.id")
    thread_id: UUID = Field(foreign_key="threads.id")
    author_id: UUID = Field(foreign_key="memberships.id", index=True)
    seq: int
    revision: int
    written_at: datetime = moment(nullable=False)
    source: str = text()
    html: str = text()


class Citation(TenantModel, table=True):
    """That a message names a decision by its number."""

    __tablename__ = "citations"
    __table_args__ = (UniqueConstraint("message_id", "number"), Index(None, "organization_id", "number"))

    message_id: UUID = Field(foreign_key="messages.id", ondelete="CASCADE")
    number: int
