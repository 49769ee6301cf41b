"""What was refused: told to whoever keeps it, apart from the transaction that it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from dfworx.core.actor import NOBODY, Actor
from dfworx.core.errors import Forbidden, NotFound, Refusal, TooMany, Unauthenticated


@dataclass(frozen=True)
class Denial:
    """Somebody wanted something and was refused."""

    refusal: str
    verb: str  # a route's template or the name of a handler: few, whatever callers make up
    actor: Actor = NOBODY
    address: str = ""
    about: UUID | None = None


hearers: list[Callable[[Denial], None]] = []


def tell(refusal: Refusal, denial: Denial, *, changes: bool) -> None:
    """Say that somebody was refused, if that is what happened; `changes`: something was to be changed."""
    if _is_denied(refusal, denial.actor, changes=changes):
        for hear in hearers:
            hear(denial)


def _is_denied(refusal: Refusal, actor: Actor, *, changes: bool) -> bool:
    """What was only mistaken is no denial, nor what is in a state that does not allow it, nor asking to sign in."""
    if isinstance(refusal, NotFound):
        return changes and actor.is_person
    if isinstance(refusal, Unauthenticated):
        return type(refusal) is not Unauthenticated
    return isinstance(refusal, Forbidden | TooMany)
