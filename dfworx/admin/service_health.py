"""The health of the server: what the doctor finds, for those who look after it."""

import asyncio
import platform
import time

from dfworx import __version__
from dfworx.admin.views_health import FindingView, HealthView
from dfworx.core.permissions import ServerVerb
from dfworx.infra import logs, migrations
from dfworx.infra.database import Tx
from dfworx.infra.doctor import findings

LINKS = {"jobs": "/admin/jobs", "outbox": "/admin/jobs", "dead jobs": "/admin/jobs", "settings": "/admin/settings"}
WORST = {"fail": 0, "warn": 1, "ok": 2}
KEPT = 10.0  # seconds: looking takes connections, and several may look at once

_known: tuple[float, list[FindingView]] = (0.0, [])
_looking = asyncio.Lock()


async def examine(tx: Tx) -> HealthView:
    """Everything that was looked at, the worst first."""
    tx.actor.must_on_server(ServerVerb.SEE_HEALTH)
    current = await migrations.current(tx)
    return HealthView(
        version=__version__, python=platform.python_version(), migration=str(current), findings=await _findings()
    )


async def attention(tx: Tx) -> list[FindingView]:
    """What needs somebody."""
    tx.actor.must_on_server(ServerVerb.SEE_HEALTH)
    return [finding for finding in await _findings() if finding.level != "ok"]


async def _findings() -> list[FindingView]:
    global _known  # noqa: PLW0603  # one answer for whoever asks in the next seconds
    async with _looking:
        at, found = _known
        if time.monotonic() - at > KEPT:
            found = await asyncio.to_thread(_look)
            _known = time.monotonic(), found
    return found


def _look() -> list[FindingView]:
    found = [
        FindingView(
            about=each.about, level=each.level.value, says=logs.scrub(each.says), do=logs.scrub(each.do),
            link=LINKS.get(each.about, ""),
        )
        for each in findings()
    ]  # fmt: skip
    return sorted(found, key=lambda each: WORST[each.level])
