"""(soak) Ten minutes with 200 open pages and people who write: memory stands still, pages hear all that is stored.

Only when it is asked for: make bench ARGS="--only soak".
"""

import asyncio
import re
import sys
import time
from collections.abc import Callable
from uuid import UUID

import aiohttp
from sqlalchemy import text

from tests.bench import crowd
from tests.bench.crowd import Crowd
from tests.bench.figures import Figure, percentile
from tests.bench.stage import Stage

SOCKETS, THREADS = 200, 4
WARM, SECONDS = 120.0, 600.0
RATE = 4.0  # messages a second, in all threads
TEXT = "sample {n} of the soak: `{n}` in a **long** day, with a table of nothing and a link to https://example.org/{n}"
SAID = re.compile(r"sample (\d+) of")


def measure(stage: Stage) -> list[Figure]:
    """Warm, then watch; at the end what the pages heard is compared with what is stored."""
    threads = [stage.thread(f"Soak {n}") for n in range(THREADS)]
    seconds = SECONDS if stage.size.rounds > 1 else SECONDS / 10
    with stage.server() as served, Crowd() as readers:
        each = SOCKETS // THREADS
        for n, thread in enumerate(threads):
            readers.enter(crowd.pages(stage, served, thread, each, first=n * each))
        told, memory = asyncio.run(_write(stage, threads, seconds, served.memory))
        heard = readers.heard()
    stored = {int(SAID.search(source)[1]) for source in _stored(stage, threads)}  # type: ignore[index]  # all of them say it
    lost = [n for n in stored if len(heard.at.get(n, [])) < each]
    late = [(at - told[n]) * 1000 for n, times in heard.at.items() for at in times if n in told]
    before, after = memory[0], sum(memory[-3:]) / 3
    return [
        Figure("soak", f"growth of the server in {seconds / 60:.0f} min", (after / before - 1) * 100, "%", at_most=5),
        Figure("soak", "the server at the end", after / 1e6, "MB"),
        Figure("soak", "messages stored", len(stored), ""),
        Figure("soak", "messages that a page never heard of", len(lost), "", at_most=0),
        Figure("soak", "heard more than once", sum(len(times) > each for times in heard.at.values()), "", at_most=0),
        Figure("soak", "send to receipt p99", percentile(late, 0.99), "ms"),
    ]


async def _write(
    stage: Stage, threads: list[UUID], seconds: float, memory: Callable[[], float]
) -> tuple[dict[int, float], list[float]]:
    """Write at an even pace; the memory every ten seconds once it is warm."""
    begun, n = time.monotonic(), 0
    told: dict[int, float] = {}
    seen: list[float] = []
    warm = min(WARM, seconds / 3)
    async with aiohttp.ClientSession() as session:
        while (now := time.monotonic() - begun) < seconds + warm:
            if now > warm + len(seen) * 10:
                seen.append(memory())
                print(f"bench: soak: {now:.0f} s, {seen[-1] / 1e6:.1f} MB", file=sys.stderr, flush=True)
            await asyncio.sleep(max(0, begun + n / RATE - time.monotonic()))
            told[n] = time.monotonic()
            address = stage.api(f"/threads/{threads[n % len(threads)]}/messages")
            writer = stage.headers(stage.people[-1 - n % 20])
            async with session.post(address, json={"source": TEXT.format(n=n)}, headers=writer) as answer:
                answer.raise_for_status()
            n += 1
    await asyncio.sleep(2)
    return told, seen


def _stored(stage: Stage, threads: list[UUID]) -> list[str]:
    with stage.admin.connect() as connection:
        found = text("select source from dfworx.messages where thread_id = any(:threads)")
        return list(connection.execute(found, {"threads": threads}).scalars())
