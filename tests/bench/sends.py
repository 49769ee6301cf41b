"""(b) Durable sends over REST, beside a route of the same server that only inserts and commits."""

import asyncio
import random
import time
from collections.abc import Callable
from uuid import UUID

import aiohttp

from tests.bench.figures import Figure, middle
from tests.bench.stage import Served, Stage

CONCURRENCY = (1, 8, 32)
THREADS = 8
TEXT = "Retry {n}: the **ingest queue** drained in `240 ms`, see the graph before you deploy."
WARM = 3.0  # so that every connection has its statements prepared

Target = Callable[[int], str]


def measure(stage: Stage) -> list[Figure]:
    """Rounds of both routes at each concurrency, in random order."""
    threads = [stage.thread(f"Sends {n}") for n in range(THREADS)]
    with stage.server() as served:
        targets = {"messages": _messages(stage, threads), "rows": _rows(served)}
        for target in targets.values():
            asyncio.run(_rate(stage, target, 32, WARM))
        runs = [(kind, many) for kind in targets for many in CONCURRENCY] * stage.size.rounds
        random.shuffle(runs)
        rates: dict[tuple[str, int], list[float]] = {run: [] for run in runs}
        for kind, many in runs:
            rates[kind, many].append(asyncio.run(_rate(stage, targets[kind], many, stage.size.send_seconds)))
    return [_figure(many, rates["messages", many], rates["rows", many]) for many in CONCURRENCY]


def _figure(many: int, messages: list[float], rows: list[float]) -> Figure:
    name = f"durable sends, {many} at once"
    return Figure("b sends", name, middle(messages), "/s", middle(rows), "INSERT+COMMIT", at_least=0.3, of_limit=True)


def _messages(stage: Stage, threads: list[UUID]) -> Target:
    return lambda n: stage.api(f"/threads/{threads[n % len(threads)]}/messages")


def _rows(served: Served) -> Target:
    return lambda _n: f"{served.origin}/bench/rows"


async def _rate(stage: Stage, target: Target, many: int, seconds: float) -> float:
    """Answered requests a second, each client waiting for its answer before the next one."""
    end = time.monotonic() + seconds
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        counts = await asyncio.gather(*[_send(session, stage, n, target(n), end) for n in range(many)])
    return sum(counts) / seconds


async def _send(session: aiohttp.ClientSession, stage: Stage, n: int, url: str, end: float) -> int:
    headers = stage.headers(stage.people[-1 - n])
    count = 0
    while time.monotonic() < end:
        async with session.post(url, json={"source": TEXT.format(n=count)}, headers=headers) as answer:
            answer.raise_for_status()
            await answer.read()
        count += 1
    return count
