"""What may go out about decisions."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.decisions.models import Decision, DecisionRevision
from dfworx.decisions.models_evidence import Evidence, Snapshot
from dfworx.decisions.models_ledger import Entry
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.models_protocol import Concern, Position, Tally
from dfworx.decisions.validators import Option
from dfworx.organizations.views import AuthorView
from dfworx.tags.views import TagView


class DecisionView(BaseModel):
    """A decision in a list, or as a link: `ref` is `DEC-42`, or empty for a draft."""

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

    @classmethod
    def of(cls, row: Decision, **more: Any) -> Self:
        """The view of a row."""
        ref = f"DEC-{row.number}" if row.number else ""
        return cls.model_validate({**row.model_dump(), "ref": ref, "slug": row.slug, **more})


class DecisionSummary(DecisionView):
    """A decision in the register: who decides, and what is asked of the reader.

    `gist` is the chosen option or how the outcome begins; `answered` counts those asked who have said where they stand
    on the text as it is.
    """

    decider: str
    chosen: str
    gist: str
    asked: int
    answered: int
    is_asked: bool
    has_answered: bool
    concerns: int
    tags: list[TagView]


class DecisionPage(BaseModel):
    """A part of the register, the newest first; `next` asks for the following part."""

    items: list[DecisionSummary]
    next: str | None = None


class PositionView(BaseModel):
    """Where somebody stands; `is_stale` when it was taken on an earlier text."""

    id: UUID
    membership_id: UUID | None
    person: str
    stand: str
    reason: str
    version: int
    is_stale: bool
    is_late: bool
    created_at: datetime | None  # unknown where the order would tell whose it is

    @classmethod
    def of(cls, row: Position, person: str, version: int) -> Self:
        """The view of a row."""
        return cls.model_validate({**row.model_dump(), "person": person, "is_stale": row.version != version})


class ConcernView(BaseModel):
    """What blocks, or did."""

    id: UUID
    owner_id: UUID
    owner: str
    title: str
    html: str
    state: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: str
    reason: str

    @classmethod
    def of(cls, row: Concern, names: dict[UUID, str]) -> Self:
        """The view of a row."""
        closer = names.get(row.closed_by, "") if row.closed_by else ""
        return cls.model_validate({**row.model_dump(), "owner": names.get(row.owner_id, ""), "closed_by": closer})


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


class TallyView(BaseModel):
    """What the positions come to, and what is missing in words."""

    agree: int
    abstain: int
    disagree: int
    answered: int
    quorum: int
    share: int
    lacks: str
    is_hidden: bool = False  # until you have answered

    @classmethod
    def of(cls, tally: Tally, decision: Decision) -> Self:
        """The view of a count."""
        counts = {"agree": tally.agree, "abstain": tally.abstain, "disagree": tally.disagree}
        rule = decision.rule
        return cls(**counts, answered=tally.answered, quorum=rule.quorum, share=rule.share, lacks=tally.lacks(rule))

    def without_results(self) -> "TallyView":
        """How many have answered, and not what."""
        return self.model_copy(update={"agree": 0, "abstain": 0, "disagree": 0, "is_hidden": True})


class PersonView(BaseModel):
    """Somebody who is asked."""

    id: UUID
    name: str
    stand: str = ""


class CitationView(BaseModel):
    """A message that names a decision."""

    message_id: UUID
    thread_id: UUID
    thread: str
    seq: int


class Comparison(BaseModel):
    """How the options compare: counts, and the same in words and as a picture (SVG)."""

    kind: str
    options: list[str]
    ballots: int
    mine: dict[str, Any]
    is_hidden: bool = False
    scores: dict[str, float] = {}
    rounds: list[dict[str, Any]] = []
    duels: list[dict[str, Any]] = []
    winner: str = ""
    champion: str = ""
    words: list[str]
    picture: str = ""


class StaleView(BaseModel):
    """What something rests on that holds no more, and what took its place."""

    id: UUID
    because: DecisionView
    successor: DecisionView | None
    since: datetime


class StaleThreadView(BaseModel):
    """A thread that names a record that holds no more."""

    thread_id: UUID
    title: str
    because: DecisionView
    since: datetime


class Inbox(BaseModel):
    """What waits for you: positions, concerns on what you decide, reviews that are due, what grew stale.

    `id` is whose it is.
    """

    id: UUID
    positions: list[DecisionSummary]
    concerns: list[DecisionSummary]
    reviews: list[DecisionSummary]
    stale: list[DecisionSummary]
    count: int


class DecisionDetails(DecisionView):
    """A decision with all that belongs to it; markdown and what it looks like."""

    channel_id: UUID
    channel: str
    source_thread_id: UUID | None
    author: str
    decider: str
    context: str
    drivers: str
    options: list[Option]
    chosen: str
    outcome: str
    consequences: str
    confirmation: str
    more: str
    html: dict[str, str]
    paths: list[str]
    comment_hours: int
    is_business_days: bool
    is_hidden: bool
    is_anonymous: bool
    ballot: str
    consulted: str
    informed: str
    closing: str
    asked: list[PersonView]
    positions: list[PositionView]
    concerns: list[ConcernView]
    evidence: list[EvidenceView]
    tally: TallyView
    supersedes: list[DecisionView]
    successor: DecisionView | None
    cited_in: list[CitationView]
    stale: list[StaleView]
    is_due: bool
    tags: list[TagView]
    may: dict[str, bool]


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


class EntryView(BaseModel):
    """A link of the ledger."""

    position: int
    decision_id: UUID
    happened: str
    created_at: datetime
    digest: str
    previous: str

    @classmethod
    def of(cls, row: Entry) -> Self:
        """The view of a row."""
        return cls.model_validate(row.model_dump())


class LedgerView(BaseModel):
    """The end of the chain, and the first entry that was altered, if any."""

    entries: int
    head: str
    altered: EntryView | None = None
    reason: str = ""


class BroughtView(BaseModel):
    """What becomes of a record from elsewhere: its number here (a draft has none), and whether it is here already."""

    origin: str
    number: int | None
    is_known: bool
    decision_id: UUID | None = None
