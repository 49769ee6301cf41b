"""Threads that come from elsewhere."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.permissions import Verb
from dfworx.infra.database import Tx
from dfworx.threads.events import ThreadGrew
from dfworx.threads.models import Thread
from dfworx.threads.repository import Threads
from dfworx.threads.validators import Growth, ImportedThread
from dfworx.threads.views import ThreadView


async def bring_in(tx: Tx, imported: Sequence[ImportedThread]) -> dict[str, ThreadView]:
    """The threads of these origins, made where they are missing, and held until the transaction ends."""
    tx.actor.must(Verb.IMPORT)
    await Threads(tx).put([_thread(tx, thread) for thread in imported])
    held = await Threads(tx).hold([thread.origin for thread in imported])
    return {str(thread.origin): ThreadView.of(thread) for thread in held}


async def entitle(tx: Tx, titles: Mapping[UUID, str]) -> None:
    """What this transaction has brought in is called otherwise."""
    tx.actor.must(Verb.IMPORT)
    await Threads(tx).entitle(titles)


async def grow(tx: Tx, growths: Sequence[Growth]) -> None:
    """Many messages were brought in: they are history, so nobody has them unread."""
    audiences: dict[UUID, tuple[str, ...]] = {}
    for growth, thread in await Threads(tx).grow(growths):
        if thread.place_id not in audiences:
            audiences[thread.place_id] = tuple(channels.audience(await channels.get(tx, thread.place_id)))
        tx.emit(ThreadGrew(thread=ThreadView.of(thread), audience=audiences[thread.place_id], by=growth.messages))


def _thread(tx: Tx, thread: ImportedThread) -> Thread:
    return Thread(
        organization_id=tx.actor.organization,
        created_by=tx.actor.membership_id,
        created_at=thread.began,
        place_id=thread.channel_id,
        title=thread.title,
        origin=thread.origin,
        is_record=thread.is_record,
    )
