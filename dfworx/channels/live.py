"""What open pages hear of channels, and who may listen to one."""

from collections.abc import Collection, Iterable
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.channels.events import (
    ChannelArchived,
    ChannelChanged,
    ChannelCreated,
    ChannelMemberAdded,
    ChannelMemberRemoved,
    ChannelRestored,
)
from dfworx.channels.views import ChannelView
from dfworx.core.permissions import Role
from dfworx.infra.database import Tx
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.live.hub import Hub
from dfworx.live.rooms import admits, admits_together, wishes


@wishes
async def of_page(tx: Tx, _path: str) -> set[str]:
    """Every page wants the channels that the organization's room does not speak of: private ones, for guests all.

    Archived ones, too: what was said and decided there is still open on somebody's screen.
    """
    if tx.actor.role is None:
        return set()
    is_guest = tx.actor.role is Role.GUEST
    return {f"place:{c.id}" for c in await channels.all_visible(tx, archived=True) if is_guest or not c.is_open}


@admits("place")
async def may_listen(tx: Tx, place_id: UUID) -> str:
    """Whoever can see the place."""
    return str((await channels.get(tx, place_id)).id)


@admits_together("place")
async def may_listen_to(tx: Tx, place_ids: Collection[UUID]) -> dict[UUID, str]:
    """The same for all of them: those that one sees."""
    return {channel.id: str(channel.id) for channel in await channels.some(tx, place_ids)}


@announces(ChannelCreated)
def created(event: ChannelCreated) -> Iterable[Addressed]:
    """To its audience, and to whoever made it: their page is not in its room yet."""
    own = (f"user:{event.by}",) if event.by else ()
    yield Addressed(_frame("put", event.channel), (*channels.audience(event.channel), *own))


@announces(ChannelChanged, ChannelRestored)
def changed(event: ChannelChanged | ChannelRestored) -> Iterable[Addressed]:
    """The channel as it is now."""
    yield Addressed(_frame("put", event.channel), tuple(channels.audience(event.channel)))


@announces(ChannelArchived)
def archived(event: ChannelArchived) -> Iterable[Addressed]:
    """Gone from the sidebar."""
    yield Addressed(_frame("drop", event.channel), tuple(channels.audience(event.channel)))


@announces(ChannelMemberAdded)
def added(event: ChannelMemberAdded) -> Iterable[Addressed]:
    """To whoever can see it now."""
    yield Addressed(_frame("put", event.channel), (f"user:{event.user_id}",))


@announces(ChannelMemberRemoved)
def removed(event: ChannelMemberRemoved) -> Iterable[Addressed]:
    """To whoever may have lost sight of it."""
    if not event.channel.is_open:
        yield Addressed(_frame("drop", event.channel), (f"user:{event.user_id}",))


async def enter(hub: Hub, event: ChannelCreated | ChannelMemberAdded) -> None:
    """The pages of whoever just got the right hear of the channel from now on."""
    user_id = event.by if isinstance(event, ChannelCreated) else event.user_id
    channel = event.channel
    for socket in list(hub.rooms.get(f"user:{user_id}", ())):
        needs_it = not channel.is_open or socket.actor.role is Role.GUEST
        if needs_it and socket.actor.organization_id == channel.organization_id:
            hub.join(socket, f"place:{channel.id}", scope=str(channel.id))


async def lose(hub: Hub, event: ChannelMemberRemoved) -> None:
    """The pages of whoever lost the right leave the rooms of the channel and its threads, at once."""
    if event.user_id is not None and hub.leave_scope(event.user_id, str(event.channel.id)):
        await hub.reload(f"user:{event.user_id}")


def _frame(op: str, channel: ChannelView) -> Frame:
    item = channel.model_dump(mode="json") if op == "put" else {"id": str(channel.id)}
    return Frame.model_validate({"list": "channels", "op": op, "scope": str(channel.organization_id), "item": item})
