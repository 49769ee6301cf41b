"""References over REST: what a name in a text leads to."""

from typing import Annotated

from fastapi import APIRouter, Query

from dfworx.imports import service_references as references
from dfworx.imports.validators import ReferenceAsked
from dfworx.imports.views import ReferenceTarget
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/references", tags=["imports"])


@router.get("")
async def find_reference(tx: InTx, asked: Annotated[ReferenceAsked, Query()]) -> ReferenceTarget:
    """The channel, thread or imported message that `#**channel>thread@id**` names."""
    return await references.find(tx, asked)
