"""Two servers behind nginx, replaced one after the other while people write and read: nobody notices."""

import asyncio

import pytest
from sqlalchemy import text

from tests.bench.stage import QUICK, stage
from tests.deploy import rolling, site
from tests.drills.judging import Result

STORED = text("select source from dfworx.messages where thread_id = :thread")


def replacing(times: int) -> Result:
    """Both are stopped by SIGTERM and started anew, so many times each."""
    result = Result(f"Two servers behind nginx replaced, {times} times each")
    try:
        with stage(QUICK) as here, site.opened() as opened:
            thread = here.thread("Replacing")
            load = asyncio.run(rolling.roll(opened, thread, here.people[:8], times))
            with here.admin.connect() as connection:
                stored = list(connection.scalars(STORED, {"thread": thread}))
    except pytest.skip.Exception as missing:
        result.skipped = str(missing)
        return result
    result.fact("requests", f"{load.asked:,}")
    result.at_most("failed requests", len(load.failed), 0)
    if load.failed:
        result.fact("the first of them", load.failed[0])
    result.at_most("acknowledged and lost", len(set(load.sent) - set(stored)), 0)
    result.at_most("stored twice", len(stored) - len(set(stored)), 0)
    result.fact("the slowest answer", f"{load.slowest:.1f} s")
    return result
