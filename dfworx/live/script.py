"""One script's socket: what it asks for, what it is told in which order, and what ends it."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import WebSocket
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocketDisconnect

from dfworx.core import clock
from dfworx.core.errors import Conflict, Invalid, NotFound, Refusal
from dfworx.infra.database import transaction
from dfworx.live import rooms
from dfworx.live.frames import Frame
from dfworx.live.hub import Socket, hub
from dfworx.web import identity, problems

KINDS = {"thread": "thread", "channel": "place", "organization": "organization"}  # what can be asked for, and its room
BEAT, SLOW = 20.0, 10.0  # seconds: between signs of life, for one frame to leave
BURST, RATE = 30.0, 10.0  # messages from a script at once, and a second
MOST_TOPICS, MOST_WAITING, MOST_CHARACTERS = 100, 256, 8_000
NOT_UNDERSTOOD, SIGNED_OUT, NO_ORGANIZATION, STAND_ANEW, TOO_MUCH = 4400, 4401, 4404, 4409, 4429
TOO_LARGE, FAILED, TOO_SLOW = 1009, 1011, 1013


class TooManyTopics(Conflict):
    """More topics than one socket may follow."""

    title = "One socket follows 100 topics at most."


class Asked(BaseModel):
    """What a script says."""

    model_config = ConfigDict(extra="forbid")

    token: str | None = None
    subscribe: str | None = None
    unsubscribe: str | None = None
    after: int | None = Field(None, ge=0, le=2**31 - 1)


class Closed(Exception):
    """The socket ends, with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass
class Thread:
    """How far a script has been told of a thread."""

    topic: str
    version: int = 0
    is_missing: bool = False  # something happened that only asking tells


