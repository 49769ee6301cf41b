"""Threads over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.validators import Move, NewThread, Reading
from dfworx.threads.views import ChannelSummary, ThreadDetails, ThreadPage, ThreadSummary, ThreadView
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}", tags=["threads"])


@router.get("/sidebar")
async def sidebar(tx: InTx) -> list[ChannelSummary]:
    """The channels that you can see, with what is unread in them."""
    return await threads.sidebar(tx)


@router.get("/unread")
async def unread_threads(tx: InTx) -> list[ThreadSummary]:
    """The threads in which something is unread, the liveliest first."""
    return await threads.unread(tx)


@router.get("/channels/{channel_id}/threads")
async def list_threads(
    channel_id: UUID,
    tx: InTx,
    cursor: str | None = None,
    title: Annotated[str, Query(max_length=200)] = "",
    tag: Annotated[list[UUID], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> ThreadPage:
    """The threads of a channel, the liveliest first.

    With `title` those whose titles contain its words, with `tag` (several) those on which all of these hang.
    """
    return await threads.page(tx, channel_id, cursor, title, tag)


@router.post("/channels/{channel_id}/threads", status_code=201)
async def open_thread(channel_id: UUID, new: NewThread, tx: InTx) -> ThreadView:
    """Open a thread."""
    return await threads.open_thread(tx, channel_id, new)


@router.get("/threads/{thread_id}")
async def get_thread(thread_id: UUID, tx: InTx) -> ThreadDetails:
    """One thread."""
    return await threads.get(tx, thread_id)


@router.patch("/threads/{thread_id}")
async def rename_thread(thread_id: UUID, new: NewThread, tx: InTx) -> ThreadView:
    """Give it another title."""
    return await threads.rename(tx, thread_id, new)


@router.put("/threads/{thread_id}/channel")
async def move_thread(thread_id: UUID, move: Move, tx: InTx) -> ThreadView:
    """Take it to another channel; links to it keep working."""
    return await threads.move(tx, thread_id, move)


@router.put("/threads/{thread_id}/resolution")
async def resolve_thread(thread_id: UUID, tx: InTx) -> ThreadView:
    """Mark it as done."""
    return await threads.resolve(tx, thread_id)


@router.delete("/threads/{thread_id}/resolution")
async def reopen_thread(thread_id: UUID, tx: InTx) -> ThreadView:
    """Go on with it."""
    return await threads.reopen(tx, thread_id)


@router.put("/threads/{thread_id}/tags/{tag_id}", status_code=204)
async def tag_thread(thread_id: UUID, tag_id: UUID, tx: InTx) -> None:
    """Put a tag on it; doing it twice changes nothing."""
    await threads.tag(tx, thread_id, tag_id)


@router.delete("/threads/{thread_id}/tags/{tag_id}", status_code=204)
async def untag_thread(thread_id: UUID, tag_id: UUID, tx: InTx) -> None:
    """Take a tag off it."""
    await threads.untag(tx, thread_id, tag_id)


@router.delete("/threads/{thread_id}/demo", status_code=204)
async def remove_demo(thread_id: UUID, tx: InTx) -> None:
    """Take the demo thread away for good."""
    await threads.remove_demo(tx, thread_id)


@router.put("/threads/{thread_id}/typing", status_code=204)
async def tell_typing(thread_id: UUID, tx: InTx) -> None:
    """Tell whoever has it open that you are writing in it; once every few seconds is enough."""
    await threads.typing(tx, thread_id)


@router.put("/threads/{thread_id}/reading", status_code=204)
async def mark_read(thread_id: UUID, upto: Reading, tx: InTx) -> None:
    """Remember how far you have read."""
    await reading.mark_read(tx, thread_id, upto.seq)
