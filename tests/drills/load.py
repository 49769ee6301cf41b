"""The load: people who write as the browser's outbox does, and pages that listen and catch up as a page does."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import aiohttp

from tests.bench.figures import percentile
from tests.bench.stage import SLUG
from tests.cast import Member
from tests.drills.place import Place

SOON, LATE = 0.5, 30.0  # of the outbox: see docs/live.md
WAKE = 5.0
AWAY = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass
class Heard:
    """What came of it: acknowledged texts, answers by kind, and when who was answered again."""

    acked: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    took: list[tuple[float, float]] = field(default_factory=list)  # begun, seconds: of every request
    good: dict[str, list[tuple[float, float]]] = field(default_factory=dict)  # who: (begun, answered) of what went well

    def back_after(self, moments: list[float]) -> list[float]:
        """For each moment and each of them: seconds until something that they began afterwards went well."""
        found = []
        for moment in moments:
            for times in self.good.values():
                later = [end for begun, end in times if begun >= moment]
                found += [min(later) - moment] if later else []
        return found

    def slowest(self) -> float:
        """Seconds of the slowest request."""
        return max((seconds for _, seconds in self.took), default=0.0)

    def p95(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Seconds within which 95 of 100 requests of a time were answered."""
        return percentile([seconds for begun, seconds in self.took if since <= begun < until] or [0.0], 0.95)


@dataclass
class Load:
    """Writers and pages of one place."""

    place: Place
    session: aiohttp.ClientSession
    writing: Heard = field(default_factory=Heard)
    reading: Heard = field(default_factory=Heard)
    pages: list["Page"] = field(default_factory=list)
    is_over: bool = False
    is_closed: bool = False

    async def write(self, member: Member, thread: UUID, every: float) -> None:
        """One person's messages, one at a time and in order, each tried until it is acknowledged."""
        number = 0
        due = time.monotonic() + random.uniform(0, every)
        while not self.is_over:
            number += 1
            due = max(due + every * random.uniform(0.8, 1.2), time.monotonic() - 2)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._send(member, thread, f"{member.name} says {number}: the queue drained.")

    async def _send(self, member: Member, thread: UUID, source: str) -> None:
        body = {"source": source, "client_key": str(uuid4())}
        wait, woken = SOON, time.monotonic()
        while True:
            if await self.ask(self.writing, member, "POST", f"/threads/{thread}/messages", body):
                self.writing.acked.add(source)
                return
            await asyncio.sleep(wait * random.uniform(0.8, 1.2))
            wait = min(wait * 1.5, LATE)
            if time.monotonic() - woken > WAKE:
                wait, woken = SOON, time.monotonic()

    async def read(self, member: Member, thread: UUID, every: float) -> None:
        """One person who looks at a thread again and again."""
        while not self.is_over:
            await asyncio.sleep(every * random.uniform(0.5, 1.5))
            await self.ask(self.reading, member, "GET", f"/threads/{thread}/messages")

    async def settle(self) -> None:
        """What is on its way arrives, and what is waiting in the outbox; a page that never hears of it is judged so."""
        last = {thread: await self._version(thread) for thread in self.place.threads}
        end = time.monotonic() + 20
        while any(page.version < last[page.thread] for page in self.pages) and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)  # what should not arrive would, by now

    async def _version(self, thread: UUID) -> int:
        """Where a thread is, as the server says; tried until it does."""
        headers = self.place.headers(self.place.people[0])
        while True:
            with suppress(*AWAY):
                async with self.session.get(self.place.api(f"/threads/{thread}"), headers=headers) as answer:
                    if answer.ok:
                        return int((await answer.json())["version"])
            await asyncio.sleep(0.5)

    async def ask(self, heard: Heard, member: Member, method: str, path: str, body: object = None) -> bool:
        """One request, and what is to be said of its answer."""
        begun = time.monotonic()
        try:
            async with self.session.request(
                method, self.place.api(path), json=body, headers=self.place.headers(member)
            ) as answer:
                said = await answer.text()
        except AWAY as error:
            heard.answers[type(error).__name__ if isinstance(error, TimeoutError) else "no connection"] += 1
            if isinstance(error, TimeoutError):
                heard.wrong.append("a request without an answer")
            return False
        ended = time.monotonic()
        heard.took.append((begun, ended - begun))
        heard.answers[str(answer.status)] += 1
        if answer.ok:
            heard.good.setdefault(member.name, []).append((begun, ended))
            return True
        is_clear = "Retry-After" in answer.headers and "urn:dfworx:problem:unavailable" in said
        if answer.status != 503 or not is_clear:
            heard.wrong.append(f"{answer.status} {said[:200]}")
        return False


