"""What open pages hear of threads, and who may listen to one."""

import re
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from dfworx.core.permissions import Role
from dfworx.infra.database import Tx
from dfworx.live.frames import Addressed, Frame, announces
from dfworx.live.hub import Hub
from dfworx.live.rooms import admits, wishes
from dfworx.threads import service as threads
from dfworx.threads.events import (
    DemoRemoved,
    SomebodyTypes,
    ThreadClosed,
    ThreadGrew,
    ThreadMoved,
    ThreadOpened,
    ThreadRead,
    ThreadRenamed,
    ThreadReopened,
)
from dfworx.threads.views import ThreadView

THREAD_PAGE = re.compile(r"^/o/[^/]+/t/([0-9a-f-]{36})")


@wishes
async def of_page(_tx: Tx, path: str) -> set[str]:
    """A thread's page wants its thread."""
    found = THREAD_PAGE.match(path)
    return {f"thread:{found.group(1)}"} if found else set()


@admits("thread")
async def may_listen(tx: Tx, thread_id: UUID) -> str:
    """Whoever can read the thread; the right is lost with its channel."""
    return str((await threads.get(tx, thread_id)).place_id)


@announces(ThreadOpened, ThreadRenamed, ThreadClosed, ThreadReopened)
def changed(event: ThreadOpened | ThreadRenamed | ThreadClosed | ThreadReopened) -> Iterable[Addressed]:
    """The thread as it is now, to all who can see its channel."""
    yield Addressed(_shown(event.thread), event.audience)


@announces(ThreadMoved)
def moved(event: ThreadMoved) -> Iterable[Addressed]:
    """It leaves one list and joins the other; whoever has it open asks anew, and all for what is unread where."""
    thread, room = event.thread, f"thread:{event.thread.id}"
    gone = Frame(list="threads", op="drop", scope=str(event.source.id), item={"id": str(thread.id)})
    yield Addressed(gone, event.source_audience, instead_of=room)
    yield Addressed(_shown(thread), event.audience, instead_of=room)
    yield Addressed(Frame(list="threads", op="stale", scope=str(event.target.id)), (room,))
    yield Addressed(Frame(list="channels", op="stale"), tuple({*event.audience, *event.source_audience}))


def _shown(thread: ThreadView) -> Frame:
    """The thread for the lists of its channel: those that do not show it take no notice of a quiet one."""
    op: Literal["patch", "put"] = "patch" if thread.is_quiet else "put"
    return Frame(list="threads", op=op, scope=str(thread.place_id), item=thread.model_dump(mode="json"))


async def follow(hub: Hub, event: ThreadMoved) -> None:
    """Whoever cannot see where the thread is now leaves its room; the others' right hangs on its new channel."""
    topic, insiders = f"thread:{event.thread.id}", hub.rooms.get(f"place:{event.target.id}", set())
    lost = []
    for socket in list(hub.rooms.get(topic, ())):
        if socket in insiders or (event.target.is_open and socket.actor.role is not Role.GUEST):
            hub.join(socket, topic, str(event.target.id))
        else:
            lost.append(socket)
    await hub.send_away(lost)


@announces(DemoRemoved)
def removed(event: DemoRemoved) -> Iterable[Addressed]:
    """Gone from the lists."""
    item = {"id": str(event.thread.id)}
    yield Addressed(Frame(list="threads", op="drop", scope=str(event.thread.place_id), item=item), event.audience)


@announces(ThreadGrew)
def grew(event: ThreadGrew) -> Iterable[Addressed]:
    """Many messages came at once: whoever has the thread open asks for them."""
    thread = event.thread
    item = thread.model_dump(mode="json")
    yield Addressed(Frame(list="threads", op="put", scope=str(thread.place_id), item=item), event.audience)
    stale = Frame(list="messages", op="stale", scope=str(thread.id), version=thread.version)
    yield Addressed(stale, (f"thread:{thread.id}",))


@announces(SomebodyTypes)
def typing(event: SomebodyTypes) -> Iterable[Addressed]:
    """Who is writing, to whoever has the thread open."""
    item = {"id": str(event.membership_id), "name": event.person}
    yield Addressed(
        Frame(list="typing", op="put", scope=str(event.thread_id), item=item), (f"thread:{event.thread_id}",)
    )


@announces(ThreadRead)
def read(event: ThreadRead) -> Iterable[Addressed]:
    """The marker, to the person's own pages."""
    item = {"id": str(event.thread_id), "last_read_seq": event.last_read_seq, "was": event.was}
    yield Addressed(Frame(list="threads", op="patch", scope=str(event.place_id), item=item), (f"user:{event.user_id}",))
