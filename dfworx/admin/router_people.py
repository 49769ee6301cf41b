"""People and their accounts over REST, for those who look after them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dfworx.accounts.views import ResetLink
from dfworx.admin import service_accounts as accounts
from dfworx.admin import service_people as people
from dfworx.admin.validators import PeopleAsked, SessionsAsked
from dfworx.admin.views import PeoplePage, PersonView, SessionsPage, TokensPage
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
server = APIRouter(prefix="/admin")
inside = APIRouter(prefix="/organizations/{organization}/admin")

People = Annotated[PeopleAsked, Query()]
Sessions = Annotated[SessionsAsked, Query()]


@server.get("/people")
async def list_people(tx: PersonTx, asked: People, after: UUID | None = None) -> PeoplePage:
    """Everybody who has an account, by name."""
    return await people.page(tx, asked, after)


@server.get("/people/{user_id}")
async def get_person(user_id: UUID, tx: PersonTx) -> PersonView:
    """One person, with where they belong."""
    return await people.get(tx, user_id)


@server.put("/people/{user_id}/deactivation")
async def deactivate_person(user_id: UUID, tx: PersonTx) -> PersonView:
    """Let somebody in no more: every session ends at once, what they wrote stays."""
    return await accounts.deactivate(tx, user_id)


@server.delete("/people/{user_id}/deactivation")
async def reactivate_person(user_id: UUID, tx: PersonTx) -> PersonView:
    """Let somebody sign in again."""
    return await accounts.reactivate(tx, user_id)


@server.put("/people/{user_id}/server-admin")
async def make_server_admin(user_id: UUID, tx: PersonTx) -> PersonView:
    """Let somebody look after the server."""
    return await accounts.make_server_admin(tx, user_id)


@server.delete("/people/{user_id}/server-admin")
async def unmake_server_admin(user_id: UUID, tx: PersonTx) -> PersonView:
    """Let somebody look after the server no more; the last one stays."""
    return await accounts.unmake_server_admin(tx, user_id)


@server.post("/people/{user_id}/reset-link", status_code=201)
async def issue_person_reset_link(user_id: UUID, tx: PersonTx) -> ResetLink:
    """Make a link with which somebody takes another password; it is shown this once."""
    return await accounts.issue_reset_link(tx, user_id)


@server.delete("/people/{user_id}/sessions", status_code=204)
async def sign_person_out(user_id: UUID, tx: PersonTx) -> None:
    """End all sessions of somebody."""
    await accounts.sign_out(tx, user_id)


@server.get("/sessions")
async def list_all_sessions(tx: PersonTx, asked: Sessions, before: str | None = None) -> SessionsPage:
    """Where people are signed in, the last seen first."""
    return await accounts.sessions(tx, asked, before)


@server.delete("/sessions/{session_id}", status_code=204)
async def end_any_session(session_id: UUID, tx: PersonTx) -> None:
    """End one session."""
    await accounts.end_session(tx, session_id)


@server.get("/tokens")
async def list_all_tokens(tx: PersonTx, asked: Sessions, before: str | None = None) -> TokensPage:
    """Personal access tokens that work, the newest first."""
    return await accounts.tokens(tx, asked, before)


@server.delete("/tokens/{token_id}", status_code=204)
async def end_any_token(token_id: UUID, tx: PersonTx) -> None:
    """End one token."""
    await accounts.end_token(tx, token_id)


# -- an organization's own


@inside.get("/people")
async def list_organization_people(tx: InTx, asked: People, after: UUID | None = None) -> PeoplePage:
    """The people of the organization, by name."""
    return await people.page(tx, asked, after)


@inside.get("/people/{user_id}")
async def get_organization_person(user_id: UUID, tx: InTx) -> PersonView:
    """One person of the organization."""
    return await people.get(tx, user_id)


@inside.delete("/people/{user_id}/sessions", status_code=204)
async def sign_member_out(user_id: UUID, tx: InTx) -> None:
    """End all sessions of somebody whose account is the organization's alone."""
    await accounts.sign_out(tx, user_id)


@inside.get("/sessions")
async def list_organization_sessions(tx: InTx, asked: Sessions, before: str | None = None) -> SessionsPage:
    """Where the people of the organization are signed in, whose accounts are its alone."""
    return await accounts.sessions(tx, asked, before)


@inside.delete("/sessions/{session_id}", status_code=204)
async def end_member_session(session_id: UUID, tx: InTx) -> None:
    """End one of these sessions."""
    await accounts.end_session(tx, session_id)


@inside.get("/tokens")
async def list_organization_tokens(tx: InTx, asked: Sessions, before: str | None = None) -> TokensPage:
    """Personal access tokens of people whose accounts are the organization's alone, and those bound to it."""
    return await accounts.tokens(tx, asked, before)


@inside.delete("/tokens/{token_id}", status_code=204)
async def end_member_token(token_id: UUID, tx: InTx) -> None:
    """End one of these tokens."""
    await accounts.end_token(tx, token_id)


router.include_router(server)
router.include_router(inside)
