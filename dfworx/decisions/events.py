"""What decisions announce."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from dfworx.core.events import Event
from dfworx.decisions.views import DecisionView


class DecisionEvent(Event):
    """Something happened to a decision: every kind reaches the pages that show it."""

    decision: DecisionView
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """The decision."""
        return self.decision.id


class DecisionDrafted(DecisionEvent):
    """Somebody writes down what is to be decided."""

    message_ids: tuple[UUID, ...] = ()
    source_thread_id: UUID | None = None


class DecisionRevised(DecisionEvent):
    """It has another text."""


class DecisionAmended(DecisionEvent):
    """A typing error of a closed record was corrected."""

    note: str


class DecisionProposed(DecisionEvent):
    """It has a number, and people are asked for their position."""

    asked: tuple[UUID, ...]
    replaces: tuple[UUID, ...] = ()  # the records whose pages say that it would take their place


class PeopleAsked(DecisionEvent):
    """More people are asked for their position."""

    asked: tuple[UUID, ...]


class FinalCommentBegan(DecisionEvent):
    """Enough agree and nothing blocks: what is to be said is said now."""


class FinalCommentStopped(DecisionEvent):
    """Something came up."""

    why: str


class DecisionAccepted(DecisionEvent):
    """It holds from now on."""


class DecisionRejected(DecisionEvent):
    """It does not."""

    why: str
    replaces: tuple[UUID, ...] = ()


class DecisionWithdrawn(DecisionEvent):
    """Whoever proposed it takes it back."""

    why: str
    replaces: tuple[UUID, ...] = ()


class DecisionSuperseded(DecisionEvent):
    """Another record takes its place."""

    successor: DecisionView


class DecisionDeprecated(DecisionEvent):
    """It holds no more, and nothing takes its place."""

    why: str


class PositionTaken(DecisionEvent):
    """A member has said where they stand; how is empty where that is hidden or anonymous."""

    membership_id: UUID
    stand: str


class BallotCast(DecisionEvent):
    """A member has compared the options; how is not told."""

    membership_id: UUID


class ConcernRaised(DecisionEvent):
    """Something blocks it."""

    concern_id: UUID
    concern: str


class ConcernAnswered(DecisionEvent):
    """Somebody has said something about a concern."""

    concern_id: UUID
    concern: str
    reply_id: UUID


class ConcernEnded(DecisionEvent):
    """It blocks no more: withdrawn by its owner, or resolved by the decider."""

    concern_id: UUID
    concern: str
    state: str
    why: str


class DecisionImported(DecisionEvent):
    """It was brought in from elsewhere, as it stands there."""

    audited = False  # the import says it, for all that it brought


class DecisionConfirmed(DecisionEvent):
    """Somebody has looked at it: it still holds."""


class DecisionGrewStale(DecisionEvent):
    """It rests on a record that holds no more."""

    because: DecisionView


class DecisionNamed(Event):
    """A message or another record names it, or no more: its open page says so."""

    audited = False  # the message or the text says it

    decision_id: UUID
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """The decision."""
        return self.decision_id


class ThreadConfirmed(Event):
    """Somebody has looked at a thread that names a record that holds no more."""

    thread_id: UUID

    def about(self) -> UUID:
        """The thread."""
        return self.thread_id


class MemberNotified(Event):
    """Something waits for a member, or is decided: they hear of it by mail, each by a job of their own."""

    audited = False

    organization_id: UUID
    user_id: UUID
    membership_id: UUID
    decision: DecisionView
    kind: Literal["asked", "reminder", "concern", "reply", "accepted", "rejected"]
    by: str
    concern_id: UUID | None = None  # which it is about
    concern: str = ""
    occasion: UUID | None = None  # what it tells of, if not of the decision: nobody is told the same twice


class MemberDigested(Event):
    """It is the day on which a member is mailed all that waits for them."""

    audited = False

    organization_id: UUID
    user_id: UUID
    membership_id: UUID
    at: datetime | None = None  # which day; the release before this one does not say it
