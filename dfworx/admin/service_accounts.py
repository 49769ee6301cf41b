"""What is done to the accounts of others: letting in, signing out, links, and who looks after the server."""

import secrets
from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.accounts.events import ResetLinkIssued, SessionRevoked, SessionsRevoked, TokenRevoked
from dfworx.accounts.views import ResetLink
from dfworx.admin import service_people as people
from dfworx.admin.events import PersonDeactivated, PersonReactivated, ServerAdminMade, ServerAdminUnmade
from dfworx.admin.repository_accounts import OthersAccounts, OthersSessions, OthersTokens
from dfworx.admin.service_scope import scope
from dfworx.admin.validators import SessionsAsked
from dfworx.admin.views import OthersSessionView, OthersTokenView, PersonView, SessionsPage, TokensPage
from dfworx.core import ids
from dfworx.core.errors import Forbidden, NotFound
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx
from dfworx.infra.secrets import fingerprint
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations

PAGE = 50


async def deactivate(tx: Tx, user_id: UUID) -> PersonView:
    """Let somebody in no more: every session ends at once; what they wrote stays, and so do their memberships."""
    tx.actor.must_on_server(ServerVerb.DEACTIVATE)
    person = await people.get(tx, user_id)
    if await OthersAccounts(tx).set_active(user_id, is_so=False):
        tx.emit(PersonDeactivated(user_id=user_id))
        tx.emit(SessionsRevoked(user_id=user_id))
    return person.model_copy(update={"deactivated_at": person.deactivated_at or tx.now})


async def reactivate(tx: Tx, user_id: UUID) -> PersonView:
    """Let somebody sign in again."""
    tx.actor.must_on_server(ServerVerb.DEACTIVATE)
    if await OthersAccounts(tx).set_active(user_id, is_so=True):
        tx.emit(PersonReactivated(user_id=user_id))
    return await people.get(tx, user_id)


async def make_server_admin(tx: Tx, user_id: UUID) -> PersonView:
    """Let somebody look after the server."""
    tx.actor.must_on_server(ServerVerb.GRANT_SERVER_ADMIN)
    if await OthersAccounts(tx).set_server_admin(user_id, is_so=True):
        tx.emit(ServerAdminMade(user_id=user_id))
    return await people.get(tx, user_id)


async def unmake_server_admin(tx: Tx, user_id: UUID) -> PersonView:
    """Let somebody look after the server no more; the last one stays."""
    tx.actor.must_on_server(ServerVerb.GRANT_SERVER_ADMIN)
    person = await people.get(tx, user_id)
    if await OthersAccounts(tx).set_server_admin(user_id, is_so=False):
        tx.emit(ServerAdminUnmade(user_id=user_id))
    return person.model_copy(update={"is_server_admin": False})


async def issue_reset_link(tx: Tx, user_id: UUID) -> ResetLink:
    """Make a link with which somebody takes another password, shown this once."""
    if tx.actor.organization_id is not None:
        (standing,) = (await people.get(tx, user_id)).memberships
        return await organizations.issue_reset_link(tx, standing.membership_id)
    tx.actor.must_on_server(ServerVerb.ISSUE_RESET_LINK)
    token = secrets.token_urlsafe(32)
    if not await OthersAccounts(tx).keep_reset_link(user_id, ids.new_id(), fingerprint(token), accounts.RESET_FOR):
        raise NotFound
    tx.emit(ResetLinkIssued(user_id=user_id))
    return ResetLink(link=f"{settings().origin}/reset-password/{token}", expires_at=tx.now + accounts.RESET_FOR)


async def is_reached(tx: Tx, user_id: UUID) -> bool:
    """Whether the actor may act on an account: an organization's administrators only where all of it is theirs."""
    return await OthersAccounts(tx).reaches(user_id)


async def sessions(tx: Tx, asked: SessionsAsked, before: str | None = None) -> SessionsPage:
    """Where people are signed in, the last seen first."""
    within = scope(tx, Verb.END_SESSIONS, ServerVerb.END_SESSIONS)
    rows = await OthersSessions(tx, within).page(asked.q, asked.user_id, read_cursor(before), accounts.idle(), PAGE + 1)
    items = [OthersSessionView.of(row, tx.actor.session_id) for row in rows[:PAGE]]
    last = items[-1] if len(rows) > PAGE else None
    return SessionsPage(items=items, next=last and cursor(last.last_seen_at, last.id))


async def sign_out(tx: Tx, user_id: UUID) -> None:
    """End all sessions of somebody; their pages close within seconds."""
    within = scope(tx, Verb.END_SESSIONS, ServerVerb.END_SESSIONS)
    await people.get(tx, user_id)
    if not await is_reached(tx, user_id):
        raise Forbidden
    if await OthersSessions(tx, within).end(person=user_id):
        tx.emit(SessionsRevoked(user_id=user_id))


async def end_session(tx: Tx, session_id: UUID) -> None:
    """End one session."""
    within = scope(tx, Verb.END_SESSIONS, ServerVerb.END_SESSIONS)
    ended = await OthersSessions(tx, within).end(one=session_id)
    if not ended:
        raise NotFound
    tx.emit(SessionRevoked(user_id=ended[0].user_id, session_id=session_id))


async def tokens(tx: Tx, asked: SessionsAsked, before: str | None = None) -> TokensPage:
    """Personal access tokens that work, the newest first."""
    within = scope(tx, Verb.END_SESSIONS, ServerVerb.END_SESSIONS)
    rows = await OthersTokens(tx, within).page(asked.q, asked.user_id, read_cursor(before), PAGE + 1)
    items = [OthersTokenView.of(row) for row in rows[:PAGE]]
    last = items[-1] if len(rows) > PAGE else None
    return TokensPage(items=items, next=last and cursor(last.created_at, last.id))


async def end_token(tx: Tx, token_id: UUID) -> None:
    """End one token; what uses it is refused from then on."""
    within = scope(tx, Verb.END_SESSIONS, ServerVerb.END_SESSIONS)
    ended = await OthersTokens(tx, within).end(token_id)
    if ended is None:
        raise NotFound
    tx.emit(TokenRevoked(user_id=ended.user_id, token_id=token_id, token_name=ended.label))
