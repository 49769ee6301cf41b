"""Who is online: told by the processes that have their sockets, kept nowhere but in memory."""

import asyncio
from collections.abc import Collection
from time import monotonic
from typing import ClassVar
from uuid import UUID

from dfworx.core.events import Event
from dfworx.core.ids import new_id
from dfworx.live.bus import Bus
from dfworx.live.frames import Frame
from dfworx.live.hub import Hub

LOOK = 2.0  # seconds between looks at who has come and gone
BEAT = 10.0  # seconds after which a process says anew whom it has
GRACE = 30.0  # seconds that somebody counts as online after the last sign


class PeopleSeen(Event):
    """A process has open pages of these members; it is told and never stored."""

    audited: ClassVar[bool] = False

    organization_id: UUID
    membership_ids: tuple[UUID, ...]


class Presence:
    """Who was seen lately, by organization."""

    def __init__(self) -> None:
        self._until: dict[UUID, dict[UUID, float]] = {}
        self._beat = 0.0

    def online(self, organization_id: UUID) -> list[UUID]:
        """The members who are online."""
        return list(self._until.get(organization_id, {}))

    async def note(self, hub: Hub, event: PeopleSeen) -> None:
        """Somebody was seen; whoever was not here before has come."""
        known = self._until.setdefault(event.organization_id, {})
        come = [id_ for id_ in event.membership_ids if id_ not in known]
        known |= dict.fromkeys(event.membership_ids, monotonic() + GRACE)
        await _tell(hub, event.organization_id, come=come)

    async def watch(self, hub: Hub, bus: Bus) -> None:
        """Say who is here, and notice who has gone, until cancelled."""
        while True:
            self.look(hub, bus)
            await self.sweep(hub)
            await asyncio.sleep(LOOK)

    def look(self, hub: Hub, bus: Bus) -> None:
        """Say whom this process has: newcomers at once, everybody now and then."""
        is_time = monotonic() - self._beat > BEAT
        self._beat = monotonic() if is_time else self._beat
        for organization_id, here in _here(hub).items():
            seen = here if is_time else here - set(self.online(organization_id))
            if seen:
                bus.publish(new_id(), PeopleSeen(organization_id=organization_id, membership_ids=tuple(seen)))

    async def sweep(self, hub: Hub) -> None:
        """Whoever was not seen for a while has gone."""
        now = monotonic()
        for organization_id, known in list(self._until.items()):
            gone = [id_ for id_, until in known.items() if until < now]
            for id_ in gone:
                del known[id_]
            if not known:
                del self._until[organization_id]
            await _tell(hub, organization_id, gone=gone)


def _here(hub: Hub) -> dict[UUID, set[UUID]]:
    """The members with an open page in this process who show that they are here, by organization."""
    here: dict[UUID, set[UUID]] = {}
    for topic, room in hub.rooms.items():
        kind, _, id_ = topic.partition(":")
        if kind == "present":
            for socket in list(room)[:1]:
                here.setdefault(socket.actor.organization, set()).add(UUID(id_))
    return here


async def _tell(hub: Hub, organization_id: UUID, come: Collection[UUID] = (), gone: Collection[UUID] = ()) -> None:
    if come or gone:
        item = {"online": [str(id_) for id_ in come], "away": [str(id_) for id_ in gone]}
        frame = Frame(list="presence", op="patch", scope=str(organization_id), item=item)
        await hub.send({s.sid for s in hub.rooms.get(f"organization:{organization_id}", ())}, frame)


presence = Presence()
