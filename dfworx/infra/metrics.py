"""Metrics: what this process counts. Several processes of one server add theirs up in files that each maps into memory.

`serving` names the folder of those files in PROMETHEUS_MULTIPROC_DIR, which prometheus_client reads on import.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

LOOK = 5.0  # seconds between looks at what is not counted as it happens
SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)

registry = CollectorRegistry()
_looks: list[Callable[[], None]] = []


def _counter(name: str, said: str, *labels: str) -> Counter:
    return Counter(f"dfworx_{name}", said, labels, registry=registry)


def _gauge(name: str, said: str) -> Gauge:
    return Gauge(f"dfworx_{name}", said, registry=registry, multiprocess_mode="livesum")


def _histogram(name: str, said: str, *labels: str) -> Histogram:
    return Histogram(f"dfworx_{name}", said, labels, registry=registry, buckets=SECONDS)


REQUESTS = _counter("requests", "Requests answered.", "method", "route", "status")
REQUEST_SECONDS = _histogram("request_seconds", "Time until a request was answered.", "method", "route")
EVENTS = _counter("events", "Events of open pages handled.", "handler")
SOCKETS = _gauge("live_sockets", "Open pages.")
ROOMS = _gauge("live_rooms", "Rooms with somebody in them.")
FRAMES = _counter("frames", "Frames sent to open pages, one for each page.", "list")
TRANSACTIONS = _counter("transactions", "Transactions, by how they ended.", "outcome")
CONNECTIONS = _gauge("database_connections_in_use", "Database connections that somebody uses at the moment.")
WAITING = _histogram("database_wait_seconds", "Time until a transaction got its connection.")
SLOW_QUERIES = _counter("slow_queries", "Queries above DFWORX_SLOW_QUERY_MS.")
JOBS_DONE = _counter("jobs_done", "Jobs tried, by how it ended.", "job", "outcome")
SIGN_INS = _counter("sign_ins", "Attempts to sign in, by how they ended.", "outcome")
MEMORY = _gauge("process_resident_bytes", "Memory of the processes.")
CPU = _gauge("process_cpu_seconds", "Processor time that the living processes have used.")
PROCESSES = _gauge("processes", "Processes that live.")


def look(at: Callable[[], None]) -> None:
    """Call `at` before figures are read: for what is not counted as it happens."""
    if at not in _looks:
        _looks.append(at)


def refresh() -> None:
    """Look at everything that this process does not count as it happens."""
    for at in _looks:
        at()


async def keep_fresh() -> None:
    """Look again and again, until cancelled: another process may be the one that is asked."""
    while True:
        refresh()
        await asyncio.sleep(LOOK)


def merged() -> CollectorRegistry:
    """The figures of all processes of this server."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return registry
    forget_dead(Path(folder))
    whole = CollectorRegistry()
    MultiProcessCollector(whole, folder)  # type: ignore[no-untyped-call]  # the library does not say
    return whole


def forget_dead(folder: Path) -> None:
    """What a process that died was at that moment counts no more; what it had counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        if not psutil.pid_exists(int(file.stem.rpartition("_")[2])):
            file.unlink(missing_ok=True)


def page(*more: Collector) -> bytes:
    """All figures in Prometheus's text form, with what only the database knows."""
    text = generate_latest(merged())
    beside = CollectorRegistry()
    for collector in more:
        beside.register(collector)
    return text + generate_latest(beside)


def _myself() -> None:
    process = psutil.Process()
    MEMORY.set(process.memory_info().rss)
    CPU.set(sum(process.cpu_times()[:2]))
    PROCESSES.set(1)


look(_myself)
