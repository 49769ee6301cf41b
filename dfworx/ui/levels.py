"""Who may call a handler at all: the mark that every handler carries, and whom it admits."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from dfworx.core.actor import Actor
from dfworx.core.permissions import Role

Level = Literal["anyone", "person", "member", "admin", "server", "operator"]
Handler = TypeVar("Handler", bound=Callable[..., Any])
MARK = "__dfworx_level__"


def reaches(actor: Actor, level: Level) -> bool:
    """Whether the actor may call handlers of this level at all; the rule about the object stays in the service.

    `admin` is an administrator of the organization of the page, `server` one of the server, `operator` either, on
    their own admin pages.
    """
    if level == "anyone":
        return True
    if level == "person":
        return actor.is_person
    if level == "member":
        return actor.is_person and actor.role is not None
    is_admin = actor.role in {Role.OWNER, Role.ADMIN}
    if level == "admin":
        return actor.is_person and is_admin
    is_server_admin = actor.server_role is not None
    if level == "server":
        return actor.is_person and is_server_admin
    return actor.is_person and (is_admin or (is_server_admin and actor.organization_id is None))


def marked(level: Level) -> Callable[[Handler], Handler]:
    """Let `level` call this handler; `@action` does this and more, and is what slices use."""

    def mark(handler: Handler) -> Handler:
        setattr(handler, MARK, level)
        return handler

    return mark
