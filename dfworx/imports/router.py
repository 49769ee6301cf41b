"""Imports over REST: an archive is the body of a request, streamed to the disk; what follows is a job."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from dfworx.imports import service as imports
from dfworx.imports.validators import NewImport
from dfworx.imports.views import ImportPage, ImportView
from dfworx.web.transactions import InTx, Member

router = APIRouter(prefix="/organizations/{organization}/imports", tags=["imports"])

BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=201, openapi_extra=BODY)
async def start_import(new: Annotated[NewImport, Query()], request: Request, actor: Member) -> ImportView:
    """Upload a .zip or .tar.gz of a Zulip archive, as the body of the request, and begin to bring it in."""
    return await imports.upload(actor, new, request.stream())


@router.get("")
async def list_imports(tx: InTx, before: str | None = None) -> ImportPage:
    """The imports, the newest first."""
    return await imports.page(tx, before)


@router.get("/{import_id}")
async def get_import(import_id: UUID, tx: InTx) -> ImportView:
    """One import: how far it is, what it has brought, what it could not read."""
    return await imports.get(tx, import_id)


@router.put("/{import_id}/stop")
async def stop_import(import_id: UUID, tx: InTx) -> ImportView:
    """Do no more; what came in stays, and it can go on."""
    return await imports.stop(tx, import_id)


@router.put("/{import_id}/resumption")
async def resume_import(import_id: UUID, tx: InTx) -> ImportView:
    """Go on where it was stopped or failed."""
    return await imports.resume(tx, import_id)


@router.delete("/{import_id}")
async def discard_import(import_id: UUID, tx: InTx) -> ImportView:
    """Never go on: what came in stays, the archive is removed."""
    return await imports.discard(tx, import_id)
