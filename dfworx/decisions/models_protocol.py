"""Who is asked, where they stand, and what concerns them; and what follows from that."""

from collections import Counter
from collections.abc import Iterable, Sized
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dfworx.decisions.errors import ConcernClosed
from dfworx.decisions.validators import Rule
from dfworx.infra.tables import TenantModel, moment, text

ALL = 100  # percent


class StandKind(StrEnum):
    """Where somebody stands."""

    AGREE = "agree"
    ABSTAIN = "abstain"
    DISAGREE = "disagree"


class Asking(TenantModel, table=True):
    """A member whose position is asked for."""

    __tablename__ = "decision_askings"
    __table_args__ = (UniqueConstraint("decision_id", "membership_id"),)

    decision_id: UUID = Field(foreign_key="decisions.id")
    membership_id: UUID = Field(foreign_key="memberships.id", index=True)
    reminded_at: datetime | None = moment()


class Position(TenantModel, table=True):
    """A member's stand on one text of a proposal; the last one holds, those before it are its history."""

    __tablename__ = "positions"
    __table_args__ = (Index(None, "decision_id", "membership_id", "id"),)

    decision_id: UUID = Field(foreign_key="decisions.id")
    membership_id: UUID = Field(foreign_key="memberships.id", index=True)
    version: int
    stand: str
    reason: str = text(default="")
    is_late: bool = False


class ConcernState(StrEnum):
    """Whether a concern still blocks."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    RESOLVED = "resolved"


class Concern(TenantModel, table=True):
    """What blocks a proposal: named, owned, open until its owner withdraws it or the decider resolves it."""

    __tablename__ = "concerns"
    __table_args__ = (Index(None, "decision_id"),)

    decision_id: UUID = Field(foreign_key="decisions.id")
    owner_id: UUID = Field(foreign_key="memberships.id", index=True)
    title: str
    source: str = text(default="")
    html: str = text(default="")
    state: str = ConcernState.OPEN
    closed_at: datetime | None = moment()
    closed_by: UUID | None = Field(default=None, foreign_key="memberships.id", index=True)
    reason: str = text(default="")

    def must_be_open(self) -> None:
        """What is closed is neither closed again nor discussed."""
        if self.state != ConcernState.OPEN:
            raise ConcernClosed

    def close(self, state: ConcernState, by: UUID, at: datetime, reason: str) -> None:
        """Let it block no more; the reason stays."""
        self.must_be_open()
        self.state, self.closed_by, self.closed_at, self.reason = state, by, at, reason


class ConcernReply(TenantModel, table=True):
    """What somebody has said about a concern while it was open; it stays on the record."""

    __tablename__ = "concern_replies"
    __table_args__ = (Index(None, "concern_id", "id"),)

    concern_id: UUID = Field(foreign_key="concerns.id")
    author_id: UUID = Field(foreign_key="memberships.id", index=True)
    source: str = text()
    html: str = text()


class Tally(NamedTuple):
    """What the positions on the text as it stands come to."""

    agree: int
    abstain: int
    disagree: int
    concerns: int  # that are open

    @property
    def answered(self) -> int:
        """How many have a position."""
        return self.agree + self.abstain + self.disagree

    def carries(self, rule: Rule) -> bool:
        """Whether it is enough: no open concern, the quorum, and the share of those who agree or disagree."""
        if self.concerns or self.answered < rule.quorum:
            return False
        if rule.share == ALL:
            return self.agree > 0 and not self.disagree
        return rule.share == 0 or self.agree * ALL > rule.share * (self.agree + self.disagree)

    def lacks(self, rule: Rule) -> str:
        """What it waits for, in words; empty when it is enough."""
        if self.concerns:
            return f"{self.concerns} open concern{'s' if self.concerns > 1 else ''}"
        if self.answered < rule.quorum:
            more = rule.quorum - self.answered
            return f"{more} more position{'s' if more > 1 else ''}"
        if self.carries(rule):
            return ""
        return f"more than {rule.share} % who agree" if rule.share < ALL else "all to agree"


def answered(version: int, positions: Iterable[Position], holders: Iterable[UUID]) -> set[UUID]:
    """Who is asked no more: whoever has a position on this text, or holds it by an open concern.

    It is no count: a quorum is made of positions alone. `waits_for` and the functions of the database that find whom
    to remind say the same in SQL.
    """
    return {position.membership_id for position in positions if position.version == version} | {*holders}


def shortfall(quorum: int, asked: Sized, said: set[UUID], able: set[UUID], *, is_anonymous: bool) -> str:
    """What to do where those who have said where they stand and those who still can are too few; empty otherwise.

    Of anonymous positions it does not tell whose they are: whoever cannot answer any more is taken for who has.
    """
    silent = len(able) - max(0, len(said) - len(asked) + len(able)) if is_anonymous else len(able - said)
    if len(said) + silent >= quorum:
        return ""
    return f"Of those asked, {f'only {silent}' if silent else 'nobody'} can still answer: ask somebody else."


def tally(version: int, positions: Iterable[Position], concerns: Iterable[Concern]) -> Tally:
    """Count the positions that hold: one a member, on this text; a stand on an earlier text is not one on this."""
    holding = Counter(position.stand for position in positions if position.version == version and not position.is_late)
    return Tally(
        agree=holding[StandKind.AGREE],
        abstain=holding[StandKind.ABSTAIN],
        disagree=holding[StandKind.DISAGREE],
        concerns=sum(concern.state == ConcernState.OPEN for concern in concerns),
    )
