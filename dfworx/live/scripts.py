"""Scripts on the live layer: a plain WebSocket with JSON, by the rules of pages; docs/api.md has its words."""

import asyncio
import json
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi import APIRouter, WebSocket
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.websockets import WebSocketDisconnect

from dfworx.core import clock
from dfworx.core.errors import Conflict, Invalid, NotFound, Refusal, TooMany
from dfworx.core.ids import new_id
from dfworx.infra.database import transaction
from dfworx.infra.settings import settings
from dfworx.live import rooms
from dfworx.live.frames import Frame
from dfworx.live.hub import Hub, Socket, hub
from dfworx.web import identity, limits, problems, scopes

router = APIRouter()

KINDS = {"thread": "thread", "channel": "place", "organization": "organization"}  # what can be asked for, and its room
PATIENCE, BEAT, SLOW = 10.0, 20.0, 10.0  # seconds: for the first token, between signs of life, for one frame to leave
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
        try:
            async with asyncio.timeout(SLOW):
                await self.web.send_text(json.dumps(words, separators=(",", ":")))
        except TimeoutError:
            raise Closed(TOO_SLOW, "read faster") from None

    async def listen(self) -> None:
        """Take what the script says, within its limits."""
        while True:
            asked = await _received(self.web)
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
        elif asked.unsubscribe is not None:
            await self._unsubscribe(asked.unsubscribe)
        elif asked.subscribe is not None:
            try:
                await self._subscribe(asked.subscribe, asked.after)
            except Refusal as refusal:
                await self.say(type="refused", topic=asked.subscribe, problem=problems.described(refusal))

    async def _renew(self, token: str) -> None:
        claims = identity.claims_by(token)
        actor = await identity.actor_by(claims, self.slug)
        if claims is None or actor.user_id != self.socket.actor.user_id:
            raise Closed(SIGNED_OUT, "the token is not yours")
        self.claims = claims
        _own_rooms(hub, self.socket, claims, actor.token_id)
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
            await self._send(frame)
        elif frame.op == "stale" or (frame.version or 0) > thread.version + 1:
            await self._catch_up(thread)
        elif (frame.version or 0) > thread.version:
            thread.version = frame.version or 0
            await self._send(frame)

    async def _send(self, frame: Frame) -> None:
        await self.say(type="frame", **frame.model_dump(mode="json", exclude_none=True))


class ScriptWire:
    """Carries frames to the scripts of this process; whoever is no script is not known here."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        """Deliver one frame to those of them that are scripts; waits for none."""
        for sid in self.scripts.keys() & set(sids) if self.scripts else ():
            self.scripts[sid].hear(frame)

    async def reload(self, sids: Collection[str]) -> None:
        """They have to connect again: who they are has changed, or has ended."""
        for sid in self.scripts.keys() & set(sids) if self.scripts else ():
            script = self.scripts[sid]
            try:
                await script.look()
            except Closed as closed:
                script.end(closed.code, closed.reason)
            script.end(STAND_ANEW, "connect again")


wire = ScriptWire()
hub.scripts = wire


@router.websocket("/live")
async def live(web: WebSocket, organization: str = "") -> None:
    """Follow threads, channels and the organization of `?organization=`."""
    origin = web.headers.get("origin")
    if origin is not None and origin not in settings().origins:
        await web.close()  # before it was accepted: the answer is 403
        return
    await web.accept()
    try:
        script = await _admitted(web, organization)
    except Closed as closed:
        await _close(web, closed)
    except TooMany as refusal:
        await _close(web, Closed(TOO_MUCH, refusal.detail))
    except WebSocketDisconnect:
        return
    else:
        await _converse(script)


async def _admitted(web: WebSocket, slug: str) -> Script:
    """Who it is: by the header, else by the first message."""
    bearer = identity.bearer_of(web)
    if bearer is None:
        try:
            async with asyncio.timeout(PATIENCE):
                bearer = (await _received(web)).token
        except TimeoutError:
            raise Closed(SIGNED_OUT, "no token came") from None
    claims = identity.claims_by(bearer or "")
    await limits.spend_request(web)
    actor = await identity.actor_by(claims, slug)
    if claims is None or not actor.is_person:
        raise Closed(SIGNED_OUT, "the token is not known, or has ended")
    if actor.role is None:
        raise Closed(NO_ORGANIZATION, "name an organization of yours: ?organization=")
    scopes.must_allow(actor, "GET", slug)
    key = new_id().hex
    socket = hub.arrive(key, key, actor)
    heard = socket.heard = set()
    _own_rooms(hub, socket, claims, actor.token_id)
    script = wire.scripts[key] = Script(web, claims, slug, socket, heard)
    return script


async def _converse(script: Script) -> None:
    tasks: list[asyncio.Future[Any]] = [script.ending]
    ended: BaseException | None = None
    try:
        await script.say(type="ready", expires_at=script.claims.ends_at or None)
        tasks += [asyncio.ensure_future(each()) for each in (script.listen, script.tell, script.watch)]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        ended = script.ending.result() if script.ending in done else done.pop().exception()
    except Closed as closed:
        ended = closed
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # nobody may be receiving when it is closed
        wire.scripts.pop(script.socket.key, None)
        hub.depart(script.socket.key)
    if isinstance(ended, Closed):
        await _close(script.web, ended)
    elif ended is not None and not isinstance(ended, (WebSocketDisconnect, RuntimeError)):
        await _close(script.web, Closed(FAILED, "something went wrong on our side"))
        raise ended


async def _received(web: WebSocket) -> Asked:
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


async def _close(web: WebSocket, closed: Closed) -> None:
    with suppress(RuntimeError, TimeoutError):
        async with asyncio.timeout(SLOW):
            await web.close(closed.code, closed.reason)


def _own_rooms(hub_: Hub, socket: Socket, claims: identity.Claims, token_id: UUID | None) -> None:
    """Where the end of what it has shown is told; nothing else of these rooms reaches a script."""
    ends = f"session:{claims.session_id}" if claims.session_id else f"token:{token_id}"
    for topic in (f"user:{socket.actor.user_id}", ends):
        hub_.join(socket, topic)


def _room(topic: str) -> str:
    kind, _, id_ = topic.partition(":")
    try:
        return f"{KINDS[kind]}:{UUID(id_)}"
    except (KeyError, ValueError):
        raise NotFound from None
