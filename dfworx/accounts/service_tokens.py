"""The verbs of tokens: a script signs in, goes on, signs out; a person makes tokens for scripts and ends them."""

import secrets
from datetime import timedelta
from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.accounts.errors import GrantEnded, TooManyTokens, UnknownOrganization
from dfworx.accounts.events import RefreshTokenReused, SessionRevoked, TokenCreated, TokenRevoked
from dfworx.accounts.models_tokens import PersonalToken
from dfworx.accounts.repository_tokens import PersonalTokens, RefreshTokens
from dfworx.accounts.validators import SignIn
from dfworx.accounts.validators_tokens import NewToken, PasswordGrant
from dfworx.accounts.views_tokens import CreatedToken, Family, TokenView
from dfworx.core.actor import Actor, Device
from dfworx.infra.database import Tx, transaction
from dfworx.infra.secrets import derived, fingerprint
from dfworx.infra.settings import settings

PERSONAL, REFRESH = "dfx_pat_", "dfx_rt_"
GRACE = timedelta(seconds=10)  # in which a spent refresh token may be shown again: the answer was lost, or two asked
MOST = 50  # personal access tokens of one person


async def sign_in(grant: PasswordGrant, device: Device) -> Family:
    """Begin a session of the API, with the first refresh token of its family."""
    token = f"{REFRESH}{secrets.token_urlsafe(32)}"
    form = SignIn(email=grant.username, password=grant.password)
    session = await accounts.sign_in(form, device, refresh_hash=fingerprint(token))
    return Family(**session.model_dump(exclude={"account"}), refresh_token=token)


async def refresh(token: str) -> Family:
    """Go on: the token is spent and its successor given. One that was spent before ends the whole family."""
    successor = f"{REFRESH}{derived(settings(), 'refresh', token)}"
    async with transaction() as tx:
        idle = timedelta(days=settings().session_idle_days)
        session = await RefreshTokens(tx).change(fingerprint(token), fingerprint(successor), idle, GRACE)
        if session is not None and session.is_reused:
            await tx.act_as(Actor(user_id=session.user_id, session_id=session.session_id))
            tx.emit(RefreshTokenReused(user_id=session.user_id, session_id=session.session_id))
            tx.emit(SessionRevoked(user_id=session.user_id, session_id=session.session_id))
    if session is None or session.is_reused:
        raise GrantEnded
    return Family(
        user_id=session.user_id,
        session_id=session.session_id,
        expires_at=session.expires_at,
        refresh_token=successor,
    )


async def revoke_family(token: str) -> None:
    """End the session that a refresh token belongs to; one that belongs to none is no mistake (RFC 7009)."""
    async with transaction() as tx:
        session = await RefreshTokens(tx).family(fingerprint(token))
        if session is not None:
            await tx.act_as(Actor(user_id=session.user_id, session_id=session.session_id))
            await accounts.revoke_session(tx, session.session_id)


async def end_session(user_id: UUID, session_id: UUID) -> None:
    """End the session that an access token names."""
    async with transaction(Actor(user_id=user_id, session_id=session_id)) as tx:
        await accounts.revoke_session(tx, session_id)


async def create(tx: Tx, new: NewToken) -> CreatedToken:
    """Make a token for a script; its secret is given this once."""
    tokens, slugs = PersonalTokens(tx), await _slugs(tx)
    bound = next((id_ for id_, slug in slugs.items() if slug == new.organization), None)
    if new.organization and bound is None:
        raise UnknownOrganization
    if await tokens.count() >= MOST:
        raise TooManyTokens
    secret = f"{PERSONAL}{secrets.token_urlsafe(32)}"
    token = PersonalToken(
        created_at=tx.now,
        user_id=tx.actor.person,
        organization_id=bound,
        name=new.name,
        scope=new.scope,
        token_hash=fingerprint(secret),
        expires_at=tx.now + timedelta(days=new.days),
    )
    await tokens.add(token)
    view = TokenView.of(token, slugs)
    tx.emit(TokenCreated(user_id=token.user_id, token=view))
    return CreatedToken(**view.model_dump(), token=secret)


async def mine(tx: Tx) -> list[TokenView]:
    """The tokens that you made and did not end, the newest first."""
    slugs = await _slugs(tx)
    return [TokenView.of(token, slugs) for token in await PersonalTokens(tx).all()]


async def revoke(tx: Tx, token_id: UUID) -> None:
    """End one of your tokens."""
    token = await PersonalTokens(tx).get(token_id)
    token.revoke(tx.now)
    tx.emit(TokenRevoked(user_id=token.user_id, token_id=token.id, token_name=token.name))


async def homes(tx: Tx) -> list[tuple[str, str]]:
    """The organizations that a token can be made for: (slug, name)."""
    return [(row.slug, row.name) for row in await PersonalTokens(tx).homes()]


async def _slugs(tx: Tx) -> dict[UUID, str]:
    return {row.id: row.slug for row in await PersonalTokens(tx).homes()}
