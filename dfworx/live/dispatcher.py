"""The dispatcher: empties the outbox onto the bus and into jobs; the hub drops what this process told already."""

import asyncio
import logging

from dfworx.infra import jobs, valkey
from dfworx.infra.database import UNREACHABLE, make_engine
from dfworx.infra.outbox import taking
from dfworx.live.bus import Bus

log = logging.getLogger(__name__)

IDLE = 0.2  # seconds between looks when nothing was written here
BATCH = 0.1  # seconds to gather what is being written here: pages have heard of that already
MOST = 500
AGAIN = 0.5  # seconds until a database that is away is asked again


class Dispatcher:
    """One of them per server process; several share the outbox without telling anything twice."""

    def __init__(self, url: str, bus: Bus) -> None:
        # Losing a deletion tells something twice, which is dropped by its id: it need not wait for the disk.
        self.engine = make_engine(url, pool_size=1, options="-c synchronous_commit=off")
        self.bus = bus
        self.written = asyncio.Event()

    async def run(self) -> None:
        """Dispatch until cancelled; a database that is away is tried again."""
        while True:
            try:
                if await self.dispatch() < MOST:
                    await self._rest()
            except valkey.AWAY as error:
                log.warning("Valkey is away; what happened waits in the outbox: %s", error)
                await asyncio.sleep(1)
            except UNREACHABLE as error:
                log.warning("the outbox waits for the database: %s", str(error.args[0]).partition("\n")[0])
                await asyncio.sleep(AGAIN)
            except Exception:
                log.exception("the outbox could not be read; trying again")
                await asyncio.sleep(1)

    async def dispatch(self) -> int:
        """Tell one batch and enqueue its jobs; then it leaves the outbox. Gives the number told."""
        async with taking(self.engine, MOST) as batch:
            events = batch.events
            await jobs.enqueue(batch.connection, [(event, correlation) for _, event, correlation in events])
            await self.bus.tell([(id_, event) for id_, event, _ in events])
        return len(batch.entries)

    async def _rest(self) -> None:
        self.written.clear()
        try:
            await asyncio.wait_for(self.written.wait(), IDLE)
            await asyncio.sleep(BATCH)
        except TimeoutError:
            return
