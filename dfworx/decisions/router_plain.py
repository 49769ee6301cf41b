"""The register and its records for readers without JavaScript."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_ballots as ballots
from dfworx.decisions import service_graph as graph
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_naming as naming
from dfworx.decisions import service_showing as showing
from dfworx.decisions.router_path import DecisionId
from dfworx.decisions.validators import COUNTED, PARTS, Sought
from dfworx.decisions.views import DecisionPage
from dfworx.organizations import service as organizations
from dfworx.web.plain import plain_router, shown
from dfworx.web.transactions import InTx

router = plain_router()

Day = Annotated[date | None, BeforeValidator(lambda said: said or None), Query()]  # a form sends what is empty, too


@router.get("/o/{organization}/decisions")
async def register(
    request: Request,
    tx: InTx,
    sought: Annotated[Sought, Query()],
    show: Annotated[str, Query(max_length=20)] = "",
    as_of: Day = None,
) -> HTMLResponse:
    """The register: a part of it, narrowed as over REST, or as it stood at the end of a day; and its timeline."""
    sought = Sought.model_validate({**sought.model_dump(), **PARTS.get(show, {})})
    page = DecisionPage(items=[]) if as_of else await showing.page(tx, sought)
    return shown(
        request,
        "decisions/plain/register.html",
        "Decisions",
        items=page.items,
        past=await aging.as_of(tx, datetime.combine(as_of, time.max, UTC)) if as_of else [],
        day=as_of,
        is_over=as_of is not None and as_of < tx.now.date(),
        organization=(await organizations.get(tx)).name,
        is_narrowed=sought.model_copy(update={"cursor": None}) != Sought(),
        counted={} if as_of else COUNTED,
        counts=None if as_of else await showing.counts(tx),  # of all: what leads to a part narrows nothing
        show=show,
        sought=sought,
        next=f"?{request.url.include_query_params(cursor=page.next).query}" if page.next else "",
        timeline="" if as_of else await graph.timeline(tx, sought, "?plain=1"),
        ledger=await ledger.head(tx),
    )


@router.get("/o/{organization}/d/{decision_id}")
@router.get("/o/{organization}/decisions/{decision_id}")
async def record(request: Request, decision_id: DecisionId, tx: InTx) -> HTMLResponse:
    """A record with its people, positions, concerns and evidence."""
    decision = await showing.get(tx, decision_id)
    compared = await ballots.compared(tx, decision.id) if decision.ballot else None
    title = f"{decision.ref}: {decision.title}" if decision.ref else decision.title
    here = await organizations.get(tx)
    known = await naming.addresses(tx, decision.model_dump_json())
    return shown(
        request,
        "decisions/plain/record.html",
        title,
        decision=decision,
        compared=compared,
        organization=here.name,
        linked=lambda html: naming.linked(html, known, f"/o/{here.slug}", "?plain=1"),
    )
