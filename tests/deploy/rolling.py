"""A rolling restart under load: both servers are restarted one after the other while people write and read."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx

from tests.cast import Member
from tests.deploy.site import Site

PAUSE = 0.1  # of each client between an answer and its next request
SETTLE = 0.5  # seconds between a server that is taken back and the next restart


@dataclass
class Load:
    """What the clients did meanwhile."""

    sent: list[str] = field(default_factory=list)  # sources of messages that were answered 201
    asked: int = 0
    read: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0


async def roll(site: Site, thread: UUID, people: Sequence[Member], rounds: int = 1) -> Load:
    """Restart both servers `rounds` times while half of the people write into a thread and the others read.

    Nothing that they ask for may fail.
    """
    load, over = Load(), asyncio.Event()
    address = f"/api/v1/organizations/{people[0].slug}/threads/{thread}"
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(client(site, each)) for each in people]
        tasks = [asyncio.create_task(_keep(over, load, _write(load, address, each))) for each in clients[::2]]
        tasks += [asyncio.create_task(_keep(over, load, _read(load, address, each))) for each in clients[1::2]]
        await asyncio.sleep(0.5)
        for _ in range(rounds):
            for port in site.ports:
                code = await asyncio.to_thread(site.restart, port)
                assert code == 0, f"the server ended with {code}"
                await asyncio.sleep(SETTLE)
        over.set()
        await asyncio.gather(*tasks)
    return load


def client(site: Site, member: Member | None = None) -> httpx.AsyncClient:
    """Somebody who asks through nginx."""
    headers = {"Origin": site.origin} | ({"Cookie": site.cookie(member)} if member else {})
    return httpx.AsyncClient(base_url=site.origin, headers=headers, verify=False, timeout=30)


async def _keep(over: asyncio.Event, load: Load, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
    while not over.is_set():
        begun, load.asked = time.monotonic(), load.asked + 1
        try:
            answer = await ask()
            if answer.is_error:
                load.failed.append(f"{answer.request.method} {answer.status_code} {answer.text[:200]}")
        except httpx.HTTPError as error:
            load.failed.append(repr(error))
        load.slowest = max(load.slowest, time.monotonic() - begun)
        await asyncio.sleep(PAUSE)


def _write(load: Load, address: str, asking: httpx.AsyncClient) -> Callable[[], Awaitable[httpx.Response]]:
    async def write() -> httpx.Response:
        source = f"rolling {uuid4()}"
        answer = await asking.post(f"{address}/messages", json={"source": source, "client_key": str(uuid4())})
        if answer.status_code == 201:
            load.sent.append(source)
        return answer

    return write


def _read(load: Load, address: str, asking: httpx.AsyncClient) -> Callable[[], Awaitable[httpx.Response]]:
    paths = [f"{address}/messages", "/"]

    async def read() -> httpx.Response:
        load.read += 1
        return await asking.get(paths[load.read % 2])

    return read
