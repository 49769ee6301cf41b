"""The audit over REST."""

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from dfworx.audit import service as audit
from dfworx.audit.validators import AuditCopy, AuditPart
from dfworx.audit.views import AuditPage, AuditView
from dfworx.core.actor import Actor
from dfworx.web.transactions import InTx, Member, Person, PersonTx

router = APIRouter(tags=["audit"])
inside = APIRouter(prefix="/organizations/{organization}/audit")
server = APIRouter(prefix="/admin/audit")

Part = Annotated[AuditPart, Query()]
Copy = Annotated[AuditCopy, Query()]
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
COLUMNS = [name for name in AuditView.model_fields if name != "details"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@inside.get("")
async def list_audit_events(tx: InTx, asked: Part) -> AuditPage:
    """Who did what, the newest first."""
    return await audit.page(tx, asked, asked.before)


@inside.get("/export", response_class=StreamingResponse)
async def export_audit_events(member: Member, asked: Copy) -> StreamingResponse:
    """All that was asked for, as CSV or as lines of JSON."""
    return await _export(member, asked)


@server.get("")
async def list_server_audit_events(tx: PersonTx, asked: Part) -> AuditPage:
    """Who did what anywhere, the newest first; what an organization's events hold stays there."""
    return await audit.page(tx, asked, asked.before)


@server.get("/export", response_class=StreamingResponse)
async def export_server_audit_events(person: Person, asked: Copy) -> StreamingResponse:
    """All that was asked for, as CSV or as lines of JSON."""
    return await _export(person, asked)


async def _export(actor: Actor, asked: AuditCopy) -> StreamingResponse:
    format_ = asked.format
    events = audit.export(actor, asked)
    first = await anext(events, None)  # a refusal comes here, before the answer has begun
    lines = _as_csv(first, events) if format_ == "csv" else _as_json(first, events)
    headers = {"Content-Disposition": f'attachment; filename="audit.{format_}"'}
    return StreamingResponse(lines, media_type=TYPES[format_], headers=headers)


async def _as_json(first: AuditView | None, events: AsyncIterator[AuditView]) -> AsyncIterator[str]:
    if first is not None:
        yield first.model_dump_json() + "\n"
    async for event in events:
        yield event.model_dump_json() + "\n"


async def _as_csv(first: AuditView | None, events: AsyncIterator[AuditView]) -> AsyncIterator[str]:
    yield _line([*COLUMNS, "details"])
    if first is not None:
        yield _row(first)
    async for event in events:
        yield _row(event)


def _row(event: AuditView) -> str:
    shown = event.model_dump(mode="json")
    return _line(["" if shown[name] is None else str(shown[name]) for name in COLUMNS] + [json.dumps(shown["details"])])


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return line.getvalue()


for part in (inside, server):
    router.include_router(part)
