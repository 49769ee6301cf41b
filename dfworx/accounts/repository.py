"""The SQL of accounts. What nobody may read goes through the database's definer functions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dfworx.accounts.models import MailedLink, Session, User
from dfworx.core.errors import NotFound
from dfworx.infra.database import Tx

HAS_ANY = text("select dfworx.has_accounts()")
CREDENTIAL = text("select user_id, hash from dfworx.credential(:email)")
REGISTER = text("select dfworx.register_user(:id, :email, :name, :hash, :first_only)")
MY_HASH = text("select dfworx.my_password_hash()")
KEEP_LINK = text(
    """insert into dfworx.mailed_links (id, created_at, user_id, purpose, token_hash, expires_at)
       values (:id, :created_at, :user_id, :purpose, :token_hash, :expires_at) on conflict do nothing"""
)
CHANGE_MY_HASH = text("select dfworx.change_my_password(:hash)")
VERIFY = text("select dfworx.verify_email(:hash)")
RESET = text("select dfworx.reset_password(:hash, :password)")
KEEP_RESET_LINK = text("select dfworx.keep_reset_link(:member, :id, :hash, :lasting)")
IDENTITY = text("select * from dfworx.session_identity(:session, :slug, :idle)")


class Accounts:
    """People: oneself, and the few questions that must be answered before anybody is signed in."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def exist(self) -> bool:
        """Whether there is any account."""
        return bool(await self.tx.scalar(bool, HAS_ANY))

    async def credential(self, email: str) -> tuple[UUID, str] | None:
        """The person and the password hash behind an address."""
        row = (await self.tx.run(CREDENTIAL, {"email": email})).one_or_none()
        return row and (row.user_id, row.hash)

    async def add(self, user: User, password_hash: str, *, first_only: bool) -> bool:
        """Make an account, unless the address is taken, or others exist when it should be the first."""
        values = {"id": user.id, "email": user.email, "name": user.name, "hash": password_hash}
        return bool(await self.tx.scalar(bool, REGISTER, values | {"first_only": first_only}))

    async def me(self) -> User:
        """The person who acts."""
        query = select(User).where(col(User.id) == self.tx.actor.person)
        user = (await self.tx.session.exec(query)).one_or_none()
        if user is None:
            raise NotFound
        return user

    async def my_hash(self) -> str | None:
        """The hash of the own password."""
        return await self.tx.scalar(str, MY_HASH)

    async def change_my_hash(self, password_hash: str) -> None:
        """Keep another hash of the own password."""
        await self.tx.run(CHANGE_MY_HASH, {"hash": password_hash})


class MailedLinks:
    """Links that were sent: kept by whom they belong to, used by whoever holds them."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def keep(self, link: MailedLink) -> None:
        """Make a link work; making the same one twice changes nothing."""
        await self.tx.run(KEEP_LINK, link.model_dump(exclude={"used_at"}))

    async def keep_reset(self, membership_id: UUID, id_: UUID, token_hash: str, lasting: timedelta) -> UUID | None:
        """Make a link for a member, by an administrator; gives the person, None where that may not be."""
        values = {"member": membership_id, "id": id_, "hash": token_hash, "lasting": lasting}
        return await self.tx.scalar(UUID, KEEP_RESET_LINK, values)

    async def verify(self, token_hash: str) -> UUID | None:
        """Use a link that verifies an address; gives whose."""
        return await self.tx.scalar(UUID, VERIFY, {"hash": token_hash})

    async def reset(self, token_hash: str, password_hash: str) -> UUID | None:
        """Use a link for another password; gives whose."""
        values = {"hash": token_hash, "password": password_hash}
        return await self.tx.scalar(UUID, RESET, values)


class Sessions:
    """The sessions of the person who acts."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def identity(self, session_id: UUID, slug: str | None, idle: timedelta) -> Any | None:
        """Who a living session belongs to, and what they are in an organization; also marks it as seen."""
        values = {"session": session_id, "slug": slug, "idle": idle}
        return (await self.tx.run(IDENTITY, values)).one_or_none()

    async def add(self, session: Session) -> Session:
        """Store a new session."""
        self.tx.session.add(session)
        await self.tx.session.flush()
        return session

    async def get(self, session_id: UUID) -> Session:
        """A session of one's own, or NotFound."""
        query = self._mine().where(col(Session.id) == session_id)
        session = (await self.tx.session.exec(query)).one_or_none()
        if session is None:
            raise NotFound
        return session

    async def agents(self) -> Sequence[tuple[UUID, str]]:
        """(session, user agent) of all sessions, those that ended too."""
        query = select(col(Session.id), col(Session.user_agent)).where(col(Session.user_id) == self.tx.actor.person)
        return (await self.tx.session.exec(query)).all()

    async def living(self, idle: timedelta) -> Sequence[Session]:
        """The sessions that have not ended, the last seen first."""
        query = self._mine().where(
            col(Session.revoked_at).is_(None),
            col(Session.expires_at) > self.tx.now,
            col(Session.last_seen_at) > self.tx.now - idle,
        )
        return (await self.tx.session.exec(query.order_by(col(Session.last_seen_at).desc()))).all()

    async def revoke_all(self, at: datetime, kept: UUID | None) -> None:
        """End all of them, but for the kept one."""
        statement = update(Session).where(
            col(Session.user_id) == self.tx.actor.person, col(Session.revoked_at).is_(None)
        )
        if kept is not None:
            statement = statement.where(col(Session.id) != kept)
        await self.tx.run(statement.values(revoked_at=at))

    def _mine(self) -> SelectOfScalar[Session]:
        return select(Session).where(col(Session.user_id) == self.tx.actor.person)
