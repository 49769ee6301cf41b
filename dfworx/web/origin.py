"""Cross-site requests: whatever changes something must come from a page of ours, or from no page at all."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from dfworx.core.errors import Forbidden
from dfworx.infra.settings import settings
from dfworx.web import forms, identity, problems

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
GUARDED = ("/api/", "/auth/")


class ForeignOrigin(Forbidden):
    """Another site's page sent this; a cookie alone proves nothing."""

    title = "This request did not come from a page of this workspace."


class SameOrigin:
    """Refuses changing requests of other sites, whether the browser says so by Sec-Fetch-Site or by Origin."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 403."""
        guarded = scope["type"] == "http" and scope["path"].startswith(GUARDED) and scope["method"] not in SAFE
        if guarded and not is_ours(Request(scope)):
            await problems.problem(Request(scope), ForeignOrigin())(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_ours(request: Request) -> bool:
    """Whether a page of ours, or a program without our cookie, sent this.

    A bearer token needs no more: no browser adds one by itself, and with one the cookie does not count.
    """
    if identity.bearer_of(request) is not None and not forms.is_form(request):
        return True
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if origin in settings().origins or site in {"same-origin", "none"}:
        return True
    is_program = site is None and origin is None and not forms.is_form(request)
    return is_program and identity.cookie_name() not in request.cookies
