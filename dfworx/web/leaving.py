"""Leaving: a server that is about to stop says so first, and sends a proxy to another one."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dfworx.core.errors import Refusal
from dfworx.web import origin, problems

PROXY = "DFWorX-Proxy"  # a proxy that asks another server when it is answered 502 sets it to `retries`


class ServerLeaves(Refusal):
    """This server is about to stop; the proxy in front of it knows another one."""

    status = 502
    title = "This server is about to stop. Please try again."


@dataclass
class Departure:
    """Whether this process is about to stop, and who wants to know."""

    has_begun: bool = False
    told: list[Callable[[], object]] = field(default_factory=list)

    def begin(self) -> None:
        """From now on nothing new should come here; what comes all the same is done."""
        self.has_begun = True
        for tell in self.told:
            tell()


departure = Departure()


class Leaving:
    """While the process leaves, connections close after their answer, and a proxy is sent to the other server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through unless asking elsewhere costs nothing."""
        if scope["type"] != "http" or not departure.has_begun:
            await self.app(scope, receive, send)
            return

        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        if scope["method"] in origin.SAFE and Headers(scope=scope).get(PROXY) == "retries":
            await problems.problem(Request(scope), ServerLeaves())(scope, receive, send_last)
        else:
            await self.app(scope, receive, send_last)
