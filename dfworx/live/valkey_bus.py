"""The bus of several processes: Valkey's publish and subscribe. What it loses, pages heal by asking."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import UUID

from dfworx.core.events import Event
from dfworx.core.ids import new_id
from dfworx.infra import valkey
from dfworx.live.bus import InProcessBus, Told

log = logging.getLogger(__name__)

CHANNEL = "dfworx:events"
WAITING = 10_000  # events on their way out; more than that and the dispatcher's second telling has to do
AGAIN = 0.5  # seconds until a lost connection is tried again
SILENCE = 20.0  # seconds without a sign of life


class ValkeyBus(InProcessBus):
    """Tells this process at once, the others over Valkey; calls `healed` when something may have been missed."""

    def __init__(self, healed: Callable[[], None]) -> None:
        super().__init__()
        self.me = ""  # named in run(): processes that were forked must not take each other for themselves
        self.healed = healed
        self._outgoing: asyncio.Queue[Told] | None = None

    def publish(self, id_: UUID, event: Event) -> None:
        """Tell this process at once, the others in a moment."""
        super().publish(id_, event)
        if self._outgoing is not None and self._outgoing.qsize() < WAITING:
            self._outgoing.put_nowait((id_, event))

    async def tell(self, batch: Sequence[Told]) -> None:
        """Tell the others, then this process; fails while Valkey is away."""
        if not batch:
            return
        await self._send(batch)
        for id_, event in batch:
            super().publish(id_, event)

    async def run(self) -> None:
        """Carry events both ways until cancelled."""
        self.me, self._outgoing = str(new_id()), asyncio.Queue()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._send_forever(self._outgoing))
            both.create_task(self._hear_forever())

    async def _send(self, batch: Sequence[Told]) -> None:
        events = [[str(id_), event.name, event.model_dump(mode="json")] for id_, event in batch]
        await valkey.client().publish(CHANNEL, json.dumps({"from": self.me, "events": events}))

    async def _send_forever(self, outgoing: asyncio.Queue[Told]) -> None:
        while True:
            batch = [await outgoing.get()]
            while not outgoing.empty():
                batch.append(outgoing.get_nowait())
            with suppress(*valkey.AWAY):  # the dispatcher tells it again; what is not stored was only good for now
                await self._send(batch)

    async def _hear_forever(self) -> None:
        while True:
            try:
                await self._hear_while_connected()
            except valkey.AWAY as error:
                log.warning("Valkey is away, trying again: %s", error)
                await asyncio.sleep(AGAIN)

    async def _hear_while_connected(self) -> None:
        async with valkey.client().pubsub(ignore_subscribe_messages=True) as subscription:
            await subscription.subscribe(CHANNEL)
            self.healed()
            while True:
                told = await subscription.get_message(timeout=SILENCE)
                if told is None:
                    await subscription.ping()
                elif told["type"] == "message":
                    self._take(told["data"])

    def _take(self, data: str) -> None:
        told = json.loads(data)
        if told["from"] == self.me:
            return
        for id_, name, payload in told["events"]:
            if event := Event.read(name, payload):
                super().publish(UUID(id_), event)
