"""One's organizations without JavaScript."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from dfworx.organizations import service as organizations
from dfworx.web.plain import plain_router, shown
from dfworx.web.transactions import PersonTx

router = plain_router()


@router.get("/")
async def home(request: Request, tx: PersonTx) -> HTMLResponse:
    """Each leads to its decisions."""
    mine = await organizations.mine(tx)
    return shown(request, "organizations/plain/home.html", "Your organizations", organizations=mine)
