"""The life cycle of a decision: every state, every step, and the picture of both. The database holds the same table."""

from enum import StrEnum
from typing import NamedTuple

from dfworx.decisions.errors import NotThisStep


class Status(StrEnum):
    """Where a decision stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    FINAL_COMMENT = "final_comment"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    DEPRECATED = "deprecated"


class Step(StrEnum):
    """What can be done to a decision as a whole."""

    PROPOSE = "propose"
    BEGIN_FINAL_COMMENT = "begin final comment"
    STOP_FINAL_COMMENT = "stop final comment"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    DEPRECATE = "deprecate"


class Move(NamedTuple):
    """From where a step leads where, and who takes it."""

    step: Step
    source: Status
    target: Status
    by: str


MOVES = (
    Move(Step.PROPOSE, Status.DRAFT, Status.PROPOSED, "who drafts"),
    Move(Step.WITHDRAW, Status.DRAFT, Status.WITHDRAWN, "who drafts"),
    Move(Step.BEGIN_FINAL_COMMENT, Status.PROPOSED, Status.FINAL_COMMENT, "quorum, no open concern"),
    Move(Step.STOP_FINAL_COMMENT, Status.FINAL_COMMENT, Status.PROPOSED, "a concern, another text"),
    Move(Step.ACCEPT, Status.FINAL_COMMENT, Status.ACCEPTED, "the end of final comment"),
    Move(Step.REJECT, Status.PROPOSED, Status.REJECTED, "the decider"),
    Move(Step.REJECT, Status.FINAL_COMMENT, Status.REJECTED, "the decider"),
    Move(Step.WITHDRAW, Status.PROPOSED, Status.WITHDRAWN, "who proposed"),
    Move(Step.WITHDRAW, Status.FINAL_COMMENT, Status.WITHDRAWN, "who proposed"),
    Move(Step.SUPERSEDE, Status.ACCEPTED, Status.SUPERSEDED, "the record that takes its place"),
    Move(Step.DEPRECATE, Status.ACCEPTED, Status.DEPRECATED, "the decider"),
)

OPEN = frozenset({Status.PROPOSED, Status.FINAL_COMMENT})  # positions are asked for
WRITABLE = frozenset({Status.DRAFT, *OPEN})
IN_FORCE = frozenset({Status.ACCEPTED})
RECORDED = frozenset({Status.ACCEPTED, Status.REJECTED, Status.SUPERSEDED, Status.DEPRECATED})  # stands in the ledger

_TARGETS = {(move.source, move.step): move.target for move in MOVES}


def after(status: Status, step: Step) -> Status:
    """Where a step leads from here; NotThisStep where there is no such step."""
    try:
        return _TARGETS[status, step]
    except KeyError:
        raise NotThisStep(f"What is {status.replace('_', ' ')} cannot {step}.") from None


def steps_from(status: Status) -> frozenset[Step]:
    """The steps that lead on from here."""
    return frozenset(move.step for move in MOVES if move.source == status)


def diagram() -> str:
    """The machine in Mermaid's language, as it stands in docs/deciding.md."""
    lines = [f"    {move.source} --> {move.target}: {move.step} ({move.by})" for move in MOVES]
    return "\n".join(["stateDiagram-v2", "    [*] --> draft", *lines])
