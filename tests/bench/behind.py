"""(n) Two servers behind nginx, beside one without it: fan-out and durable sends, one side after the other."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import psutil

from tests.bench import crowd, fanout, sends
from tests.bench.crowd import Crowd
from tests.bench.fanout import Round
from tests.bench.figures import Figure, middle
from tests.bench.stage import Served, Stage
from tests.deploy import site

RATE = 10  # messages a second
CONCURRENCY = (8, 32)


@dataclass(frozen=True)
class Pair(Served):
    """Two servers and what they have cost together; nginx apart."""

    other: psutil.Process

    def _all(self) -> list[psutil.Process]:
        both = (self.process, self.other)
        return [each for one in both for each in (one, *one.children(recursive=True))]


@dataclass(frozen=True)
class Measured:
    """One side: rounds of fan-out, and answered sends a second by concurrency."""

    rounds: list[Round]
    rates: dict[int, float]

    def of(self, name: str) -> float:
        """The median of a round's figure."""
        return middle([float(getattr(each, name)) for each in self.rounds])


def measure(stage: Stage) -> list[Figure]:
    """One server holds the database alone, so the sides follow each other."""
    thread = stage.thread("Behind nginx")
    with stage.server() as served:
        one = _side(stage, served, thread)
    with _behind(stage) as (there, pair):
        two = _side(there, pair, thread)
    return [
        _figure(f"send to receipt p50, {RATE}/s", "ms", two.of("p50"), one.of("p50")),
        _figure(f"send to receipt p99, {RATE}/s", "ms", two.of("p99"), one.of("p99")),
        _figure(f"servers' CPU a delivery, {RATE}/s", "µs", two.of("cpu"), one.of("cpu")),
        *(_figure(f"durable sends, {many} at once", "/s", two.rates[many], one.rates[many]) for many in CONCURRENCY),
    ]


def _figure(name: str, unit: str, two: float, one: float) -> Figure:
    return Figure("n behind nginx", name, two, unit, one, "one server")


@contextmanager
def _behind(stage: Stage) -> Iterator[tuple[Stage, Pair]]:
    """The same stage behind nginx, with the limits of a benchmark."""
    with site.opened(tls=False) as opened:
        settings = stage.settings.model_copy(update={"public_url": opened.origin})
        first, second = (psutil.Process(each.pid) for each in opened.servers.values())
        yield replace(stage, settings=settings), Pair(opened.origin, first, second)


def _side(stage: Stage, served: Served, thread: UUID) -> Measured:
    size = stage.size
    post = partial(fanout._post, stage, thread)
    with Crowd() as readers:
        readers.enter(crowd.pages(stage, served, thread, size.sockets))
        fanout._warm(readers, served, post)
        rounds = [
            asyncio.run(fanout._round(readers, served, post, RATE, size.seconds, size.sockets))
            for _ in range(size.rounds)
        ]
    target = sends._messages(stage, [stage.thread(f"Behind {n}") for n in range(sends.THREADS)])
    asyncio.run(sends._rate(stage, target, max(CONCURRENCY), sends.WARM))
    rates = {
        many: middle([asyncio.run(sends._rate(stage, target, many, size.send_seconds)) for _ in range(size.rounds)])
        for many in CONCURRENCY
    }
    return Measured(rounds, rates)
