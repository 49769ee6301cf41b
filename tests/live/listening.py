"""What the tests of scripts share: a socket that listens, what it is told, and how it is closed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from websockets import ConnectionClosed, connect

from dfworx.web import identity
from tests.cast import Cast, Member
from tests.serving import Served


def bearer(member: Member) -> str:
    """An access token of their session."""
    return identity.access_token(member)[0]


def address(server: Served, slug: str) -> str:
    """Where scripts listen."""
    return f"{server.base_url.replace('http', 'ws', 1)}/api/v1/live?organization={slug}"


def asking(server: Served, member: Member, cast: Cast | None = None) -> httpx.AsyncClient:
    """Somebody's browser, over REST; with a cast below their organization's address."""
    base_url = f"{server.base_url}/api/v1" + (f"/organizations/{cast.slug}" if cast else "")
    cookies = {identity.cookie_name(): identity.token(member)}
    return httpx.AsyncClient(
        base_url=base_url, headers={"Origin": server.base_url}, cookies=cookies, trust_env=False, timeout=20
    )


async def post(server: Served, member: Member, thread, words: str) -> None:
    """Write into a thread over REST."""
    headers = {"Authorization": f"Bearer {bearer(member)}"}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, trust_env=False) as client:
        path = f"/api/v1/organizations/{member.slug}/threads/{thread}/messages"
        assert (await client.post(path, json={"source": words})).status_code == 201


@asynccontextmanager
async def listening(server: Served, member: Member, *said: dict[str, object], **headers: str) -> AsyncIterator[Any]:
    """An open socket that has said something."""
    headers = {"Authorization": f"Bearer {bearer(member)}", **headers}
    async with connect(address(server, member.slug), additional_headers=headers, proxy=None) as socket:
        assert json.loads(await socket.recv())["type"] == "ready"
        for each in said:
            await socket.send(json.dumps(each))
        yield socket


async def told(socket, kind: str) -> dict[str, Any]:
    """The next thing of a kind that it is told."""
    async with asyncio.timeout(10):
        while True:
            thing = json.loads(await socket.recv())
            if thing["type"] == kind:
                return thing


async def closed(socket) -> int:
    """The code with which it is closed, soon."""
    async with asyncio.timeout(10):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code
