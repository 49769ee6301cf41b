"""Figures of the past: the worker writes a row each minute, kept for a day, and one each hour, for a month."""

import asyncio
import logging
import shutil
import socket
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from dfworx.core import clock
from dfworx.infra import metrics, queue
from dfworx.infra.settings import settings

log = logging.getLogger(__name__)

EACH = 60.0  # seconds
PROGRAMS = ("/api/health", "/api/ready", "/metrics", "/assets/")  # nobody waits for these

TOTALS = text("select people, messages from dfworx.totals()")
WRITE = text(
    """insert into dfworx.samples (step, at, source, people, messages, sockets, requests, errors, p50_ms, p95_ms,
         waiting, dead, outbox, disk_used)
       values ('minute', date_trunc('minute', cast(:at as timestamptz)), :source, :people, :messages, :sockets,
         :requests, :errors, :p50, :p95, :waiting, :dead, :outbox, :disk)
       on conflict do nothing"""
)
GATHER = text(
    """insert into dfworx.samples (step, at, source, people, messages, sockets, requests, errors, p50_ms, p95_ms,
         waiting, dead, outbox, disk_used)
       select 'hour', date_trunc('hour', at), source, max(people), max(messages), round(avg(sockets)), sum(requests),
         sum(errors), sum(p50_ms * requests) / nullif(sum(requests) filter (where p50_ms is not null), 0),
         sum(p95_ms * requests) / nullif(sum(requests) filter (where p95_ms is not null), 0),
         max(waiting), max(dead), max(outbox), max(disk_used)
       from dfworx.samples
       where step = 'minute' and at < date_trunc('hour', now())
         and at >= date_trunc('hour', now()) - interval '24 hours'
       group by 2, 3 on conflict do nothing"""
)
FORGET = text(
    """delete from dfworx.samples where at < now() - case step when 'minute' then interval '25 hours'
         else interval '31 days' end"""
)


@dataclass
class Counted:
    """What the processes of this server have counted since they started."""

    requests: float = 0
    errors: float = 0
    sockets: float = 0
    buckets: Counter[float] = field(default_factory=Counter)

    def since(self, before: "Counted") -> "Counted":
        """What came since; all of it after a new start."""
        if self.requests < before.requests:
            return self
        came = Counter({bound: many - before.buckets[bound] for bound, many in self.buckets.items()})
        return Counted(self.requests - before.requests, self.errors - before.errors, self.sockets, came)


async def keep() -> None:
    """Write a row each minute, until cancelled; a minute that cannot be written is missing."""
    before = counted()
    while True:
        await asyncio.sleep(EACH)
        now = counted()
        try:
            await write(clock.now(), now.since(before))
        except Exception as error:  # noqa: BLE001  # whatever it is: the next minute comes
            log.warning("the figures of a minute could not be kept: %s", error)
        before = now


def counted() -> Counted:
    """The figures at the moment."""
    metrics.refresh()
    now = Counted()
    for sample in (sample for metric in metrics.merged().collect() for sample in metric.samples):
        if str(sample.labels.get("route", "")).startswith(PROGRAMS):
            continue
        if sample.name == "dfworx_requests_total":
            now.requests += sample.value
            now.errors += sample.value * sample.labels["status"].startswith("5")
        elif sample.name == "dfworx_live_sockets":
            now.sockets += sample.value
        elif sample.name == "dfworx_request_seconds_bucket":
            now.buckets[float(sample.labels["le"])] += int(sample.value)
    return now


async def write(at: datetime, came: Counted) -> None:
    """Store what came in a minute, and how much there is; then make hours of what is old."""
    waiting = await queue.overview()
    disk = shutil.disk_usage(settings().data_dir if settings().data_dir.exists() else "/")
    values = {
        "at": at, "source": socket.gethostname()[:64], "sockets": round(came.sockets), "requests": round(came.requests),
        "errors": round(came.errors), "p50": quantile(came.buckets, 0.5), "p95": quantile(came.buckets, 0.95),
        "waiting": waiting.waiting, "dead": waiting.dead, "outbox": waiting.outbox, "disk": disk.used / disk.total,
    }  # fmt: skip
    async with queue.connected() as connection:
        totals: Any = (await connection.execute(TOTALS)).one()
        await connection.execute(WRITE, {**values, "people": totals.people, "messages": totals.messages})
        await connection.execute(GATHER)
        await connection.execute(FORGET)


def quantile(buckets: Mapping[float, float], share: float) -> float | None:
    """The time in ms that `share` of the requests did not exceed, as far as the buckets tell; none without requests."""
    bounds = sorted(buckets)
    whole = buckets[bounds[-1]] if bounds else 0
    if not whole:
        return None
    lower: float = 0.0
    below: float = 0.0
    for bound in bounds:
        if buckets[bound] >= share * whole:
            upper = bound if bound != float("inf") else lower
            inside = (share * whole - below) / (buckets[bound] - below) if buckets[bound] > below else 1.0
            return round((lower + (upper - lower) * inside) * 1000, 2)
        lower, below = bound, buckets[bound]
    return None
