"""The audit over REST."""

from fastapi import APIRouter

from dfworx.audit import service as audit
from dfworx.audit.views import AuditPage
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}/audit", tags=["audit"])


@router.get("")
async def list_audit_events(tx: InTx, before: str | None = None) -> AuditPage:
    """Who did what, the newest first."""
    return await audit.page(tx, before)
