"""Who may call a handler at all: the mark that every handler carries, and whom it admits."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from dfworx.core.actor import Actor
from dfworx.core.permissions import Role

Level = Literal["anyone", "person", "member", "admin"]
Handler = TypeVar("Handler", bound=Callable[..., Any])
MARK = "__dfworx_level__"


def reaches(actor: Actor, level: Level) -> bool:
    """Whether the actor may call handlers of this level at all; the rule about the object stays in the service."""
    if level == "anyone":
        return True
    if level == "person":
        return actor.is_person
    if level == "member":
        return actor.is_person and actor.role is not None
    return actor.is_person and actor.role in {Role.OWNER, Role.ADMIN}


def marked(level: Level) -> Callable[[Handler], Handler]:
    """Let `level` call this handler; `@action` does this and more, and is what slices use."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, MARK, level)
        return handler

    return mark
