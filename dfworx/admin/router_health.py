"""The health of the server over REST."""

from fastapi import APIRouter

from dfworx.admin import service_health as health
from dfworx.admin.views_health import HealthView
from dfworx.web.transactions import PersonTx

router = APIRouter(prefix="/admin/health", tags=["admin"])


@router.get("")
async def get_health(tx: PersonTx) -> HealthView:
    """The release, and everything that was looked at, the worst first."""
    return await health.examine(tx)
