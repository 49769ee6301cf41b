"""Where threads stand."""

from collections.abc import Collection
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.permissions import Verb
from dfworx.infra.database import Tx
from dfworx.threads.repository import Threads


async def private(tx: Tx, thread_ids: Collection[UUID]) -> set[UUID]:
    """Those of these that are in no channel which the whole organization can see."""
    tx.actor.must(Verb.READ)
    if not thread_ids:
        return set()
    places = await Threads(tx).places(thread_ids)
    seen = await channels.some(tx, set(places.values()))
    everybodys = {channel.id for channel in seen if channel.is_open}
    return {each for each in thread_ids if places.get(each) not in everybodys}
