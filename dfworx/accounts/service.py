"""The verbs of people: coming in, going out, and what one changes about oneself."""

import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from dfworx.accounts.errors import AlreadySetUp, BadCredentials, WrongPassword
from dfworx.accounts.events import (
    AccountRegistered,
    PasswordChanged,
    PersonRenamed,
    SessionRevoked,
    SessionsRevoked,
    SessionStarted,
)
from dfworx.accounts.models import Session, User
from dfworx.accounts.repository import Accounts, Sessions
from dfworx.accounts.validators import AccountChange, PasswordChange, Registration, SignIn, must_be_strong
from dfworx.accounts.views import AccountView, SessionView, SetupView, SignedIn
from dfworx.core.actor import NOBODY, Actor, Device
from dfworx.core.permissions import Role
from dfworx.infra import passwords
from dfworx.infra.database import Tx, transaction
from dfworx.infra.settings import settings

KNOWN_FOR = 2.0  # seconds that an identity is kept in this process
MOST_KNOWN = 10_000

_known: dict[tuple[UUID, str | None], tuple[float, Actor]] = {}


async def setup(tx: Tx) -> SetupView:
    """Whether the first account is still to be made."""
    return SetupView(is_needed=not await Accounts(tx).exist())


async def digest(form: Registration, *about: str) -> str:
    """The hash to keep of a new person's password; outside of any transaction, because it takes its time."""
    password = form.password.get_secret_value()
    must_be_strong(password, form.name, form.email, *about)
    return await passwords.digest(password)


async def register(tx: Tx, form: Registration, password_hash: str, device: Device, *, first: bool = False) -> SignedIn:
    """Make an account and sign in; from then on the transaction acts as the new person.

    Where the address has an account already the answer looks the same, and the session in it never existed.
    """
    user = User(email=form.email, name=form.name, created_at=tx.now)
    account = AccountView.of(user)
    if not await Accounts(tx).add(user, password_hash, first_only=first):
        if first:
            raise AlreadySetUp
        return SignedIn.of(account, _new_session(tx, user.id, device))
    await tx.act_as(Actor(user_id=user.id, name=user.name))
    tx.emit(AccountRegistered(user_id=user.id, account=account))
    return await _start(tx, account, device)


async def sign_in(form: SignIn, device: Device) -> SignedIn:
    """Begin a session. The password is judged between two transactions, so that waiting holds no connection."""
    async with transaction() as tx:
        user_id, kept = await Accounts(tx).credential(form.email) or (None, None)
    password = form.password.get_secret_value()
    if not await passwords.matches(password, kept) or user_id is None or kept is None:
        raise BadCredentials
    stronger = await passwords.digest(password) if passwords.is_outdated(kept) else None
    async with transaction(Actor(user_id=user_id)) as tx:
        if stronger:
            await Accounts(tx).change_my_hash(stronger)
        return await _start(tx, await get(tx), device)


async def sign_out(tx: Tx) -> None:
    """End the session that this comes from."""
    if tx.actor.session_id is not None:
        await revoke_session(tx, tx.actor.session_id)


async def sign_out_everywhere(tx: Tx) -> None:
    """End all sessions, this one too."""
    await _revoke_sessions(tx, kept=None)


async def sessions(tx: Tx) -> list[SessionView]:
    """Where you are signed in, the last seen first."""
    return [SessionView.of(session, tx.actor.session_id) for session in await Sessions(tx).living(_idle())]


async def revoke_session(tx: Tx, session_id: UUID) -> None:
    """End one of your sessions."""
    session = await Sessions(tx).get(session_id)
    session.revoke(tx.now)
    tx.emit(SessionRevoked(user_id=session.user_id, session_id=session.id))


async def get(tx: Tx) -> AccountView:
    """Your account."""
    return AccountView.of(await Accounts(tx).me())


async def rename(tx: Tx, change: AccountChange) -> AccountView:
    """Show another name, everywhere."""
    user = await Accounts(tx).me()
    if user.name != change.name:
        tx.emit(PersonRenamed(user_id=user.id, new_name=change.name, was=user.name))
        user.name = change.name
    return AccountView.of(user)


async def change_password(actor: Actor, change: PasswordChange) -> None:
    """Take another password; every other session ends."""
    async with transaction(actor) as tx:
        account, kept = await get(tx), await Accounts(tx).my_hash()
    if not await passwords.matches(change.current_password.get_secret_value(), kept):
        raise WrongPassword
    password = change.new_password.get_secret_value()
    must_be_strong(password, account.name, account.email, field="new_password")
    password_hash = await passwords.digest(password)
    async with transaction(actor) as tx:
        await Accounts(tx).change_my_hash(password_hash)
        tx.emit(PasswordChanged(user_id=account.id))
        await _revoke_sessions(tx, kept=actor.session_id)


async def identify(session_id: UUID | None, organization_slug: str | None) -> Actor:
    """Who a session belongs to and what they are in an organization; looked at anew every two seconds."""
    if session_id is None:
        return NOBODY
    until, actor = _known.get((session_id, organization_slug), (0.0, NOBODY))
    if until > time.monotonic():
        return actor
    actor = await _look_up(session_id, organization_slug)
    if actor.is_person and (actor.role or organization_slug is None):
        _keep((session_id, organization_slug), actor)
    return actor


def forget(id_: UUID) -> None:
    """Look anew at a session, or at all sessions of a user, the next time."""
    for key, (_, actor) in list(_known.items()):
        if id_ in {key[0], actor.user_id}:
            _known.pop(key, None)


async def _look_up(session_id: UUID, slug: str | None) -> Actor:
    async with transaction() as tx:
        found = await Sessions(tx).identity(session_id, slug if slug and slug.isprintable() else None, _idle())
    if found is None:
        return NOBODY
    actor = Actor(user_id=found.user_id, session_id=session_id, name=found.user_name)
    if found.membership_id is None:
        return actor
    return replace(
        actor, organization_id=found.organization_id, membership_id=found.membership_id, role=Role(found.role)
    )


def _keep(key: tuple[UUID, str | None], actor: Actor) -> None:
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    _known[key] = (time.monotonic() + KNOWN_FOR, actor)


async def _start(tx: Tx, account: AccountView, device: Device) -> SignedIn:
    session = await Sessions(tx).add(_new_session(tx, account.id, device))
    tx.actor = replace(tx.actor, session_id=session.id, name=account.name)
    tx.emit(
        SessionStarted(
            user_id=account.id, session_id=session.id, address=session.address, user_agent=session.user_agent
        )
    )
    return SignedIn.of(account, session)


def _new_session(tx: Tx, user_id: UUID, device: Device) -> Session:
    lasting = timedelta(days=settings().session_days)
    return Session.start(user_id, tx.now, lasting, device.user_agent, device.address)


async def _revoke_sessions(tx: Tx, kept: UUID | None) -> None:
    await Sessions(tx).revoke_all(tx.now, kept)
    tx.emit(SessionsRevoked(user_id=tx.actor.person, kept=kept))


def _idle() -> timedelta:
    return timedelta(days=settings().session_idle_days)
