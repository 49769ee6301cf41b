"""The SQL of tags."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.infra.repository import Repository
from dfworx.tags.models import Tag, Tagging
from dfworx.tags.validators import Kind

ORDER = (col(Tag.category), func.lower(col(Tag.name)))


class Tags(Repository[Tag]):
    """The tags of the organization."""

    model = Tag

    async def all(self) -> Sequence[Tag]:
        """By category and name."""
        return (await self.tx.session.exec(self.mine().order_by(*ORDER))).all()

    async def remove(self, tag: Tag) -> None:
        """Delete it; the database takes it off everywhere, also where the actor does not see it."""
        await self.tx.session.delete(tag)
        await self.tx.session.flush()


class Taggings(Repository[Tagging]):
    """Which tags hang on what the actor can see."""

    model = Tagging

    async def on(self, kind: Kind, ids: Collection[UUID]) -> Sequence[tuple[UUID, Tag]]:
        """The tags on these, each with what it hangs on."""
        query = (
            select(col(Tagging.subject_id), Tag)
            .join(Tag, col(Tag.id) == col(Tagging.tag_id))
            .where(col(Tagging.organization_id) == self.tx.actor.organization)
            .where(col(Tagging.kind) == kind, col(Tagging.subject_id).in_(ids))
            .order_by(*ORDER)
        )
        return [(row[0], row[1]) for row in await self.tx.rows(query)]

    async def put(self, tagging: Tagging) -> bool:
        """Put it on; putting it on twice changes nothing and says so."""
        statement = insert(Tagging).values(tagging.model_dump()).on_conflict_do_nothing()
        return await self.tx.scalar(UUID, statement.returning(col(Tagging.id))) is not None

    async def remove(self, kind: Kind, subject_id: UUID, tag_id: UUID) -> bool:
        """Take it off; says whether it was there."""
        statement = delete(Tagging).where(
            col(Tagging.organization_id) == self.tx.actor.organization,
            col(Tagging.kind) == kind,
            col(Tagging.subject_id) == subject_id,
            col(Tagging.tag_id) == tag_id,
        )
        return await self.tx.scalar(UUID, statement.returning(col(Tagging.id))) is not None
