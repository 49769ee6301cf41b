"""Bodies: how much one request may carry."""

import re
from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core.errors import TooLarge
from dfworx.web import problems


class BodyLimit:
    """Refuses larger bodies, whether they say their length or only turn out to be long."""

    def __init__(self, app: ASGIApp, most: int, larger: Mapping[str, Callable[[], int]] | None = None) -> None:
        self.app = app
        self.most = most
        self.larger = {re.compile(path): limit for path, limit in (larger or {}).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = next((limit() for path, limit in self.larger.items() if path.fullmatch(scope["path"])), self.most)
        declared = Request(scope).headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > most:
            await problems.answer(Request(scope), TooLarge())(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(413)  # the one exception that passes FastAPI's reading of bodies unchanged
            return message

        await self.app(scope, counted, send)
