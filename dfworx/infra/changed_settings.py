"""Settings that server admins changed: every process reads them, at its start and whenever one changes."""

import asyncio
import logging

from sqlalchemy import text

from dfworx.infra import logs
from dfworx.infra.database import transaction
from dfworx.infra.settings import change

log = logging.getLogger(__name__)

READ = text("select name, value from dfworx.changed_settings")
LOOK = 30.0  # seconds; sooner when the bus says so

_told = asyncio.Event()


def hear() -> None:
    """Something was changed: look at once."""
    _told.set()


async def load() -> None:
    """Let what is stored hold in this process."""
    async with transaction() as tx:
        rows = await tx.rows(READ)
        stored = {row.name: row.value for row in rows}
    if change(stored):
        logs.configure()


async def keep_fresh() -> None:
    """Load again and again, until cancelled."""
    while True:
        _told.clear()
        try:
            await load()
        except Exception as error:  # noqa: BLE001  # whatever it is, what holds already goes on
            log.warning("changed settings could not be read: %s", error)
        try:
            await asyncio.wait_for(_told.wait(), LOOK)
        except TimeoutError:
            continue
