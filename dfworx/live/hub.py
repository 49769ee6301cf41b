"""The hub of a process: its sockets, the rooms that they are in, and frames delivered in the order of the events."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.core.events import Event
from dfworx.infra import metrics
from dfworx.live.frames import Frame, frames_of

log = logging.getLogger(__name__)

HEAL = Frame(list="*", op="stale")
REMEMBERED = 10_000  # events heard lately: the second telling of one is dropped


@dataclass(eq=False)
class Socket:
    """One open page: how to reach it, who it belongs to, and its rooms."""

    key: str
    sid: str
    actor: Actor
    topics: set[str] = field(default_factory=set)
    scopes: dict[str, str] = field(default_factory=dict)  # topic -> the place that it can be lost with
    heard: set[str] | None = None  # the topics whose frames it wants; none named: all of its rooms


class Wire(Protocol):
    """What carries frames to sockets; Reflex's socket for pages."""

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        """Deliver one frame to many sockets."""
        ...

    async def reload(self, sids: Collection[str]) -> None:
        """Make pages load anew: who they are has changed."""
        ...


Reaction = Callable[["Hub", Any], Awaitable[None]]


class Hub:
    """Rooms of this process. Whoever joins has been permitted before; see `live.rooms`."""

    def __init__(self) -> None:
        self.sockets: dict[str, Socket] = {}
        self.rooms: dict[str, set[Socket]] = {}
        self.wire: Wire | None = None  # of pages
        self.scripts: Wire | None = None
        self.losses = 0  # how often somebody lost a right
        self._heard: OrderedDict[UUID, None] = OrderedDict()
        self._queue: asyncio.Queue[Event | None] | None = None
        self._reactions: dict[type[Event], list[Reaction]] = {}

    def arrive(self, key: str, sid: str, actor: Actor) -> Socket:
        """A page has opened its socket, or acts as somebody else from now on: then it leaves all rooms."""
        socket = self.sockets.get(key)
        if socket is None or socket.actor.user_id != actor.user_id or socket.sid != sid:
            self.depart(key)
            socket = self.sockets[key] = Socket(key, sid, actor)
        socket.actor = actor
        return socket

    def depart(self, key: str) -> None:
        """A page has closed its socket."""
        socket = self.sockets.pop(key, None)
        for topic in list(socket.topics) if socket else []:
            self.leave(socket, topic)  # type: ignore[arg-type]  # there are no topics without a socket

    def join(self, socket: Socket, topic: str, scope: str = "") -> None:
        """Put a socket into a room; a socket that has gone meanwhile stays out."""
        if self.sockets.get(socket.key) is socket:
            self.rooms.setdefault(topic, set()).add(socket)
            socket.topics.add(topic)
            socket.scopes[topic] = scope

    def leave(self, socket: Socket, topic: str) -> None:
        """Take a socket out of a room."""
        socket.topics.discard(topic)
        socket.scopes.pop(topic, None)
        room = self.rooms.get(topic)
        if room is not None:
            room.discard(socket)
            if not room:
                del self.rooms[topic]

    def leave_scope(self, user_id: UUID, scope: str) -> list[Socket]:
        """A person has lost a place: their sockets leave its rooms. Gives back the sockets that left."""
        self.losses += 1
        lost = [s for s in self.rooms.get(f"user:{user_id}", ()) if scope in s.scopes.values()]
        for socket in lost:
            for topic in [topic for topic, of in socket.scopes.items() if of == scope]:
                self.leave(socket, topic)
        return lost

    def react(self, event: type[Event], reaction: Reaction) -> None:
        """Call `reaction(hub, event)` when this process hears of an event."""
        self._reactions.setdefault(event, []).append(reaction)

    def hear(self, id_: UUID, event: Event) -> None:
        """Take an event from the bus; each is told once, in the order heard."""
        if id_ in self._heard:
            return
        self._heard[id_] = None
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        if self._queue is not None:
            self._queue.put_nowait(event)

    async def deliver_forever(self) -> None:
        """Tell the rooms, one event after another, until cancelled."""
        self._queue = asyncio.Queue()
        while True:
            event = await self._queue.get()
            try:
                if event is None:
                    await self.send([socket.sid for socket in self.sockets.values()], HEAL)
                else:
                    await self.deliver(event)
            except Exception:
                log.exception("an event could not be delivered: %s", event and event.name)

    async def deliver(self, event: Event) -> None:
        """Send the frames of one event to their rooms, then react."""
        for addressed in frames_of(event):
            others = self.rooms.get(addressed.instead_of or "", ())
            sids = {s.sid for topic in addressed.topics for s in self._hearing(topic) if s not in others}
            await self.send(sids, addressed.frame)
        for reaction in self._reactions.get(type(event), []):
            await reaction(self, event)

    def _hearing(self, topic: str) -> Iterator[Socket]:
        return (s for s in self.rooms.get(topic, ()) if s.heard is None or topic in s.heard)

    async def send(self, sids: Collection[str], frame: Frame) -> None:
        """Send a frame to sockets of this process."""
        if not sids:
            return
        for wire in (self.wire, self.scripts):
            if wire is not None:
                await wire.send(sids, frame)
        metrics.FRAMES.labels(frame.list).inc(len(sids))

    def heal(self) -> None:
        """Something may have been missed: every page of this process asks what is new."""
        if self._queue is not None:
            self._queue.put_nowait(None)

    async def reload(self, topic: str) -> None:
        """Make every page in a room load anew, and forget its rights."""
        await self.send_away(list(self.rooms.get(topic, ())))

    async def send_away(self, sockets: Collection[Socket]) -> None:
        """Make these pages load anew: they may no longer be where they are."""
        self.losses += 1
        for socket in sockets:
            self.depart(socket.key)
        for wire in (self.wire, self.scripts) if sockets else ():
            if wire is not None:
                await wire.reload([s.sid for s in sockets])

    def measure(self) -> None:
        """How many are here."""
        metrics.SOCKETS.set(len(self.sockets))
        metrics.ROOMS.set(len(self.rooms))


hub = Hub()
metrics.look(hub.measure)
