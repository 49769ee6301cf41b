"""What is done to accounts: by the database's own functions, which look who asks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from dfworx.admin.errors import LastServerAdmin
from dfworx.core.texts import words_of
from dfworx.infra.database import Tx

SET_ACTIVE = text("select dfworx.admin_set_active(:person, :is_so)")
SET_SERVER_ADMIN = text("select dfworx.admin_set_server_admin(:person, :is_so)")
KEEP_RESET_LINK = text("select dfworx.admin_keep_reset_link(:person, :id, :hash, :lasting)")
REACHES = text("select dfworx.admin_reaches(:person)")
SESSIONS = text(
    """select * from dfworx.admin_sessions(cast(:within as uuid), cast(:person as uuid), cast(:words as text[]),
         cast(:before_at as timestamptz), cast(:before_id as uuid), :idle, :most)"""
)
END = text("select * from dfworx.admin_end_sessions(cast(:within as uuid), cast(:one as uuid), cast(:person as uuid))")
TOKENS = text(
    """select * from dfworx.admin_tokens(cast(:within as uuid), cast(:person as uuid), cast(:words as text[]),
         cast(:before_at as timestamptz), cast(:before_id as uuid), :most)"""
)
END_TOKEN = text("select * from dfworx.admin_end_token(cast(:within as uuid), cast(:one as uuid))")
NO_ADMIN_LEFT = "DF002"  # raised by admin_keep_one

Before = tuple[datetime, UUID] | None


class OthersAccounts:
    """The accounts of others."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def set_active(self, user_id: UUID, *, is_so: bool) -> bool:
        """Let somebody in or not; gives whether that is a change."""
        return await self._set(SET_ACTIVE, user_id, is_so=is_so)

    async def set_server_admin(self, user_id: UUID, *, is_so: bool) -> bool:
        """Make somebody a server admin or not; gives whether that is a change."""
        return await self._set(SET_SERVER_ADMIN, user_id, is_so=is_so)

    async def keep_reset_link(self, user_id: UUID, id_: UUID, token_hash: str, lasting: timedelta) -> bool:
        """Make a link work; gives whether there is such a person."""
        values = {"person": user_id, "id": id_, "hash": token_hash, "lasting": lasting}
        return bool(await self.tx.scalar(bool, KEEP_RESET_LINK, values))

    async def reaches(self, user_id: UUID) -> bool:
        """Whether the actor may act on this account."""
        return bool(await self.tx.scalar(bool, REACHES, {"person": user_id}))

    async def _set(self, statement: TextClause, user_id: UUID, *, is_so: bool) -> bool:
        try:
            return bool(await self.tx.scalar(bool, statement, {"person": user_id, "is_so": is_so}))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == NO_ADMIN_LEFT:
                raise LastServerAdmin from None
            raise


class OthersSessions:
    """Where others are signed in: everybody, or the members of one organization."""

    def __init__(self, tx: Tx, within: UUID | None) -> None:
        self.tx, self.within = tx, within

    async def page(self, words: str, person: UUID | None, before: Before, idle: timedelta, size: int) -> Sequence[Any]:
        """The last seen first."""
        at, id_ = before or (None, None)
        values = {"within": self.within, "person": person, "words": words_of(words), "idle": idle, "most": size}
        return await self.tx.rows(SESSIONS, values | {"before_at": at, "before_id": id_})

    async def end(self, *, one: UUID | None = None, person: UUID | None = None) -> Sequence[Any]:
        """End one, or all of a person; gives those that ended."""
        values = {"within": self.within, "one": one, "person": person}
        return await self.tx.rows(END, values)


class OthersTokens:
    """Personal access tokens of others: of everybody, or those that an organization's administrators reach."""

    def __init__(self, tx: Tx, within: UUID | None) -> None:
        self.tx, self.within = tx, within

    async def page(self, words: str, person: UUID | None, before: Before, size: int) -> Sequence[Any]:
        """The newest first."""
        at, id_ = before or (None, None)
        values = {"within": self.within, "person": person, "words": words_of(words), "most": size}
        return await self.tx.rows(TOKENS, values | {"before_at": at, "before_id": id_})

    async def end(self, token_id: UUID) -> Any | None:
        """End one; gives whose it was, and its name."""
        return (await self.tx.run(END_TOKEN, {"within": self.within, "one": token_id})).first()
