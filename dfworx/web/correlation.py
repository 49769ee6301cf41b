"""Correlation: every request has an id that stands in its answer and in each line of the log."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core import ids
from dfworx.core.correlation import correlation_id

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Correlation:
    """Takes the caller's request id when it is harmless, else makes one; echoes it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the id for everything that runs inside the request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get(HEADER, "")
        given = offered if SANE.fullmatch(offered) else ids.new_id().hex

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = given
            await send(message)

        token = correlation_id.set(given)
        try:
            # A socket has no answer to mark; every frame to every page would pass here.
            await self.app(scope, receive, send_with_id if scope["type"] == "http" else send)
        finally:
            correlation_id.reset(token)
