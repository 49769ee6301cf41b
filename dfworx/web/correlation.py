"""Correlation: every request has an id that stands in its answer and in each line of the log."""

import logging
import re
from typing import Any

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


def mark_log_records() -> None:
    """Give every log record a `correlation_id`, for the format of the logs; doing it twice changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, "marks_correlation", False):
        return

    def marked(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.correlation_id = correlation_id.get() or "-"
        return record

    marked.marks_correlation = True  # type: ignore[attr-defined]  # a function can carry it
    logging.setLogRecordFactory(marked)
