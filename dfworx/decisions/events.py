"""What decisions announce."""

from typing import Literal
from uuid import UUID

from dfworx.core.events import Event
from dfworx.decisions.views import DecisionView


class _DecisionEvent(Event):
    decision: DecisionView
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """The decision."""
        return self.decision.id


class DecisionDrafted(_DecisionEvent):
    """Somebody writes down what is to be decided."""

    message_ids: tuple[UUID, ...] = ()
    source_thread_id: UUID | None = None


class DecisionRevised(_DecisionEvent):
    """It has another text."""


class DecisionAmended(_DecisionEvent):
    """A typing error of a closed record was corrected."""

    note: str


class DecisionProposed(_DecisionEvent):
    """It has a number, and people are asked for their position."""

    asked: tuple[UUID, ...]


class FinalCommentBegan(_DecisionEvent):
    """Enough agree and nothing blocks: what is to be said is said now."""


class FinalCommentStopped(_DecisionEvent):
    """Something came up."""

    why: str


class DecisionAccepted(_DecisionEvent):
    """It holds from now on."""


class DecisionRejected(_DecisionEvent):
    """It does not."""

    why: str


class DecisionWithdrawn(_DecisionEvent):
    """Whoever proposed it takes it back."""

    why: str


class DecisionSuperseded(_DecisionEvent):
    """Another record takes its place."""

    successor: DecisionView


class DecisionDeprecated(_DecisionEvent):
    """It holds no more, and nothing takes its place."""

    why: str


class PositionTaken(_DecisionEvent):
    """A member has said where they stand; how is empty where that is hidden or anonymous."""

    membership_id: UUID
    stand: str


class BallotCast(_DecisionEvent):
    """A member has compared the options; how is not told."""

    membership_id: UUID


class ConcernRaised(_DecisionEvent):
    """Something blocks it."""

    concern_id: UUID
    concern: str


class ConcernEnded(_DecisionEvent):
    """It blocks no more: withdrawn by its owner, or resolved by the decider."""

    concern_id: UUID
    concern: str
    state: str
    why: str


class DecisionImported(_DecisionEvent):
    """It was brought in from elsewhere, as it stands there."""

    audited = False  # the import says it, for all that it brought


class DecisionConfirmed(_DecisionEvent):
    """Somebody has looked at it: it still holds."""


class DecisionGrewStale(_DecisionEvent):
    """It rests on a record that holds no more."""

    because: DecisionView


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
    kind: Literal["asked", "reminder", "concern", "accepted", "rejected"]
    by: str
