"""Bodies: how much one request may carry."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core.errors import TooLarge
from dfworx.web import problems


class BodyLimit:
    """Refuses larger bodies, whether they say their length or only turn out to be long."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer 413."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Request(scope).headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self.most:
            await problems.answer(Request(scope), TooLarge())(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.most:
                raise HTTPException(413)  # the one exception that passes FastAPI's reading of bodies unchanged
            return message

        await self.app(scope, counted, send)
