"""(c) Memory: how much the server grows by one connected session with a thread's page entered."""

import time

from tests.bench import crowd
from tests.bench.crowd import Crowd, Seat
from tests.bench.figures import Figure, middle
from tests.bench.stage import BARE, Served, Stage

WARM = 30  # pages that stay open: what the first ones load is not theirs
SETTLE = 3.0


def measure(stage: Stage) -> list[Figure]:
    """A new server each round: memory that was used before would be used again."""
    grown, entering = zip(*[_pages(stage) for _ in range(stage.size.rounds)], strict=True)
    return [
        Figure("c memory", "a connected session", middle(grown), "kB", _bare(stage), "bare socket", at_most=100),
        Figure("c memory", "pages entered a second", middle(entering), "/s"),
    ]


def _pages(stage: Stage) -> tuple[float, float]:
    thread = stage.thread("Memory")
    many = stage.size.sockets
    with stage.server() as served:
        first = crowd.pages(stage, served, thread, WARM, first=many)
        return _grown(served, first, crowd.pages(stage, served, thread, many))


def _bare(stage: Stage) -> float:
    with stage.server(BARE) as served:
        return _grown(served, crowd.listeners(served, WARM), crowd.listeners(served, stage.size.sockets))[0]


def _grown(served: Served, first: list[Seat], seats: list[Seat]) -> tuple[float, float]:
    """How much memory each seat took in kB, and how many were taken a second."""
    with Crowd() as readers:
        readers.enter(first)
        time.sleep(SETTLE)
        before = served.memory()
        took = readers.enter(seats)
        time.sleep(SETTLE)
        return (served.memory() - before) / len(seats) / 1000, len(seats) / took
