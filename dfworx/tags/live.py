"""What open pages hear of tags: their list, and what they hang on."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.core.errors import NotFound
from dfworx.core.permissions import Role
from dfworx.infra.database import Tx
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.live.rooms import admits, wishes
from dfworx.tags.events import TagChanged, TagCreated, Tagged, TagRemoved, Untagged


@wishes
async def of_guest(tx: Tx, _path: str) -> set[str]:
    """Guests are not in the organization's room, which speaks of tags to everybody else."""
    return {f"tags:{tx.actor.organization_id}"} if tx.actor.role is Role.GUEST else set()


@admits("tags")
async def may_listen(tx: Tx, organization_id: UUID) -> str:
    """Whoever may read the organization's tags: its members, guests too."""
    if tx.actor.organization != organization_id:
        raise NotFound
    return str(organization_id)


@announces(TagCreated, TagChanged)
def shown(event: TagCreated | TagChanged) -> Iterable[Addressed]:
    """The tag as it is now: the list of tags puts it in place, and so does every row that it hangs on."""
    yield Addressed(Frame(list="tags", op="put", item=event.tag.model_dump(mode="json")), event.audience)


@announces(TagRemoved)
def gone(event: TagRemoved) -> Iterable[Addressed]:
    """Off the list, and off every row that it hung on."""
    yield Addressed(Frame(list="tags", op="drop", item={"id": str(event.tag.id)}), event.audience)


@announces(Tagged, Untagged)
def hung(event: Tagged | Untagged) -> Iterable[Addressed]:
    """To whoever can see what the tag hangs on: a list, and the page of what was tagged, ask anew."""
    yield Addressed(Frame(list=f"{event.kind}s", op="stale", scope=event.scope), event.audience)
    yield Addressed(Frame(list=event.kind, op="stale", scope=str(event.subject_id)), event.audience)
