"""The SQL of tokens. Before anybody is known, the database's definer functions are asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from dfworx.accounts.models_tokens import PersonalToken, RefreshToken
from dfworx.core import ids
from dfworx.core.errors import NotFound
from dfworx.infra.database import Tx

CHANGE = text("select * from dfworx.refresh_session(:spent, :id, :successor, :idle, :grace)")
FAMILY = text("select * from dfworx.refresh_family(:hash)")
IDENTITY = text("select * from dfworx.token_identity(:hash, :slug)")
HOMES = text(
    "select id, slug, name from dfworx.organizations where id = any(dfworx.my_organization_ids())"
    " order by lower(name), id"
)


class RefreshTokens:
    """What API sessions go on with."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def add(self, token: RefreshToken) -> None:
        """Store the first of a family."""
        self.tx.session.add(token)
        await self.tx.session.flush()

    async def change(self, spent: str, successor: str, idle: timedelta, grace: timedelta) -> Any | None:
        """Spend a token and store its successor; gives the session, None when there is none."""
        values = {"spent": spent, "id": ids.new_id(), "successor": successor, "idle": idle, "grace": grace}
        return (await self.tx.run(CHANGE, values)).one_or_none()

    async def family(self, token_hash: str) -> Any | None:
        """The person and the living session that a token belongs to."""
        return (await self.tx.run(FAMILY, {"hash": token_hash})).one_or_none()


class PersonalTokens:
    """The tokens that the person who acts has made."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def identity(self, token_hash: str, slug: str | None) -> Any | None:
        """Who a living token belongs to, and what they are in an organization; also marks it as used."""
        return (await self.tx.run(IDENTITY, {"hash": token_hash, "slug": slug})).one_or_none()

    async def homes(self) -> Sequence[Any]:
        """The organizations of the person: (id, slug, name)."""
        return await self.tx.rows(HOMES)

    async def add(self, token: PersonalToken) -> None:
        """Store a new one."""
        self.tx.session.add(token)
        await self.tx.session.flush()

    async def count(self) -> int:
        """How many there are that were not revoked."""
        query = select(func.count()).select_from(PersonalToken).where(*self._kept())
        return (await self.tx.session.exec(query)).one()

    async def all(self) -> Sequence[PersonalToken]:
        """Those that were not revoked, the newest first."""
        query = select(PersonalToken).where(*self._kept()).order_by(col(PersonalToken.id).desc())
        return (await self.tx.session.exec(query)).all()

    async def get(self, token_id: UUID) -> PersonalToken:
        """One of one's own, or NotFound."""
        query = select(PersonalToken).where(*self._kept(), col(PersonalToken.id) == token_id)
        token = (await self.tx.session.exec(query)).one_or_none()
        if token is None:
            raise NotFound
        return token

    def _kept(self) -> tuple[Any, ...]:
        return (col(PersonalToken.user_id) == self.tx.actor.person, col(PersonalToken.revoked_at).is_(None))
