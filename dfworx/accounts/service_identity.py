"""Who shows a session or a token: asked by every request, so the answer is kept for a moment."""

import time
from dataclasses import replace
from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.accounts.repository import Sessions
from dfworx.accounts.repository_tokens import PersonalTokens
from dfworx.core.actor import NOBODY, Actor
from dfworx.core.permissions import Role, Scope, ServerRole
from dfworx.infra.database import transaction

KNOWN_FOR = 2.0  # seconds that an identity is kept in this process
MOST_KNOWN = 10_000

_known: dict[tuple[UUID | str, str | None], tuple[float, Actor]] = {}


async def identify(shown: UUID | str | None, organization_slug: str | None) -> Actor:
    """Who shows a session or a token, and what they are in an organization; looked at anew every two seconds."""
    if shown is None:
        return NOBODY
    until, actor = _known.get((shown, organization_slug), (0.0, NOBODY))
    if until > time.monotonic():
        return actor
    actor = await _look_up(shown, organization_slug)
    if actor.is_person and (actor.role or organization_slug is None):
        _keep((shown, organization_slug), actor)
    return actor


def forget(id_: UUID) -> None:
    """Look anew at a session or a token, or at all of a user, the next time."""
    for key, (_, actor) in list(_known.items()):
        if id_ in {key[0], actor.user_id, actor.token_id}:
            _known.pop(key, None)


async def _look_up(shown: UUID | str, slug: str | None) -> Actor:
    slug = slug if slug and slug.isprintable() else None
    async with transaction() as tx:
        if isinstance(shown, str):
            found = await PersonalTokens(tx).identity(shown, slug)
        else:
            found = await Sessions(tx).identity(shown, slug, accounts.idle())
    if found is None:
        return NOBODY
    actor = Actor(user_id=found.user_id, name=found.user_name)
    if isinstance(shown, str):  # tokens do not look after the server as a whole: `server_role` stays empty
        actor = replace(actor, token_id=found.token_id, scope=Scope(found.scope), is_bound=found.is_bound)
    else:
        actor = replace(actor, session_id=shown, server_role=ServerRole.ADMIN if found.is_server_admin else None)
    if found.membership_id is None:
        return actor
    return replace(
        actor, organization_id=found.organization_id, membership_id=found.membership_id, role=Role(found.role)
    )


def _keep(key: tuple[UUID | str, str | None], actor: Actor) -> None:
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = (time.monotonic() + KNOWN_FOR, actor)
