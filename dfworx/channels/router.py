"""Channels over REST."""

from uuid import UUID

from fastapi import APIRouter

from dfworx.channels import service as channels
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.channels.views import ChannelView
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/channels", tags=["channels"])


@router.get("")
async def list_channels(tx: InTx, *, archived: bool = False) -> list[ChannelView]:
    """The channels that you can see, by name."""
    return await channels.all_visible(tx, archived=archived)


@router.post("", status_code=201)
async def create_channel(new: NewChannel, tx: InTx) -> ChannelView:
    """Create a channel."""
    return await channels.create(tx, new)


@router.get("/{channel_id}")
async def get_channel(channel_id: UUID, tx: InTx) -> ChannelView:
    """One channel."""
    return await channels.get(tx, channel_id)


@router.patch("/{channel_id}")
async def change_channel(channel_id: UUID, change: ChannelChange, tx: InTx) -> ChannelView:
    """Rename or describe a channel."""
    return await channels.change(tx, channel_id, change)


@router.put("/{channel_id}/archival")
async def archive_channel(channel_id: UUID, tx: InTx) -> ChannelView:
    """Keep it readable and take nothing new."""
    return await channels.archive(tx, channel_id)


@router.delete("/{channel_id}/archival")
async def restore_channel(channel_id: UUID, tx: InTx) -> ChannelView:
    """Bring an archived channel back."""
    return await channels.restore(tx, channel_id)


@router.get("/{channel_id}/members")
async def list_channel_members(channel_id: UUID, tx: InTx) -> list[UUID]:
    """The memberships that were added to it."""
    return await channels.members(tx, channel_id)


@router.put("/{channel_id}/members/{membership_id}", status_code=204)
async def add_channel_member(channel_id: UUID, membership_id: UUID, tx: InTx) -> None:
    """Let somebody in."""
    await channels.add_member(tx, channel_id, membership_id)


@router.delete("/{channel_id}/members/{membership_id}", status_code=204)
async def remove_channel_member(channel_id: UUID, membership_id: UUID, tx: InTx) -> None:
    """Take somebody out, or leave."""
    await channels.remove_member(tx, channel_id, membership_id)