@dataclass
class Page:
    """An open page of a thread: hears frames, and asks what it missed after a gap and after a reconnect."""

    load: Load
    member: Member
    thread: UUID
    version: int = 0
    seen: dict[int, str] = field(default_factory=dict)  # number: id
    good: list[tuple[float, float]] = field(default_factory=list)
    frames: int = 0
    is_open: bool = False

    async def live(self) -> None:
        """Be open for as long as the load lasts."""
        tries = 0
        while not self.load.is_closed:
            begun = time.monotonic()
            with suppress(*AWAY, aiohttp.WSMessageTypeError):  # the latter: closed while something was expected
                await self._connected(begun)
                tries = 0
            self.is_open = False
            tries += 1
            await asyncio.sleep(0.2 * min(tries, 10))  # as Reflex's client does

    async def _connected(self, begun: float) -> None:
        place = self.load.place
        url = f"{place.origin.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={uuid4()}"
        async with self.load.session.ws_connect(
            url, headers=place.headers(self.member), protocols=("0.10.1",), max_msg_size=0
        ) as socket:
            await socket.receive_str(timeout=10)
            await socket.send_str(self._boot())
            while '"is_hydrated_rx_state_":true' not in (text := await socket.receive_str(timeout=20)):
                await _alive(socket, text)
            self.is_open = await self.catch_up()
            if self.is_open:
                self.good.append((begun, time.monotonic()))
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._hear(socket, message.data)

    def _boot(self) -> str:
        path = f"/o/{SLUG}/t/{self.thread}"
        event = {
            "name": "reflex___state____state.hydrate_and_load",
            "payload": {},
            "router_data": {
                "pathname": path, "asPath": path, "query": {"organization": SLUG, "thread": str(self.thread)},
            },
        }  # fmt: skip
        return f"40/_event,{json.dumps({'event': event})}"

    async def _hear(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        if not text.startswith("42/_event,"):
            await _alive(socket, text)
            return
        name, update = json.loads(text.removeprefix("42/_event,"))
        for variables in (update.get("delta") or {}).values() if name == "event" else ():
            frame = variables.get("frame_rx_state_")
            if frame and (frame["list"] == "*" or (frame["list"] == "messages" and frame["scope"] == str(self.thread))):
                await self._take(frame)

    async def _take(self, frame: dict) -> None:  # type: ignore[type-arg]  # JSON
        self.frames += 1
        if frame["op"] == "put" and frame["version"] == self.version + 1:
            self.version = frame["version"]
            self.seen[frame["item"]["seq"]] = frame["item"]["id"]
        elif frame["op"] != "put" or frame["version"] > self.version:
            await self.catch_up()

    async def catch_up(self) -> bool:
        """Ask what changed after the version that it is at, until nothing is left."""
        while True:
            url = self.load.place.api(f"/threads/{self.thread}/changes?after={self.version}")
            try:
                async with self.load.session.get(url, headers=self.load.place.headers(self.member)) as answer:
                    if answer.status != 200:  # HTTP
                        return False
                    found = await answer.json()
            except AWAY:
                return False
            self.seen |= {item["seq"]: item["id"] for item in found["items"]}
            self.version = max(self.version, found["version"])
            if not found["has_more"]:
                return True


async def _alive(socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
    if text == "2":
        await socket.send_str("3")


@asynccontextmanager
async def load(
    place: Place, *, writers: int = 10, rate: float = 50.0, pages: int = 5, readers: int = 0, reads_every: float = 1.0
) -> AsyncIterator[Load]:
    """Let people write `rate` messages a second together, and read; at the end everybody finishes what they began."""
    limits = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=limits, timeout=aiohttp.ClientTimeout(total=60)) as session:
        here = Load(place, session)
        here.pages = [Page(here, m, place.threads[n % 2]) for n, m in enumerate(place.people[-pages:])]
        listening = [asyncio.create_task(page.live()) for page in here.pages]
        every = writers / rate if writers else 0.0
        writing = [
            asyncio.create_task(here.write(m, place.threads[n % 2], every))
            for n, m in enumerate(place.people[:writers])
        ]
        reading = [
            asyncio.create_task(here.read(m, place.threads[n % 2], reads_every))
            for n, m in enumerate(place.people[:readers])
        ]
        await asyncio.sleep(2)
        yield here
        here.is_over = True
        await asyncio.wait_for(asyncio.gather(*writing, *reading), 90)
        end = time.monotonic() + 40
        while not all(page.is_open for page in here.pages) and time.monotonic() < end:  # noqa: ASYNC110  # a wait like people's
            await asyncio.sleep(0.1)
        await here.settle()
        here.is_closed = True
        for each in listening:
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
