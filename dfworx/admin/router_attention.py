"""What needs somebody, over REST."""

from fastapi import APIRouter

from dfworx.admin import service_attention as attention
from dfworx.admin.views_health import FindingView
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
inside = APIRouter(prefix="/organizations/{organization}/admin/attention")


@router.get("/admin/attention")
async def get_server_attention(tx: PersonTx) -> list[FindingView]:
    """What needs somebody on the server."""
    return await attention.page(tx)


@inside.get("")
async def get_organization_attention(tx: InTx) -> list[FindingView]:
    """What needs an administrator of the organization."""
    return await attention.page(tx)


router.include_router(inside)