@dataclass(eq=False)
class Script:
    """One open socket: what waits to be told, in order."""

    web: WebSocket
    claims: identity.Claims
    slug: str
    socket: Socket
    heard: set[str]
    waiting: asyncio.Queue[Frame | Asked] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))
    threads: dict[str, Thread] = field(default_factory=dict)
    ending: "asyncio.Future[Closed]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    allowance: float = BURST
    counted_at: float = field(default_factory=time.monotonic)

    @property
    def is_behind(self) -> bool:
        """Whether much waits for it."""
        return self.waiting.qsize() > MOST_WAITING // 2 and not self.ending.done()

    def end(self, code: int, reason: str) -> None:
        """Close it, whatever it is doing."""
        if not self.ending.done():
            self.ending.set_result(Closed(code, reason))

    def offer(self, item: Frame | Asked) -> None:
        """Let it be told in its turn; who reads too slowly is cut off."""
        try:
            self.waiting.put_nowait(item)
        except asyncio.QueueFull:
            self.end(TOO_SLOW, "read faster")

    def hear(self, frame: Frame) -> None:
        """Take a frame from the hub; a thread that has to be asked about anyway needs no more of them."""
        thread = self.threads.get(frame.scope) if frame.list == "messages" else None
        if thread is not None and thread.is_missing:
            return
        self.offer(frame)

    async def say(self, **words: Any) -> None:
        """Send one JSON object."""
        said = json.dumps(words, separators=(",", ":"))
        try:
            async with asyncio.timeout(SLOW):
                await self.web.send_text(said)
        except TimeoutError:
            raise Closed(TOO_SLOW, "read faster") from None
        except RuntimeError:  # it is closed already
            raise WebSocketDisconnect from None

    async def listen(self) -> None:
        """Take what the script says, within its limits."""
        while True:
            asked = await received(self.web)
            now = time.monotonic()
            self.allowance = min(BURST, self.allowance + (now - self.counted_at) * RATE) - 1
            self.counted_at = now
            if self.allowance < 0:
                raise Closed(TOO_MUCH, "say less")
            self.offer(asked)

    async def tell(self) -> None:
        """Do and tell, one after the other."""
        while True:
            item = await self.waiting.get()
            if isinstance(item, Frame):
                try:
                    await self._pass_on(item)
                except Refusal:  # what it followed is not for it any more
                    raise Closed(STAND_ANEW, "connect again") from None
            else:
                await self._do(item)

    async def watch(self) -> None:
        """Show that the line lives, and look whether the script may still listen."""
        while True:
            rest = self.claims.ends_at - clock.now().timestamp() if self.claims.ends_at else BEAT
            if rest <= 0:
                raise Closed(SIGNED_OUT, "the token has ended")
            await asyncio.sleep(min(BEAT, rest))
            await self.look()
            await self.say(type="heartbeat")

    async def look(self) -> None:
        """End when the session or token has ended, or when the person stands otherwise."""
        actor = await identity.actor_by(self.claims, self.slug)
        if not actor.is_person:
            raise Closed(SIGNED_OUT, "the session or token has ended")
        if actor.role != self.socket.actor.role:
            raise Closed(STAND_ANEW, "connect again")

    async def _do(self, asked: Asked) -> None:
        if asked.token is not None:
            await self._renew(asked.token)
            return
        topic = asked.subscribe if asked.unsubscribe is None else asked.unsubscribe
        try:
            if asked.unsubscribe is not None:
                await self._unsubscribe(asked.unsubscribe)
            elif asked.subscribe is not None:
                await self._subscribe(asked.subscribe, asked.after)
        except Refusal as refusal:
            await self.say(type="refused", topic=topic, problem=problems.described(refusal))

    async def _renew(self, token: str) -> None:
        claims = identity.claims_by(token)
        actor = await identity.actor_by(claims, self.slug)
        if claims is None or actor.user_id != self.socket.actor.user_id:
            raise Closed(SIGNED_OUT, "the token is not yours")
        if actor.role != self.socket.actor.role:
            raise Closed(STAND_ANEW, "connect again")
        self.claims = claims
        stay_in_touch(self.socket, claims, actor.token_id)
        await self.say(type="ready", expires_at=claims.ends_at or None)

    async def _subscribe(self, topic: str, after: int | None) -> None:
        room = _room(topic)
        heard = self.heard
        if len(heard) >= MOST_TOPICS and room not in heard:
            raise TooManyTopics
        kind, _, id_ = room.partition(":")
        if after is not None and kind != "thread":
            raise Invalid(fields={"after": "Only threads have versions."})
        async with transaction(self.socket.actor) as tx:
            await rooms.join(hub, self.socket, tx, room)
        if kind == "thread":
            thread = self.threads[id_] = Thread(room, is_missing=True)
            heard.add(room)
            thread.version = await self._latest(id_) if after is None else after
            if after is not None:
                await self._catch_up(thread)
            thread.is_missing = False
            await self.say(type="subscribed", topic=topic, version=thread.version)
            await self._catch_up(thread)
            return
        heard.add(room)
        await self.say(type="subscribed", topic=topic)

    async def _unsubscribe(self, topic: str) -> None:
        room = _room(topic)
        hub.leave(self.socket, room)
        self.heard.discard(room)
        self.threads.pop(room.partition(":")[2], None)
        await self.say(type="unsubscribed", topic=topic)

    async def _latest(self, id_: str) -> int:
        async with transaction(self.socket.actor) as tx:
            return (await rooms.missed(tx, f"thread:{id_}", 2**31 - 1)).version

    async def _catch_up(self, thread: Thread) -> None:
        """Tell what has changed since: no gap, none twice, in the order of the versions."""
        while True:
            async with transaction(self.socket.actor) as tx:
                missed = await rooms.missed(tx, thread.topic, thread.version)
            for frame in missed.frames:
                await self._send(frame)
                thread.version = max(thread.version, frame.version or 0)
            thread.version = max(thread.version, missed.version)
            if not missed.has_more:
                return

    async def _pass_on(self, frame: Frame) -> None:
        thread = self.threads.get(frame.scope) if frame.list == "messages" else None
        if frame.list == "*":
            for each in list(self.threads.values()):
                await self._catch_up(each)
            await self._send(frame)
        elif thread is None:
            if frame.list != "messages":  # else it waited while the thread was unsubscribed
                await self._send(frame)
        elif frame.op == "stale" or (frame.version or 0) > thread.version + 1:
            await self._catch_up(thread)
        elif (frame.version or 0) > thread.version:
            thread.version = frame.version or 0
            await self._send(frame)

    async def _send(self, frame: Frame) -> None:
        await self.say(type="frame", **frame.model_dump(mode="json", exclude_none=True))


async def received(web: WebSocket) -> Asked:
    """What a script says next."""
    message = await web.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1000)
    text = message.get("text") or ""
    if len(text) > MOST_CHARACTERS or len(message.get("bytes") or b"") > MOST_CHARACTERS:
        raise Closed(TOO_LARGE, "say it in 8,000 characters")
    try:
        return Asked.model_validate_json(text)
    except ValidationError:
        raise Closed(NOT_UNDERSTOOD, "not understood") from None


async def close(web: WebSocket, closed: Closed) -> None:
    """Say why it ends, to whoever still reads."""
    with suppress(RuntimeError, TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(SLOW):
            await web.close(closed.code, closed.reason)


def stay_in_touch(socket: Socket, claims: identity.Claims, token_id: UUID | None) -> None:
    """Where the end of what it has shown is told; nothing else of these rooms reaches a script."""
    ends = f"session:{claims.session_id}" if claims.session_id else f"token:{token_id}"
    for topic in (f"user:{socket.actor.user_id}", ends):
        hub.join(socket, topic)


def _room(topic: str) -> str:
    kind, _, id_ = topic.partition(":")
    try:
        return f"{KINDS[kind]}:{UUID(id_)}"
    except (KeyError, ValueError):
        raise NotFound from None
