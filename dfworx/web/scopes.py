"""Scopes: what a personal access token may do at most. The one place that holds them, for requests and sockets."""

from dataclasses import replace

from dfworx.core.actor import Actor
from dfworx.core.errors import Forbidden
from dfworx.core.permissions import Role, Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class InsufficientScope(Forbidden):
    """A personal access token that was not made for this, whatever its person may."""

    title = "This token was not made for that."


class SessionNeeded(Forbidden):
    """Passwords, sessions and tokens are changed by who has signed in, never by a personal access token."""

    title = "A token cannot do this. Please sign in."


def narrowed(actor: Actor) -> Actor:
    """As much of the actor as the token's scope leaves: without `admin`, owners and admins act as moderators."""
    if actor.scope in {None, Scope.ADMIN} or actor.role not in {Role.OWNER, Role.ADMIN}:
        return actor
    return replace(actor, role=Role.MODERATOR)


def must_allow(actor: Actor, method: str, organization: str | None) -> None:
    """Refuse what the token was not made for; a session may all that its person may."""
    if actor.scope is Scope.READ and method not in READING:
        raise InsufficientScope("This token may read, and change nothing.")
    if actor.is_bound and organization is None:
        raise InsufficientScope("This token is good for its organization alone, below that one's address.")


def must_be_a_session(actor: Actor) -> None:
    """Refuse personal access tokens."""
    if actor.token_id is not None:
        raise SessionNeeded
