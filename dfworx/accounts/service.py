"""The verbs of people: coming in, going out, and what one changes about oneself."""

import asyncio
import secrets
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from dfworx.accounts.devices import named
from dfworx.accounts.errors import AlreadySetUp, BadCredentials, LinkEnded, WrongPassword
from dfworx.accounts.events import (
    AccountRegistered,
    DigestChosen,
    EmailVerified,
    PasswordChanged,
    PasswordResetAsked,
    PersonRenamed,
    PresenceChanged,
    ResetLinkIssued,
    SessionRevoked,
    SessionsRevoked,
    SessionStarted,
    VerificationAsked,
)
from dfworx.accounts.models import MailedLink, Session, User
from dfworx.accounts.models_tokens import RefreshToken
from dfworx.accounts.repository import Accounts, MailedLinks, Sessions
from dfworx.accounts.repository_tokens import RefreshTokens
from dfworx.accounts.validators import (
    AccountChange,
    DigestChange,
    PasswordChange,
    PasswordReset,
    PresenceChange,
    Registration,
    SignIn,
    must_be_strong,
)
from dfworx.accounts.views import AccountView, ResetLink, SessionView, SetupView, SignedIn
from dfworx.core import ids
from dfworx.core.actor import Actor, Device
from dfworx.core.errors import Forbidden
from dfworx.infra import metrics, passwords
from dfworx.infra.database import Tx, transaction
from dfworx.infra.secrets import derived, fingerprint
from dfworx.infra.settings import settings

VERIFY_FOR, RESET_FOR = timedelta(days=7), timedelta(hours=4)
ASKING_TAKES = 0.3  # seconds, with or without such a person

Purpose = Literal["verify", "reset"]


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


async def sign_in(form: SignIn, device: Device, *, refresh_hash: str = "") -> SignedIn:
    """Begin a session, with a refresh token one of the API.

    The password is judged between two transactions, so that waiting holds no connection.
    """
    async with transaction() as tx:
        user_id, kept = await Accounts(tx).credential(form.email) or (None, None)
    password = form.password.get_secret_value()
    if not await passwords.matches(password, kept) or user_id is None or kept is None:
        metrics.SIGN_INS.labels("failed").inc()
        raise BadCredentials(about=user_id)
    stronger = await passwords.digest(password) if passwords.is_outdated(kept) else None
    async with transaction(Actor(user_id=user_id)) as tx:
        if stronger:
            await Accounts(tx).change_my_hash(stronger)
        if not refresh_hash:
            return await _start(tx, await get(tx), device)
        started = await _start(tx, await get(tx), device, "api")
        first = RefreshToken(user_id=user_id, session_id=started.session_id, token_hash=refresh_hash)
        await RefreshTokens(tx).add(first)
        return started


async def sign_out(tx: Tx) -> None:
    """End the session that this comes from."""
    if tx.actor.session_id is not None:
        await revoke_session(tx, tx.actor.session_id)


async def sign_out_everywhere(tx: Tx) -> None:
    """End all sessions, this one too."""
    await _revoke_sessions(tx, kept=None)


async def sessions(tx: Tx) -> list[SessionView]:
    """Where you are signed in, the last seen first."""
    return [SessionView.of(session, tx.actor.session_id) for session in await Sessions(tx).living(idle())]


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


async def show_presence(tx: Tx, change: PresenceChange) -> AccountView:
    """Let others see that you are online, or hide it."""
    user = await Accounts(tx).me()
    if user.shows_presence != change.is_shown:
        user.shows_presence = change.is_shown
        tx.emit(PresenceChanged(user_id=user.id, is_shown=change.is_shown))
    return AccountView.of(user)


async def choose_digest(tx: Tx, change: DigestChange) -> AccountView:
    """Be mailed on Mondays what waits for you, or not."""
    user = await Accounts(tx).me()
    if user.gets_digest != change.is_wanted:
        user.gets_digest = change.is_wanted
        tx.emit(DigestChosen(user_id=user.id, is_wanted=change.is_wanted))
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


async def ask_verification(tx: Tx) -> None:
    """Have the link mailed once more that shows whose the address is."""
    account = await get(tx)
    if account.email_verified_at is None:
        tx.emit(VerificationAsked(user_id=account.id, at=tx.now))


