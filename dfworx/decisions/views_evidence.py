"""What may go out about where a decision came from, and where it is named."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.decisions.models_evidence import Evidence, Snapshot
from dfworx.decisions.views import DecisionView
from dfworx.organizations.views import AuthorView


class EvidenceView(BaseModel):
    """A message that the decision came from, as it was; for whoever cannot see its thread only that there is one."""

    position: int
    is_redacted: bool
    has_changed: bool = False
    message_id: UUID | None = None
    thread_id: UUID | None = None
    seq: int | None = None
    author: str = ""
    written_at: datetime | None = None
    html: str = ""

    @classmethod
    def of(
        cls, row: Evidence, snapshot: Snapshot | None, author: AuthorView | None = None, *, has_changed: bool = False
    ) -> Self:
        """The view of a row and of what the reader may see of it."""
        if snapshot is None:
            return cls(position=row.position, is_redacted=True)
        said = snapshot.model_dump(include={"thread_id", "seq", "written_at", "html"})
        return cls(
            position=row.position,
            is_redacted=False,
            has_changed=has_changed,
            message_id=row.message_id,
            author=author.name if author else "",
            **said,
        )


class EvidenceLink(BaseModel):
    """That a message is evidence of a decision."""

    id: UUID
    message_id: UUID
    decision: DecisionView


class CitationView(BaseModel):
    """A message that names a decision."""

    message_id: UUID
    thread_id: UUID
    thread: str
    seq: int
