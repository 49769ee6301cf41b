"""What may go out about who said what: positions, concerns, counts, comparisons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.decisions.models import Decision
from dfworx.decisions.models_protocol import Concern, ConcernReply, Position, Tally


class PositionView(BaseModel):
    """Where somebody stands; `is_stale` when it was taken on an earlier text; `was` what they had said before."""

    id: UUID
    membership_id: UUID | None
    person: str
    stand: str
    was: str = ""  # in the history alone, where it is seen whose it is
    reason: str
    html: str = ""
    version: int
    is_stale: bool
    is_late: bool
    created_at: datetime | None  # unknown where the order would tell whose it is

    @classmethod
    def of(cls, row: Position, person: str, version: int) -> Self:
        """The view of a row."""
        return cls.model_validate({**row.model_dump(), "person": person, "is_stale": row.version != version})


class ReplyView(BaseModel):
    """What somebody has said about a concern."""

    id: UUID
    membership_id: UUID
    person: str
    source: str
    html: str
    created_at: datetime

    @classmethod
    def of(cls, row: ConcernReply, names: dict[UUID, str]) -> Self:
        """The view of a row."""
        author = {"membership_id": row.author_id, "person": names.get(row.author_id, "")}
        return cls.model_validate({**row.model_dump(), **author})


class ConcernView(BaseModel):
    """What blocks, or did, and what was said about it; `title_html` and `reason_html`: what markdown looks like."""

    id: UUID
    owner_id: UUID
    owner: str
    title: str
    title_html: str = ""
    html: str
    state: str
    created_at: datetime
    closed_at: datetime | None
    closed_by: str
    reason: str
    reason_html: str = ""
    replies: list[ReplyView]

    @classmethod
    def of(cls, row: Concern, names: dict[UUID, str], replies: Sequence[ConcernReply]) -> Self:
        """The view of a row; names are those of everybody concerned."""
        people = {
            "owner": names.get(row.owner_id, ""),
            "closed_by": names.get(row.closed_by, "") if row.closed_by else "",
        }
        said = [ReplyView.of(reply, names) for reply in replies]
        return cls.model_validate({**row.model_dump(), **people, "replies": said})


class TallyView(BaseModel):
    """What the positions come to, and what is missing in words; `short`: who decides has to ask somebody else."""

    agree: int
    abstain: int
    disagree: int
    answered: int
    quorum: int
    share: int
    lacks: str
    short: str = ""
    is_hidden: bool = False  # until you have answered

    @classmethod
    def of(cls, tally: Tally, decision: Decision, short: str = "") -> Self:
        """The view of a count."""
        counts = {"agree": tally.agree, "abstain": tally.abstain, "disagree": tally.disagree}
        rule = decision.rule
        needed = {"answered": tally.answered, "quorum": rule.quorum, "share": rule.share}
        return cls(**counts, **needed, lacks=tally.lacks(rule), short=short)

    def without_results(self) -> "TallyView":
        """How many have answered, and not what."""
        hidden: dict[str, Any] = {"agree": 0, "abstain": 0, "disagree": 0, "is_hidden": True}
        is_told = self.answered < self.quorum or "concern" in self.lacks
        return self.model_copy(update=hidden if is_told else {**hidden, "lacks": ""})


class PersonView(BaseModel):
    """Somebody who is asked; `has_concern`: a concern of theirs is open, so nothing waits for their position."""

    id: UUID
    name: str
    stand: str = ""
    has_concern: bool = False


class AskedView(BaseModel):
    """Whom a proposal would ask, or ask besides, and how many that are; nobody named: every member may answer."""

    count: int
    people: list[PersonView]


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
