"""The SQL of channels."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.channels.models import Place, PlaceMember
from dfworx.core.texts import parts_of
from dfworx.infra.repository import Repository

SHOWN = [getattr(Place, name) for name in ("id", "organization_id", "name", "description", "visibility", "archived_at")]


class Places(Repository[Place]):
    """The places that the actor can see."""

    model = Place

    async def of_origin(self, origin: str) -> Place | None:
        """The place that was imported from there."""
        return (await self.tx.session.exec(self.mine().where(col(Place.origin) == origin))).one_or_none()

    async def all(self, *, archived: bool = False) -> Sequence[Place]:
        """By name; the archived ones only when asked for."""
        query = self.mine().order_by(func.lower(col(Place.name)))
        if not archived:
            query = query.where(col(Place.archived_at).is_(None))
        return (await self.tx.session.exec(query)).all()

    async def shown(self, *, archived: bool = False) -> Sequence[Any]:
        """The same as plain rows of what is shown of them: of a thousand, objects would cost more than the question."""
        query = sa_select(*SHOWN).where(col(Place.organization_id) == self.tx.actor.organization)
        if not archived:
            query = query.where(col(Place.archived_at).is_(None))
        return await self.tx.rows(query.order_by(func.lower(col(Place.name))))

    async def some(self, ids: Collection[UUID]) -> Sequence[Place]:
        """These, by their ids."""
        return (await self.tx.session.exec(self.mine().where(col(Place.id).in_(ids)))).all()

    async def called(self, name: str) -> Place | None:
        """The one of this name, whatever the case; else one whose name differs in hyphens for blanks alone."""
        own = func.lower(col(Place.name))
        query = self.mine().where(func.replace(own, " ", "-") == name.lower().replace(" ", "-"))
        return (await self.tx.session.exec(query.order_by((own == name.lower()).desc(), own).limit(1))).first()

    async def named(self, words: Sequence[str], most: int) -> Sequence[Place]:
        """The living ones whose names contain all words; those that begin with the first one come first."""
        name = func.lower(col(Place.name))
        query = self.mine().where(col(Place.archived_at).is_(None))
        for part in parts_of([*words]):
            query = query.where(name.like(part))
        begins = func.starts_with(name, words[0] if words else "")
        return (await self.tx.session.exec(query.order_by(begins.desc(), name).limit(most))).all()


class PlaceMembers(Repository[PlaceMember]):
    """Who was added to a place."""

    model = PlaceMember

    async def of(self, place_id: UUID) -> Sequence[UUID]:
        """The memberships that were added to it."""
        query = select(PlaceMember.membership_id).where(col(PlaceMember.place_id) == place_id)
        return (await self.tx.session.exec(query)).all()

    async def put(self, member: PlaceMember) -> bool:
        """Add a member; adding twice changes nothing and says so."""
        statement = insert(PlaceMember).values(member.model_dump()).on_conflict_do_nothing()
        return await self.tx.scalar(UUID, statement.returning(col(PlaceMember.id))) is not None

    async def remove(self, place_id: UUID, membership_id: UUID) -> bool:
        """Take a member out; says whether there was one."""
        statement = delete(PlaceMember).where(
            col(PlaceMember.place_id) == place_id, col(PlaceMember.membership_id) == membership_id
        )
        return await self.tx.scalar(UUID, statement.returning(col(PlaceMember.id))) is not None
