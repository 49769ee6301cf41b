"""The limit of a fan-out: python-socketio alone, one room, on the same kind of server."""

import json
from typing import Any

import socketio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

NAMESPACE = "/_event"
ROOM = "thread"


def app() -> Any:
    """The factory that granian serves."""
    sio = socketio.AsyncServer(
        async_mode="asgi", transports=["websocket"], cors_allowed_origins="*", ping_interval=15, ping_timeout=20
    )

    async def join(sid: str, _environ: object, _auth: object = None) -> None:
        await sio.enter_room(sid, ROOM, namespace=NAMESPACE)

    async def post(request: Request) -> Response:
        await sio.emit("event", json.loads(await request.body()), room=ROOM, namespace=NAMESPACE)
        return Response(status_code=204)

    async def ready(_request: Request) -> Response:
        return Response()

    sio.on("connect", join, namespace=NAMESPACE)
    rest = Starlette(routes=[Route("/post", post, methods=["POST"]), Route("/api/ready", ready)])
    return socketio.ASGIApp(sio, rest, socketio_path="/_event")
