"""Access: a line of the log and a figure for each request, by the route's template, never the address."""

import logging
import time

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core.actor import NOBODY, Actor
from dfworx.infra import metrics
from dfworx.web import identity
from dfworx.web.templates import template

log = logging.getLogger("dfworx.access")

OFTEN = frozenset({"/api/health", "/api/ready", "/metrics", "/assets/{file}"})  # asked by programs, all day
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})  # others are made up
FAILED = 500


class Access:
    """Sees every request come and go; what it says has no secret, since addresses may hold some."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, then say what became of it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        status, begun = 0, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                status = message["status"]
            await send(message)

        try:
            # Every frame to every page passes through a socket's `send`.
            await self.app(scope, receive, watched if scope["type"] == "http" else send)
        finally:
            _say(scope, status, time.perf_counter() - begun)


def _say(scope: Scope, status: int, seconds: float) -> None:
    route, actor = template(scope), scope.get("dfworx.actor", NOBODY)
    _count(scope, route, status, seconds)
    level = logging.DEBUG if route in OFTEN and status < FAILED else logging.INFO
    if log.isEnabledFor(level):
        method = scope.get("method", "SOCKET")
        log.log(level, "%s %s", method, route, extra=_facts(scope, actor, status, seconds) | {"route": route})


def _count(scope: Scope, route: str, status: int, seconds: float) -> None:
    if scope["type"] == "http":
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        metrics.REQUESTS.labels(method, route, str(status)).inc()
        metrics.REQUEST_SECONDS.labels(method, route).observe(seconds)


def _facts(scope: Scope, actor: Actor, status: int, seconds: float) -> dict[str, object]:
    facts = {
        "method": scope.get("method", "SOCKET"),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user_id": actor.user_id and str(actor.user_id),
        "organization": scope.get("path_params", {}).get("organization"),
        "organization_id": actor.organization_id and str(actor.organization_id),
        "address": identity.address_of(HTTPConnection(scope)),
    }
    return {name: value for name, value in facts.items() if value is not None}
