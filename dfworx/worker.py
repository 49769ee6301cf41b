"""The worker: what is done after the answer has left. Inside the server when that is one process, else beside it."""

import asyncio
import signal

from dfworx import wiring
from dfworx.accounts import jobs as _accounts  # noqa: F401 - declares jobs
from dfworx.decisions import jobs as decisions
from dfworx.imports import jobs as _imports  # noqa: F401 - declares jobs
from dfworx.infra import changed_settings, jobs, metrics, samples, valkey
from dfworx.infra.database import dispose
from dfworx.infra.settings import settings
from dfworx.live.dispatcher import Dispatcher
from dfworx.live.valkey_bus import ValkeyBus
from dfworx.organizations import jobs as _organizations  # noqa: F401 - declares jobs


async def work() -> None:
    """Empty the outbox and do jobs until cancelled."""
    dispatcher = Dispatcher(settings().dispatcher_url, wiring.bus)
    wiring.told.append(dispatcher.written.set)
    try:
        await asyncio.gather(dispatcher.run(), jobs.work(), samples.keep(), decisions.keep_time())
    finally:
        wiring.told.remove(dispatcher.written.set)
        await dispatcher.engine.dispose()


async def alone() -> None:
    """Work in a process of its own until it is told to stop."""
    wiring.wire()
    tasks = [asyncio.create_task(each) for each in (work(), metrics.keep_fresh(), changed_settings.keep_fresh())]
    if isinstance(wiring.bus, ValkeyBus):
        tasks.append(asyncio.create_task(wiring.bus.run()))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await valkey.dispose()
    await dispose()
