"""(c) Memory: how much the server grows by one connected session with a thread's page entered."""

import time

from tests.bench import crowd
from tests.bench.crowd import Crowd
from tests.bench.figures import Figure, middle
from tests.bench.stage import Stage

WARM = 30  # pages that stay open: what the first ones load is not theirs
SETTLE = 3.0


def measure(stage: Stage) -> list[Figure]:
    """A new server each round: memory that was used before would be used again."""
    grown, entering = zip(*[_round(stage) for _ in range(stage.size.rounds)], strict=True)
    return [
        Figure("c memory", "a connected session", middle(grown) / 1000, "kB", at_most=100),
        Figure("c memory", "pages entered a second", middle(entering), "/s"),
    ]


def _round(stage: Stage) -> tuple[float, float]:
    many = stage.size.sockets
    thread = stage.thread("Memory")
    with stage.server() as served, Crowd() as readers:
        readers.enter(crowd.pages(stage, served, thread, WARM, first=many))
        time.sleep(SETTLE)
        before = served.memory()
        took = readers.enter(crowd.pages(stage, served, thread, many))
        time.sleep(SETTLE)
        return (served.memory() - before) / many, many / took
