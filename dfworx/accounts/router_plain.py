"""Signing in without JavaScript."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from dfworx.web.forms import Next, words
from dfworx.web.plain import plain_router, shown
from dfworx.web.transactions import Anybody

router = plain_router()


@router.get("/sign-in")
async def sign_in(
    request: Request, _: Anybody, page: Next, error: str = "", field: str = "", wait: str = ""
) -> HTMLResponse:
    """The form, and why it was refused."""
    said = words(error, field, wait) if error else ""
    return shown(request, "accounts/plain/sign_in.html", "Sign in", next=page or "/?plain=1", refusal=said)
