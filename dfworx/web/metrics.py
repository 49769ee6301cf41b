"""`/metrics` for Prometheus: open to this machine, and to whoever has the token; for all others it does not exist."""

import hmac
import time
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from dfworx import __version__
from dfworx.core import clock
from dfworx.core.errors import NotFound, Unauthenticated
from dfworx.infra import metrics, migrations, queue
from dfworx.infra.settings import settings

router = APIRouter(include_in_schema=False)

FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
KEPT = 5.0  # seconds that the database's answer is good for

_asked: tuple[float, queue.Overview | None] = (0.0, None)


@router.get("/metrics")
async def show_metrics(request: Request) -> Response:
    """All figures of this server."""
    must_be_allowed(request)
    metrics.refresh()
    return Response(metrics.page(_Queue(await _overview())), media_type=CONTENT_TYPE_LATEST)


def must_be_allowed(request: Request) -> None:
    """Refuse whoever is neither on this machine nor has the token."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = settings().metrics_token
    if scheme.lower() == "bearer" and token:
        if not hmac.compare_digest(given.strip().encode(), token.encode()):
            raise Unauthenticated
    elif not is_local(request):
        raise NotFound


def is_local(request: Request) -> bool:
    """Whether this machine asks for itself, and no proxy on it for somebody else."""
    try:
        is_here = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return is_here and not any(name in request.headers for name in FORWARDED)


async def _overview() -> queue.Overview | None:
    """What waits; none while the database is away, for the other figures are needed then."""
    global _asked  # noqa: PLW0603  # one answer for whoever asks in the next seconds
    at, known = _asked
    if time.monotonic() - at > KEPT:
        try:
            known = await queue.overview()
        except Exception:  # noqa: BLE001  # whatever it is: it stands in the log of whoever needs the database
            known = None
        _asked = time.monotonic(), known
    return known


class _Queue(Collector):
    """What waits in the database, and which release this is."""

    def __init__(self, seen: queue.Overview | None) -> None:
        self.seen = seen

    def collect(self) -> Iterable[Metric]:
        """The figures."""
        build = GaugeMetricFamily("dfworx_build_info", "The release.", labels=["version", "migration"])
        build.add_metric([__version__, str(migrations.head())], 1)
        yield build
        yield GaugeMetricFamily("dfworx_database_up", "Whether the database answers.", value=float(bool(self.seen)))
        if self.seen is not None:
            yield from _waiting(self.seen)


def _waiting(seen: queue.Overview) -> Iterator[Metric]:
    age = (clock.now() - seen.outbox_oldest).total_seconds() if seen.outbox_oldest else 0.0
    yield GaugeMetricFamily("dfworx_outbox_entries", "Announced events that are not dispatched.", value=seen.outbox)
    yield GaugeMetricFamily("dfworx_outbox_oldest_seconds", "Age of the oldest of them.", value=max(0.0, age))
    jobs = GaugeMetricFamily("dfworx_jobs", "Jobs by state.", labels=["state"])
    for state, many in (("waiting", seen.waiting), ("doing", seen.doing), ("dead", seen.dead)):
        jobs.add_metric([state], many)
    yield jobs
