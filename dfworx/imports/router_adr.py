"""Decision records over REST: a packed folder is the body of a request, and the report its answer."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from dfworx.imports import service_adr as records
from dfworx.imports.router import BODY
from dfworx.imports.validators import NewRecords
from dfworx.imports.views import RecordsReport
from dfworx.web.transactions import Member

router = APIRouter(prefix="/organizations/{organization}/decisions/import", tags=["imports"])


@router.post("", openapi_extra=BODY)
async def import_decisions(new: Annotated[NewRecords, Query()], request: Request, actor: Member) -> RecordsReport:
    """Upload a .zip, .tar or .tar.gz of decision records, up to 20 MB, and bring them in, or only see what would."""
    return await records.upload(actor, new, request.stream())
