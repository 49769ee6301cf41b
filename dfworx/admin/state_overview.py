"""The overviews on the screen: first what needs somebody, then how things went."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import reflex as rx

from dfworx.admin import service_attention as attention
from dfworx.admin import service_figures as figures
from dfworx.admin.validators_figures import FiguresAsked
from dfworx.admin.views_figures import OrganizationFigures, ServerFigures
from dfworx.admin.views_health import FindingView
from dfworx.ui.charts import Line, Say, chart
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import typed

WHEN: dict[str, Callable[[datetime], str]] = {
    "hour": lambda at: f"{at:%H:%M}",
    "day": lambda at: f"{at:%a %H:%M}",
    "month": lambda at: f"{at:%-d %b}",
}


class AdminOverview(rx.State):
    """The server: what needs somebody, and its figures in an hour, a day or a month."""

    span: str = "day"
    charts: list[str] = []
    attention: list[dict[str, str]] = []
    is_loaded: bool = False

    @action("server")
    async def load(self) -> None:
        """Look at the server."""
        async with acting(self) as tx:
            self.attention = [_attention(each) for each in await attention.page(tx)]
        await self._draw()

    @action("server")
    async def choose(self, span: str) -> None:
        """Show another time."""
        self.span = typed(FiguresAsked, {"span": span}).span if span in WHEN else "day"
        await self._draw()

    async def _draw(self) -> None:
        async with acting(self) as tx:
            points = await figures.of_server(tx, FiguresAsked.model_validate({"span": self.span}))
        self.charts, self.is_loaded = _of_server(points, WHEN[self.span]), True


class OrganizationOverview(rx.State):
    """An organization: what needs somebody, and the last 30 days."""

    charts: list[str] = []
    attention: list[dict[str, str]] = []
    is_loaded: bool = False

    @action("admin")
    async def load(self) -> Any:
        """Look at the organization."""
        async with acting(self) as tx:
            self.attention = [_attention(each) for each in await attention.page(tx)]
            days = await figures.of_organization(tx)
        self.charts, self.is_loaded = _of_organization(days), True


def count(value: float) -> str:
    """A number of things."""
    return f"{value:,.0f}"


def milliseconds(value: float) -> str:
    """A time that somebody waits."""
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"  # noqa: PLR2004  # shown with a digit below


def share(value: float) -> str:
    """A part of a whole."""
    return f"{value:.1%}"


def _of_server(points: Sequence[ServerFigures], when: Callable[[datetime], str]) -> list[str]:
    times = [point.at for point in points]
    failed = [point.errors / point.requests if point.requests else 0.0 for point in points]
    drawn: list[tuple[str, dict[str, Sequence[float | None]], Say, float]] = [
        ("Open pages", {"pages": [p.sockets for p in points]}, count, 4),
        ("Response times", {"half below": [p.p50_ms for p in points], "95 % below": [p.p95_ms for p in points]},
         milliseconds, 10),
        ("Requests", {"requests": [p.requests for p in points]}, count, 10),
        ("Errors", {"of all requests": failed}, share, 0.01),
        ("People", {"people": [p.people for p in points]}, count, 4),
        ("Messages", {"messages": [p.messages for p in points]}, count, 4),
        ("Queue", {"jobs": [p.waiting for p in points], "outbox": [p.outbox for p in points],
                   "dead": [p.dead for p in points]}, count, 4),
        ("Disk in use", {"of the disk": [p.disk_used for p in points]}, share, 1),
    ]  # fmt: skip
    return [
        chart(title, times, [Line(*each) for each in lines.items()], say=say, when=when, least=least)
        for title, lines, say, least in drawn
    ]


def _of_organization(days: Sequence[OrganizationFigures]) -> list[str]:
    times = [day.at for day in days]
    return [
        chart("Messages a day", times, [Line("messages", [d.messages for d in days])], say=count, when=WHEN["month"]),
        chart("People", times, [Line("people", [d.people for d in days])], say=count, when=WHEN["month"], least=4),
    ]


def _attention(finding: FindingView) -> dict[str, str]:
    return {"about": finding.about, "level": finding.level, "says": finding.says, "do": finding.do, "to": finding.link}
