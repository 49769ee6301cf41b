"""The palette over REST."""

from typing import Annotated

from fastapi import APIRouter, Query

from dfworx.palette import service as palette
from dfworx.palette.views import Findings
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/palette", tags=["palette"])


@router.get("")
async def find(tx: InTx, q: Annotated[str, Query(max_length=200)] = "") -> Findings:
    """Channels, threads and people by parts of their names, decisions also by their numbers (DEC-42)."""
    return await palette.find(tx, q)
