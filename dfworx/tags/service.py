"""The verbs of tags. Whether somebody may see what a tag hangs on is judged by the slice that it belongs to."""

from collections.abc import Collection
from uuid import UUID

from dfworx.core.errors import NotFound
from dfworx.core.permissions import Verb
from dfworx.infra.database import CONFLICTS, Tx, violates
from dfworx.tags.errors import TagNameTaken
from dfworx.tags.events import TagChanged, TagCreated, TagRemoved
from dfworx.tags.models import Tag, Tagging
from dfworx.tags.repository import Taggings, Tags
from dfworx.tags.validators import Kind, NewTag, TagChange
from dfworx.tags.views import TagView


async def all(tx: Tx) -> list[TagView]:  # noqa: A001 - it is called as `tags.all`
    """The tags of the organization, by category and name."""
    tx.actor.must(Verb.READ)
    return [TagView.of(tag) for tag in await Tags(tx).all()]


async def get(tx: Tx, tag_id: UUID) -> TagView:
    """One tag."""
    tx.actor.must(Verb.READ)
    return TagView.of(await Tags(tx).get(tag_id))


async def create(tx: Tx, new: NewTag) -> TagView:
    """Create a tag."""
    tx.actor.must(Verb.MANAGE_TAGS)
    tag = Tag(organization_id=tx.actor.organization, created_at=tx.now, **new.model_dump(mode="json"))
    await _refusing_taken_names(tx, tag)
    view = TagView.of(tag)
    tx.emit(TagCreated(tag=view, audience=_readers(tx)))
    return view


async def change(tx: Tx, tag_id: UUID, change: TagChange) -> TagView:
    """Give a tag another name, category or color, wherever it hangs."""
    tag = await Tags(tx).get(tag_id)
    tx.actor.must(Verb.MANAGE_TAGS)
    before = TagView.of(tag)
    for name, value in change.model_dump(mode="json", exclude_none=True).items():
        setattr(tag, name, value)
    await _refusing_taken_names(tx, tag)
    view = TagView.of(tag)
    if view != before:
        tx.emit(TagChanged(tag=view, audience=_readers(tx)))
    return view


async def remove(tx: Tx, tag_id: UUID) -> None:
    """Delete a tag, and take it off everywhere."""
    tag = await Tags(tx).get(tag_id)
    tx.actor.must(Verb.MANAGE_TAGS)
    view = TagView.of(tag)
    await Tags(tx).remove(tag)
    tx.emit(TagRemoved(tag=view, audience=_readers(tx)))


async def on(tx: Tx, kind: Kind, ids: Collection[UUID]) -> dict[UUID, list[TagView]]:
    """The tags on each of these, by category and name."""
    tx.actor.must(Verb.READ)
    found: dict[UUID, list[TagView]] = {id_: [] for id_ in ids}
    for id_, tag in await Taggings(tx).on(kind, found) if found else []:
        found[id_].append(TagView.of(tag))
    return found


async def put(tx: Tx, kind: Kind, subject_id: UUID, tag_id: UUID) -> TagView | None:
    """Put a tag on what the caller has seen; None when it is there already."""
    tx.actor.must(Verb.TAG)
    tag = await Tags(tx).get(tag_id)
    tagging = Tagging(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        tag_id=tag.id,
        kind=kind,
        subject_id=subject_id,
        tagged_by=tx.actor.membership_id,
    )
    return TagView.of(tag) if await Taggings(tx).put(tagging) else None


async def take_off(tx: Tx, kind: Kind, subject_id: UUID, tag_id: UUID) -> TagView:
    """Take a tag off what the caller has seen."""
    tx.actor.must(Verb.TAG)
    tag = await Tags(tx).get(tag_id)
    if not await Taggings(tx).remove(kind, subject_id, tag_id):
        raise NotFound
    return TagView.of(tag)


def _readers(tx: Tx) -> tuple[str, ...]:
    return f"organization:{tx.actor.organization}", f"tags:{tx.actor.organization}"


async def _refusing_taken_names(tx: Tx, tag: Tag) -> None:
    try:
        await Tags(tx).add(tag)
    except CONFLICTS as error:
        if violates(error, "tags_organization_id_category_name_key"):
            raise TagNameTaken from None
        raise
