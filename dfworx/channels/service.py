"""The verbs of channels."""

from collections.abc import Collection, Sequence
from uuid import UUID

from dfworx.channels.errors import ChannelNameTaken
from dfworx.channels.events import (
    ChannelArchived,
    ChannelChanged,
    ChannelCreated,
    ChannelMemberAdded,
    ChannelMemberRemoved,
    ChannelRestored,
)
from dfworx.channels.models import Place, PlaceMember, Visibility
from dfworx.channels.repository import PlaceMembers, Places
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.channels.views import ChannelView
from dfworx.core.errors import NotFound
from dfworx.core.permissions import Verb
from dfworx.infra.database import CONFLICTS, Tx, violates
from dfworx.organizations import service as organizations

GENERAL = NewChannel(name="general", description="For everybody and everything.")


async def create(tx: Tx, new: NewChannel, origin: str | None = None) -> ChannelView:
    """Create a channel; a private one begins with its creator as the only member."""
    tx.actor.must(Verb.CREATE_CHANNEL)
    place = Place(
        organization_id=tx.actor.organization,
        created_by=tx.actor.membership_id,
        origin=origin,
        created_at=tx.now,
        **new.model_dump(),
    )
    await _refusing_taken_names(tx, place)
    if place.visibility == Visibility.MEMBERS and tx.actor.membership_id:
        await PlaceMembers(tx).add(_member(tx, place.id, tx.actor.membership_id))
    channel = ChannelView.of(place)
    tx.emit(ChannelCreated(channel=channel, by=tx.actor.user_id))
    return channel


async def of_origin(tx: Tx, origin: str, new: NewChannel) -> ChannelView:
    """The channel that was imported from there; made on first sight, under a free name."""
    tx.actor.must(Verb.IMPORT)
    place = await Places(tx).of_origin(origin)
    if place is not None:
        return ChannelView.of(place)
    taken = {p.name.lower() for p in await Places(tx).all(archived=True)}
    names = (new.name, *(f"{new.name[:70]} ({n})" for n in range(2, len(taken) + 3)))
    free = next(name for name in names if name.lower() not in taken)
    return await create(tx, new.model_copy(update={"name": free}), origin=origin)


async def all_visible(tx: Tx, *, archived: bool = False) -> list[ChannelView]:
    """The channels that the actor can see, by name."""
    tx.actor.must(Verb.READ)
    return [ChannelView.of(place) for place in await Places(tx).shown(archived=archived)]


async def find(tx: Tx, words: Sequence[str], most: int) -> list[ChannelView]:
    """The channels whose names contain the words."""
    tx.actor.must(Verb.READ)
    return [ChannelView.of(place) for place in await Places(tx).named(words, most)]


async def called(tx: Tx, name: str) -> ChannelView:
    """The channel of this name; Zulip's addresses have hyphens for the blanks in it."""
    tx.actor.must(Verb.READ)
    place = await Places(tx).called(name)
    if place is None:
        raise NotFound
    return ChannelView.of(place)


async def some(tx: Tx, ids: Collection[UUID]) -> list[ChannelView]:
    """These channels, as far as the actor can see them."""
    tx.actor.must(Verb.READ)
    return [ChannelView.of(place) for place in await Places(tx).some(ids)]


async def get(tx: Tx, channel_id: UUID) -> ChannelView:
    """One channel."""
    tx.actor.must(Verb.READ)
    return ChannelView.of(await Places(tx).get(channel_id))


async def get_open(tx: Tx, channel_id: UUID) -> ChannelView:
    """One channel that takes new threads and messages; an archived one is refused."""
    place = await Places(tx).get(channel_id)
    place.must_be_open()
    return ChannelView.of(place)


async def change(tx: Tx, channel_id: UUID, change: ChannelChange) -> ChannelView:
    """Rename or describe a channel."""
    place = await Places(tx).get(channel_id)
    tx.actor.must(Verb.EDIT_CHANNEL)
    place.must_be_open()
    place.name = change.name if change.name is not None else place.name
    place.description = change.description if change.description is not None else place.description
    await _refusing_taken_names(tx, place)
    return _announced(tx, ChannelChanged(channel=ChannelView.of(place)))


async def archive(tx: Tx, channel_id: UUID) -> ChannelView:
    """Keep a channel readable and take nothing new."""
    place = await Places(tx).get(channel_id)
    tx.actor.must(Verb.ARCHIVE_CHANNEL)
    place.archive(at=tx.now)
    return _announced(tx, ChannelArchived(channel=ChannelView.of(place)))


async def restore(tx: Tx, channel_id: UUID) -> ChannelView:
    """Bring an archived channel back."""
    place = await Places(tx).get(channel_id)
    tx.actor.must(Verb.ARCHIVE_CHANNEL)
    place.restore()
    return _announced(tx, ChannelRestored(channel=ChannelView.of(place)))


async def members(tx: Tx, channel_id: UUID) -> list[UUID]:
    """The memberships that were added to a channel."""
    await Places(tx).get(channel_id)
    return list(await PlaceMembers(tx).of(channel_id))


async def add_member(tx: Tx, channel_id: UUID, membership_id: UUID) -> None:
    """Let a member into a private channel, or a guest into any."""
    place = await Places(tx).get(channel_id)
    tx.actor.must(Verb.MANAGE_CHANNEL_MEMBERS)
    member = await organizations.member(tx, membership_id)
    if member.left_at is not None:
        raise NotFound
    if await PlaceMembers(tx).put(_member(tx, place.id, membership_id)):
        tx.emit(ChannelMemberAdded(channel=ChannelView.of(place), membership_id=membership_id, user_id=member.user_id))


async def remove_member(tx: Tx, channel_id: UUID, membership_id: UUID) -> None:
    """Take a member out of a channel; leaving oneself needs no right."""
    place = await Places(tx).get(channel_id)
    if membership_id != tx.actor.membership_id:
        tx.actor.must(Verb.MANAGE_CHANNEL_MEMBERS)
    member = await organizations.member(tx, membership_id)
    if not await PlaceMembers(tx).remove(channel_id, membership_id):
        raise NotFound
    tx.emit(ChannelMemberRemoved(channel=ChannelView.of(place), membership_id=membership_id, user_id=member.user_id))


def audience(channel: ChannelView) -> Sequence[str]:
    """The live topics of those who can see a channel."""
    place = f"place:{channel.id}"
    return (place, f"organization:{channel.organization_id}") if channel.is_open else (place,)


def _announced(tx: Tx, event: ChannelChanged | ChannelArchived | ChannelRestored) -> ChannelView:
    tx.emit(event)
    return event.channel


def _member(tx: Tx, place_id: UUID, membership_id: UUID) -> PlaceMember:
    return PlaceMember(
        organization_id=tx.actor.organization, place_id=place_id, membership_id=membership_id, created_at=tx.now
    )


async def _refusing_taken_names(tx: Tx, place: Place) -> None:
    try:
        await Places(tx).add(place)
    except CONFLICTS as error:
        if violates(error, "places_organization_id_name_key"):
            raise ChannelNameTaken from None
        raise
