"""How far one has read in threads."""

from uuid import UUID

from dfworx.infra.database import Tx
from dfworx.organizations.events import MemberJoined
from dfworx.threads.events import ThreadRead
from dfworx.threads.repository import ReadMarkers, Threads
from dfworx.threads.views import Position


async def mark_read(tx: Tx, thread_id: UUID, seq: int) -> None:
    """Remember that you have read up to `seq`; the marker never goes back."""
    thread = await Threads(tx).get(thread_id)
    await _read_up_to(tx, thread_id, thread.place_id, min(seq, thread.last_seq), thread.history_seq)


async def read_own(tx: Tx, position: Position) -> None:
    """Whoever writes has read up to what they wrote."""
    await _read_up_to(tx, position.thread_id, position.place_id, position.seq, position.history_seq)


async def read_along(tx: Tx, position: Position) -> None:
    """What one did oneself is not unread, where everything before it was read."""
    _, read = await Threads(tx).with_reading(position.thread_id)
    if read == position.seq - 1:
        await read_own(tx, position)


async def start_reading(tx: Tx, event: MemberJoined) -> None:
    """A newcomer begins with nothing unread."""
    await ReadMarkers(tx).begin_at_the_end(event.member.id)


async def _read_up_to(tx: Tx, thread_id: UUID, place_id: UUID, seq: int, floor: int) -> None:
    was = await ReadMarkers(tx).move(thread_id, seq, floor)
    if was is not None:
        read = {"thread_id": thread_id, "place_id": place_id, "user_id": tx.actor.person}
        tx.emit(ThreadRead(**read, last_read_seq=seq, was=was))
