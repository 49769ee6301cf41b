"""Figures over time: of the server for those who look after it, of an organization for its administrators."""

from datetime import timedelta

from dfworx.admin.repository_figures import Figures
from dfworx.admin.validators_figures import FiguresAsked
from dfworx.admin.views_figures import OrganizationFigures, ServerFigures
from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx

# How far back, from which rows, in which pieces: 60, 144 and 120 of them.
SPANS = {
    "hour": (timedelta(hours=1), "minute", timedelta(minutes=1)),
    "day": (timedelta(days=1), "minute", timedelta(minutes=10)),
    "month": (timedelta(days=30), "hour", timedelta(hours=6)),
}


async def of_server(tx: Tx, asked: FiguresAsked) -> list[ServerFigures]:
    """The server in the last hour, day or 30 days, the oldest piece first; nothing where it did not run."""
    tx.actor.must_on_server(ServerVerb.SEE_HEALTH)
    ago, step, each = SPANS[asked.span]
    rows = await Figures(tx).of_server(step, ago, each)
    return [ServerFigures.model_validate(row, from_attributes=True) for row in rows]


async def of_organization(tx: Tx) -> list[OrganizationFigures]:
    """The organization on each of the last 30 days."""
    tx.actor.must(Verb.ADMINISTER)
    rows = await Figures(tx).of_organization()
    return [OrganizationFigures.model_validate(row, from_attributes=True) for row in rows]
