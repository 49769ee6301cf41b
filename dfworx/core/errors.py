"""What can be refused: every refusal carries its HTTP status, a stable type and a sentence for people."""

from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID


class Refusal(Exception):
    """A request that is understood and not granted; the faces show `detail` to people and `type` to programs."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "This cannot be done."

    def __init__(self, detail: str = "", *, fields: Mapping[str, str] | None = None, about: UUID | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields = dict(fields or {})
        self.about = about  # for the audit alone: nobody is told

    @classmethod
    def type(cls) -> str:
        """The stable name that programs match on, such as `thread-resolved`."""
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("-")


class Unauthenticated(Refusal):
    """Nobody is signed in, or the session has ended."""

    status = 401
    title = "Please sign in."


class Forbidden(Refusal):
    """A member without the right; a stranger gets NotFound instead."""

    status = 403
    title = "You do not have the right to do this."


class NotFound(Refusal):
    """It does not exist, or not for you."""

    status = 404
    title = "This does not exist, or you cannot see it."


class Conflict(Refusal):
    """The thing is in a state that does not allow it."""

    status = 409
    title = "This conflicts with the current state."


class TooLarge(Refusal):
    """More than is accepted at once."""

    status = 413
    title = "This is too large."


class Invalid(Refusal):
    """A value that cannot be accepted; `fields` says which and why."""

    status = 422
    title = "Something in the form needs another look."


class TooMany(Refusal):
    """A rate limit was reached; `retry_after` is in seconds."""

    status = 429
    title = "Too many attempts. Please wait a moment."

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts. Please try again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something that we depend on does not answer; trying again later is right."""

    status = 503
    title = "The server cannot do this at the moment. Please try again."