async def verify_email(token: str) -> None:
    """Take a mailed link as the proof that the address is its person's."""
    async with transaction() as tx:
        user_id = await MailedLinks(tx).verify(fingerprint(token))
        if user_id is None:
            raise LinkEnded
        await tx.act_as(Actor(user_id=user_id))
        tx.emit(EmailVerified(user_id=user_id))


async def ask_reset(email: str) -> None:
    """Have a link mailed with which to take another password; whether there is such a person shows in nothing."""
    begun = time.monotonic()
    async with transaction() as tx:
        user_id, _ = await Accounts(tx).credential(email) or (None, None)
    if user_id is not None:
        async with transaction(Actor(user_id=user_id)) as tx:
            tx.emit(PasswordResetAsked(user_id=user_id, at=tx.now))
    await asyncio.sleep(max(0.0, ASKING_TAKES - (time.monotonic() - begun)))


async def reset_password(reset: PasswordReset) -> None:
    """Take another password by a link; every session ends."""
    password = reset.new_password.get_secret_value()
    must_be_strong(password, field="new_password")
    password_hash = await passwords.digest(password)
    async with transaction() as tx:
        user_id = await MailedLinks(tx).reset(fingerprint(reset.token), password_hash)
        if user_id is None:
            raise LinkEnded
        await tx.act_as(Actor(user_id=user_id))
        tx.emit(PasswordChanged(user_id=user_id))
        tx.emit(SessionsRevoked(user_id=user_id))


async def keep_link(tx: Tx, purpose: Purpose, asked_at: datetime) -> str:
    """Make a link of one's own work and give its secret: the same question gives the same link."""
    token = derived(settings(), purpose, tx.actor.person, asked_at.isoformat())
    lasting = VERIFY_FOR if purpose == "verify" else RESET_FOR
    link = MailedLink(
        user_id=tx.actor.person, purpose=purpose, token_hash=fingerprint(token), created_at=tx.now,
        expires_at=asked_at + lasting,
    )  # fmt: skip
    await MailedLinks(tx).keep(link)
    return token


async def issue_reset_link(tx: Tx, membership_id: UUID) -> ResetLink:
    """Make a link for a member, shown this once: for servers that send no mail."""
    token = secrets.token_urlsafe(32)
    user_id = await MailedLinks(tx).keep_reset(membership_id, ids.new_id(), fingerprint(token), RESET_FOR)
    if user_id is None:
        raise Forbidden
    tx.emit(ResetLinkIssued(user_id=user_id))
    return ResetLink(link=f"{settings().origin}/reset-password/{token}", expires_at=tx.now + RESET_FOR)


async def is_new_device(tx: Tx, session_id: UUID) -> bool:
    """Whether a session was begun with a browser and system that none of the person's earlier ones had."""
    agents = dict(await Sessions(tx).agents())
    mine = named(agents.pop(session_id, ""))
    return bool(agents) and all(named(agent) != mine for agent in agents.values())


async def _start(tx: Tx, account: AccountView, device: Device, kind: str = "browser") -> SignedIn:
    session = await Sessions(tx).add(_new_session(tx, account.id, device, kind))
    tx.actor = replace(tx.actor, session_id=session.id, name=account.name)
    tx.emit(
        SessionStarted(
            user_id=account.id,
            session_id=session.id,
            address=session.address,
            user_agent=session.user_agent,
            at=tx.now,
        )
    )
    metrics.SIGN_INS.labels("succeeded").inc()
    return SignedIn.of(account, session)


def _new_session(tx: Tx, user_id: UUID, device: Device, kind: str = "browser") -> Session:
    lasting = timedelta(days=settings().session_days)
    return Session.start(user_id, tx.now, lasting, device.user_agent, device.address, kind)


async def _revoke_sessions(tx: Tx, kept: UUID | None) -> None:
    await Sessions(tx).revoke_all(tx.now, kept)
    tx.emit(SessionsRevoked(user_id=tx.actor.person, kept=kept))


def idle() -> timedelta:
    """How long a session lives that nobody uses."""
    return timedelta(days=settings().session_idle_days)


def device_of(user_agent: str) -> str:
    """What a user agent says of a device, in words: `Firefox on Linux`."""
    return named(user_agent)
