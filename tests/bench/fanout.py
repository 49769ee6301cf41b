"""(a) Fan-out: one thread, many open pages, messages posted over REST; beside a bare room broadcast."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import aiohttp

from tests.bench import crowd
from tests.bench.crowd import Crowd
from tests.bench.figures import Figure, middle, percentile
from tests.bench.stage import BARE, Served, Stage

RATES = (1, 10)  # messages a second
TEXT = "sample {n} of the benchmark: the **ingest queue** drained in `240 ms`, see the graph before you deploy."
SETTLE = 1.0

Post = Callable[[aiohttp.ClientSession, int], Awaitable[None]]


@dataclass(frozen=True)
class Round:
    """One round: latencies in ms, CPU in microseconds a delivery, the frame's size."""

    p50: float
    p99: float
    cpu: float
    bytes: int


def measure(stage: Stage) -> list[Figure]:
    """Both servers stand side by side; their rounds take turns in random order."""
    size = stage.size
    thread = stage.thread("Fan-out")
    with stage.server() as ours, stage.server(BARE) as bare, Crowd() as readers, Crowd() as listeners:
        readers.enter(crowd.pages(stage, ours, thread, size.sockets))
        listeners.enter(crowd.listeners(bare, size.sockets))
        post = partial(_post, stage, thread)
        frame = _warm(readers, ours, post)
        broadcast = partial(_broadcast, bare, frame)
        _warm(listeners, bare, broadcast)
        runs = [(kind, rate) for kind in ("ours", "bare") for rate in RATES] * size.rounds
        random.shuffle(runs)
        rounds: dict[tuple[str, int], list[Round]] = {run: [] for run in runs}
        for kind, rate in runs:
            sides = (readers, ours, post) if kind == "ours" else (listeners, bare, broadcast)
            rounds[kind, rate].append(asyncio.run(_round(*sides, rate, size.seconds, size.sockets)))
    return [figure for rate in RATES for figure in _figures(rate, rounds["ours", rate], rounds["bare", rate])]


def _figures(rate: int, ours: list[Round], bare: list[Round]) -> list[Figure]:
    def figure(name: str, unit: str, of: Callable[[Round], float], **aim: float | bool) -> Figure:
        measured, limit = middle([of(r) for r in ours]), middle([of(r) for r in bare])
        return Figure("a fan-out", f"{name}, {rate}/s", measured, unit, limit, "bare room", **aim)

    p99 = {"at_most": 150} if rate == 1 else {}
    return [
        figure("send to receipt p50", "ms", lambda r: r.p50),
        figure("send to receipt p99", "ms", lambda r: r.p99, **p99),
        figure("server CPU a delivery", "µs", lambda r: r.cpu, at_most=2, of_limit=True),
        figure("bytes a frame", "B", lambda r: r.bytes),
    ]


def _warm(listeners: Crowd, served: Served, post: Post) -> str:
    asyncio.run(_round(listeners, served, post, 5, 2.0, 0))
    asyncio.run(_paced(post, 1, 1))
    time.sleep(SETTLE)
    return listeners.heard().frame


async def _round(listeners: Crowd, served: Served, post: Post, rate: float, seconds: float, sockets: int) -> Round:
    before = served.cpu()
    sent = await _paced(post, rate, int(rate * seconds))
    await asyncio.sleep(SETTLE)
    cpu = served.cpu() - before
    heard = listeners.heard()
    late = [(at - sent[n]) * 1000 for n, times in heard.at.items() for at in times]
    if sockets and len(late) != len(sent) * sockets:
        raise RuntimeError(f"{len(sent) * sockets - len(late)} of {len(sent) * sockets} deliveries are missing")
    return Round(percentile(late, 0.5), percentile(late, 0.99), cpu * 1e6 / len(late), len(heard.frame.encode()))


async def _paced(post: Post, rate: float, count: int) -> dict[int, float]:
    """Send at an even pace, whether the answers have come or not."""
    sent: dict[int, float] = {}
    async with aiohttp.ClientSession() as session:

        async def one(n: int) -> None:
            sent[n] = time.monotonic()
            await post(session, n)

        begun, tasks = time.monotonic(), []
        for n in range(count):
            await asyncio.sleep(max(begun + n / rate - time.monotonic(), 0))
            tasks.append(asyncio.create_task(one(n)))
        await asyncio.gather(*tasks)
    return sent


async def _post(stage: Stage, thread: UUID, session: aiohttp.ClientSession, n: int) -> None:
    writer = stage.people[-1]
    body = {"source": TEXT.format(n=n)}
    url = stage.api(f"/threads/{thread}/messages")
    async with session.post(url, json=body, headers=stage.headers(writer)) as answer:
        answer.raise_for_status()


async def _broadcast(bare: Served, frame: str, session: aiohttp.ClientSession, n: int) -> None:
    payload = json.loads(crowd.SAMPLE.sub(f"sample {n} ", frame).partition(",")[2])[1]
    async with session.post(f"{bare.origin}/post", json=payload) as answer:
        answer.raise_for_status()
