"""The crowd: many open pages in a process of their own, speaking to the server as a page does."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Self
from uuid import UUID, uuid4

import aiohttp

from tests.bench.stage import SLUG, Served, Stage

SAMPLE = re.compile(r"sample (\d+) ")
AT_ONCE = 10  # pages that open at the same time
PATIENCE = 60.0


@dataclass(frozen=True)
class Seat:
    """How one page opens its socket, what it says first, and what it hears when it has been entered."""

    url: str
    headers: dict[str, str]
    boot: str
    entered: str
    protocols: tuple[str, ...] = ()


def pages(stage: Stage, served: Served, thread: UUID, count: int, first: int = 0) -> list[Seat]:
    """Pages of a thread, each of another member: the boot event rides in the CONNECT packet, as in the browser."""
    path = f"/o/{SLUG}/t/{thread}"
    event = {
        "name": "reflex___state____state.hydrate_and_load",
        "payload": {},
        "router_data": {
            "pathname": path, "asPath": path, "query": {"organization": SLUG, "thread": str(thread)},
        },
    }  # fmt: skip
    boot = f"40/_event,{json.dumps({'event': event})}"
    return [
        Seat(_url(served), stage.headers(member), boot, '"is_hydrated_rx_state_":true', ("0.10.1",))
        for member in stage.people[first : first + count]
    ]


def listeners(served: Served, count: int) -> list[Seat]:
    """Sockets of the bare server."""
    return [Seat(_url(served), {}, "40/_event,", "40/_event")] * count


def _url(served: Served) -> str:
    return f"{served.origin.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"


@dataclass
class Heard:
    """What the crowd received: the times by sample, and the last frame."""

    at: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    frame: str = ""


class Crowd:
    """The process, from outside."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_live, args=(there,), daemon=True)

    def __enter__(self) -> Self:
        self._process.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()

    def enter(self, seats: Sequence[Seat]) -> float:
        """Open the pages; gives the seconds that it took until all had been entered."""
        return float(self._ask(list(seats)))

    def heard(self) -> Heard:
        """What came since the last time."""
        at, frame = self._ask(None)
        return Heard(at, frame)

    def _ask(self, wish: list[Seat] | None) -> Any:
        self._here.send(wish)
        if not self._here.poll(PATIENCE):
            raise TimeoutError("the crowd does not answer")
        answer = self._here.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _live(pipe: Connection) -> None:
    asyncio.run(_Pages(pipe).run())


class _Pages:
    """The process, from inside."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe
        self.heard = Heard()
        self.tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            while True:
                wish = await asyncio.to_thread(self.pipe.recv)
                try:
                    answer = await self._answer(session, wish)
                except Exception as error:  # noqa: BLE001 - the other process is to fail with it
                    answer = RuntimeError(f"{type(error).__name__}: {error}")
                self.pipe.send(answer)

    async def _answer(self, session: aiohttp.ClientSession, wish: list[Seat] | None) -> object:
        if wish is None:
            heard, self.heard = self.heard, Heard()
            return dict(heard.at), heard.frame
        begun = time.monotonic()
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*[self._enter(session, seat, gate) for seat in wish])
        return time.monotonic() - begun

    async def _enter(self, session: aiohttp.ClientSession, seat: Seat, gate: asyncio.Semaphore) -> None:
        async with gate:
            socket = await session.ws_connect(
                f"{seat.url}&token={uuid4()}", headers=seat.headers, protocols=seat.protocols, max_msg_size=0
            )
            await socket.receive_str(timeout=PATIENCE)  # engine.io's own greeting
            await socket.send_str(seat.boot)
            while seat.entered not in (text := await socket.receive_str(timeout=PATIENCE)):
                await _alive(socket, text)
        self.tasks.append(asyncio.create_task(self._listen(socket)))

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            text = message.data
            if found := SAMPLE.search(text):
                self.heard.at[int(found.group(1))].append(time.monotonic())
                self.heard.frame = text
            else:
                await _alive(socket, text)


async def _alive(socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
    if text == "2":
        await socket.send_str("3")
