"""People across organizations, by the database's own function, which looks who asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from dfworx.admin.validators import PeopleAsked
from dfworx.core.texts import words_of
from dfworx.infra.database import Tx

PEOPLE = text(
    """select * from dfworx.admin_people(cast(:within as uuid), cast(:person as uuid), cast(:words as text[]),
         cast(:standing as text), cast(:role as text), cast(:after as uuid), :most)"""
)


class People:
    """Everybody, or the members of one organization."""

    def __init__(self, tx: Tx, within: UUID | None) -> None:
        self.tx, self.within = tx, within

    async def page(self, asked: PeopleAsked, after: UUID | None, size: int) -> Sequence[Any]:
        """By name, from behind a person on."""
        return await self._ask(
            within=self.within or asked.organization_id, words=words_of(asked.q), standing=asked.state,
            role=asked.role, after=after, most=size,
        )  # fmt: skip

    async def find(self, user_id: UUID) -> Any | None:
        """One of them."""
        return next(iter(await self._ask(person=user_id, most=1)), None)

    async def _ask(self, **values: Any) -> Sequence[Any]:
        nothing: dict[str, Any] = {
            "within": self.within,
            "words": [],
            **dict.fromkeys(("person", "standing", "role", "after")),
        }
        return await self.tx.rows(PEOPLE, nothing | values)
