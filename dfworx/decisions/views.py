"""What may go out about decisions."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, model_validator

from dfworx.decisions.models import Decision, DecisionRevision
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.validators import Content
from dfworx.decisions.validators_address import address_of
from dfworx.tags.views import TagView


class DecisionView(BaseModel):
    """A decision in a list, or as a link: `ref` is `DEC-42`, or empty for a draft.

    `address` is `DEC-42-what-it-is-called`, or its id as long as it has no number.
    """

    id: UUID
    number: int | None
    ref: str
    slug: str
    title: str
    status: Status
    version: int
    thread_id: UUID
    created_by: UUID
    decider_id: UUID | None
    created_at: datetime
    proposed_at: datetime | None
    comment_ends_at: datetime | None
    closed_at: datetime | None
    review_on: date | None
    superseded_by: UUID | None
    address: str = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        self.address = address_of(self.id, self.number, self.slug)
        return self

    @classmethod
    def of(cls, row: Decision, **more: Any) -> Self:
        """The view of a row."""
        ref = f"DEC-{row.number}" if row.number else ""
        return cls.model_validate({**row.model_dump(), "ref": ref, "slug": row.slug, **more})


class DecisionSummary(DecisionView):
    """A decision in the register: who decides, and what is asked of the reader.

    `gist` is the chosen option or how the outcome begins; `answered` counts those asked who have said where they stand
    on the text as it is; `has_answered`: the reader has, or has a concern open; `held_by`: its open concerns;
    `is_stale`: it rests on what holds no more; `successor_ref`: what took its place.
    """

    decider: str
    chosen: str
    gist: str
    asked: int
    answered: int
    is_asked: bool
    has_answered: bool
    concerns: int
    held_by: list[str]
    tags: list[TagView]
    is_stale: bool
    successor_ref: str


class DecisionPage(BaseModel):
    """A part of the register, the newest first; `next` asks for the following part."""

    items: list[DecisionSummary]
    next: str | None = None


class RegisterCounts(BaseModel):
    """How many decisions each part of the register has for the reader.

    `waiting` for a position of theirs, `open`, `in_force`, `due` for review, `stale`, `drafts`, and `all`, whatever
    became of them.
    """

    waiting: int
    open: int
    in_force: int
    due: int
    stale: int
    drafts: int
    all: int


class DecisionRevisionView(BaseModel):
    """A text that a decision had, and what it changed of the one before."""

    version: int
    written_by: str
    created_at: datetime
    note: str
    changes: str

    @classmethod
    def of(cls, row: DecisionRevision, person: str, changes: str) -> Self:
        """The view of a row; `changes` is HTML with `<ins>` and `<del>`."""
        said = row.model_dump(include={"version", "created_at", "note"})
        return cls(written_by=person, changes=changes, **said)


class RecordFile(BaseModel):
    """A record as a file; one that has no number yet has a name only where it is kept in a folder already.

    One that stays out, because its channel is private, is there for its number alone: its text is empty. `unsaid`: the
    channels that it governs and its text does not name.
    """

    id: UUID
    ref: str
    number: int | None
    title: str
    status: Status
    version: int
    origin: str | None
    name: str
    text: str
    content: Content
    stays_out: bool
    unsaid: list[str]


class BroughtView(BaseModel):
    """What becomes of a record from elsewhere: its number here (a draft has none), and whether it is here already."""

    origin: str
    number: int | None
    is_known: bool
    decision_id: UUID | None = None
