"""Who acts in the event that is being handled: set by the guard, read by `acting()`."""

from contextvars import ContextVar
from dataclasses import dataclass

from dfworx.core.actor import NOBODY, Actor
from dfworx.live.hub import Socket


@dataclass(frozen=True)
class Caller:
    """The actor of an event, the socket that it came through, and the address of the page."""

    actor: Actor = NOBODY
    socket: Socket | None = None
    path: str = "/"

    @property
    def home(self) -> str:
        """The address of the organization that the page belongs to."""
        return "/".join(self.path.split("/")[:3])


_NOBODY = Caller()
caller: ContextVar[Caller] = ContextVar("caller", default=_NOBODY)
