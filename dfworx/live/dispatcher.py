"""The dispatcher: empties the outbox onto the bus, whoever wrote it. What this process told already is dropped by the hub."""

import asyncio
import logging

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from dfworx.core.events import Event
from dfworx.infra.outbox import OutboxEntry
from dfworx.live.bus import Bus

log = logging.getLogger(__name__)

IDLE = 0.2  # seconds between looks when nothing was written here
BATCH = 0.02  # seconds to gather what is being written
MOST = 500
TAKE = text(
    """delete from dfworx.outbox where id in (
         select id from dfworx.outbox order by id limit :most for update skip locked
       ) returning id, name, payload"""
)


class Dispatcher:
    """One of them per server process; several share the outbox without telling anything twice."""

    def __init__(self, engine: AsyncEngine, bus: Bus) -> None:
        self.engine = engine
        self.bus = bus
        self.written = asyncio.Event()

    async def run(self) -> None:
        """Dispatch until cancelled; a database that is away is tried again."""
        while True:
            try:
                if await self.dispatch() < MOST:
                    await self._rest()
            except Exception:
                log.exception("the outbox could not be read; trying again")
                await asyncio.sleep(1)

    async def dispatch(self) -> int:
        """Tell one batch; it leaves the outbox when it has been told. Gives the number told."""
        async with self.engine.begin() as connection:
            rows = (await connection.execute(TAKE, {"most": MOST})).all()
            for row in sorted(rows, key=lambda row: row.id):
                entry = OutboxEntry(id=row.id, name=row.name, payload=row.payload)
                if entry.name in Event.registry:
                    self.bus.publish(entry.id, entry.event())
        return len(rows)

    async def _rest(self) -> None:
        self.written.clear()
        try:
            await asyncio.wait_for(self.written.wait(), IDLE)
            await asyncio.sleep(BATCH)
        except TimeoutError:
            return
