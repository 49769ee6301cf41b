"""The verbs of threads."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.channels.events import ChannelCreated
from dfworx.channels.views import ChannelView
from dfworx.core.errors import NotFound
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import Verb
from dfworx.core.texts import words_of
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.tags import service as tags
from dfworx.tags.events import Tagged, Untagged
from dfworx.tags.views import TagView
from dfworx.threads import policies
from dfworx.threads.errors import AlreadyThere, DefaultThread, NamedByDecision, WouldReveal
from dfworx.threads.events import (
    DemoRemoved,
    SomebodyTypes,
    ThreadClosed,
    ThreadMoved,
    ThreadOpened,
    ThreadRenamed,
    ThreadReopened,
)
from dfworx.threads.models import Thread
from dfworx.threads.repository import Threads
from dfworx.threads.validators import Move, NewThread
from dfworx.threads.views import ChannelSummary, Position, ThreadDetails, ThreadPage, ThreadSummary, ThreadView

PAGE = 50
DEFAULT_TITLE = "Main"


async def open_thread(
    tx: Tx, channel_id: UUID, new: NewThread, origin: str | None = None, *, is_record: bool = False
) -> ThreadView:
    """Open a titled conversation in a channel; `is_record`: about a decision."""
    channel = await channels.get_open(tx, channel_id)
    tx.actor.must(Verb.OPEN_THREAD)
    thread = await Threads(tx).add(_thread(tx, channel.id, new.title, origin=origin, is_record=is_record))
    return _announce(tx, ThreadOpened, thread, channel)


async def open_default(tx: Tx, event: ChannelCreated) -> None:
    """Every channel has a default thread, from its first moment."""
    await Threads(tx).add(_thread(tx, event.channel.id, DEFAULT_TITLE, is_default=True))


async def rename(tx: Tx, thread_id: UUID, new: NewThread) -> ThreadView:
    """Give a thread another title; its address stays."""
    thread, channel = await _changeable(tx, thread_id)
    tx.actor.must(policies.may_rename, thread)
    if thread.is_record:
        raise NamedByDecision
    return await _entitle(tx, thread, channel, new)


async def entitle(tx: Tx, thread_id: UUID, new: NewThread) -> ThreadView:
    """The conversation about something is called what that is called, by whoever may change that."""
    return await _entitle(tx, *await _changeable(tx, thread_id), new, is_following=True)


async def move(tx: Tx, thread_id: UUID, move: Move) -> ThreadView:
    """Take a thread to another channel; its address stays, and whoever cannot see that channel loses sight of it."""
    thread, source = await _changeable(tx, thread_id)
    tx.actor.must(policies.may_move, thread)
    target = await channels.get_open(tx, move.channel_id)
    if target.id == source.id:
        raise AlreadyThere
    if target.is_open and not source.is_open and not move.reveal:
        raise WouldReveal
    thread.place_id = target.id
    view = await _stored(tx, thread)
    audiences = {"audience": tuple(channels.audience(target)), "source_audience": tuple(channels.audience(source))}
    tx.emit(ThreadMoved(thread=view, source=source, target=target, **audiences))
    return view


async def resolve(tx: Tx, thread_id: UUID) -> ThreadView:
    """Mark the conversation as done."""
    thread, channel = await _changeable(tx, thread_id)
    tx.actor.must(policies.may_resolve, thread)
    thread.resolve(by=tx.actor.membership_id, at=tx.now)
    await tx.session.flush()
    return _announce(tx, ThreadClosed, thread, channel)


async def reopen(tx: Tx, thread_id: UUID) -> ThreadView:
    """Go on with a resolved conversation."""
    thread, channel = await _changeable(tx, thread_id)
    tx.actor.must(policies.may_resolve, thread)
    thread.reopen()
    await tx.session.flush()
    return _announce(tx, ThreadReopened, thread, channel)


async def tag(tx: Tx, thread_id: UUID, tag_id: UUID) -> None:
    """Put a tag on a thread; putting it on twice changes nothing."""
    thread = await get(tx, thread_id)
    put = await tags.put(tx, "thread", thread_id, tag_id)
    if put is not None:
        tx.emit(Tagged(**_tagging(thread, put)))


async def untag(tx: Tx, thread_id: UUID, tag_id: UUID) -> None:
    """Take a tag off a thread."""
    thread = await get(tx, thread_id)
    taken = await tags.take_off(tx, "thread", thread_id, tag_id)
    tx.emit(Untagged(**_tagging(thread, taken)))


async def remove_demo(tx: Tx, thread_id: UUID) -> None:
    """Take the demo thread away for good, before the transaction ends; nothing but the demo can be."""
    thread = await Threads(tx).get(thread_id)
    tx.actor.must(policies.may_remove_demo, thread)
    channel = await channels.get(tx, thread.place_id)
    tx.emit(DemoRemoved(thread=ThreadView.of(thread), audience=tuple(channels.audience(channel))))


async def delete_demo(tx: Tx, event: DemoRemoved) -> None:
    """Delete the demo with all that it holds, after whoever rests on it has let go."""
    await Threads(tx).remove_demo(event.thread.id)


async def get(tx: Tx, thread_id: UUID) -> ThreadDetails:
    """One thread, with its channel, its tags and how far you have read."""
    tx.actor.must(Verb.READ)
    thread, read = await Threads(tx).with_reading(thread_id)
    opener = thread.created_by
    names = await organizations.names(tx, {opener})
    hanging = await tags.on(tx, "thread", [thread_id])
    return ThreadDetails(
        **_summary(thread, read, hanging[thread_id]).model_dump(),
        channel=await channels.get(tx, thread.place_id),
        opened_by=names.get(opener, "") if opener else "",
    )


async def can_see(tx: Tx, thread_id: UUID) -> bool:
    """Whether there is such a thread for you."""
    return await Threads(tx).find(thread_id) is not None


async def find(tx: Tx, words: Sequence[str], most: int) -> list[ThreadView]:
    """The threads of all channels whose titles contain the words, the liveliest first."""
    tx.actor.must(Verb.READ)
    return [ThreadView.of(thread) for thread in await Threads(tx).titled(words, most)]


async def called(tx: Tx, channel_id: UUID, title: str) -> ThreadView:
    """The thread of a channel with this title."""
    tx.actor.must(Verb.READ)
    thread = await Threads(tx).called(channel_id, title)
    if thread is None:
        raise NotFound
    return ThreadView.of(thread)


async def page(
    tx: Tx, channel_id: UUID, after: str | None = None, title: str = "", tagged: Collection[UUID] = ()
) -> ThreadPage:
    """The threads of a channel, the liveliest first; of all, or where titles contain the words and all tags hang."""
    tx.actor.must(Verb.READ)
    await channels.get(tx, channel_id)
    rows = await Threads(tx).page(channel_id, PAGE + 1, read_cursor(after), words_of(title), tagged)
    items = await _summaries(tx, rows[:PAGE])
    last = items[-1] if len(rows) > PAGE else None
    return ThreadPage(items=items, next=last and cursor(last.last_message_at or last.created_at, last.id))


async def unread(tx: Tx) -> list[ThreadSummary]:
    """The threads in which you have something unread, the liveliest first; at most a page of them."""
    tx.actor.must(Verb.READ)
    return await _summaries(tx, await Threads(tx).unread(PAGE))


async def sidebar(tx: Tx) -> list[ChannelSummary]:
    """The channels that you can see, with what is unread in their threads."""
    unread = await Threads(tx).unread_by_place()
    summaries = []
    for channel in await channels.all_visible(tx):
        count, default = unread.get(channel.id, (0, None))
        summaries.append(ChannelSummary(**vars(channel), unread=count, default_thread_id=default))
    return summaries


async def typing(tx: Tx, thread_id: UUID) -> None:
    """Tell whoever has the thread open that you are writing in it."""
    tx.actor.must(Verb.POST_MESSAGE)
    thread = await Threads(tx).get(thread_id)
    await channels.get_open(tx, thread.place_id)
    tx.tell(SomebodyTypes(thread_id=thread_id, membership_id=tx.actor.membership, person=tx.actor.name))


async def advance(tx: Tx, thread_id: UUID, *, messages: int = 1) -> Position:
    """Take the next place in a thread for a change, or for a new message; archived channels refuse."""
    place = await Threads(tx).advance(thread_id, messages=messages)
    channel = await channels.get_open(tx, place.place_id)
    return Position(
        thread_id=thread_id,
        place_id=place.place_id,
        title=place.title,
        seq=place.last_seq,
        version=place.version,
        history_seq=place.history_seq,
        audience=tuple(channels.audience(channel)),
    )


async def step_back(tx: Tx, thread_id: UUID) -> None:
    """Give the place back: it turned out that the message is there already."""
    await Threads(tx).step_back(thread_id)


async def _changeable(tx: Tx, thread_id: UUID) -> tuple[Thread, ChannelView]:
    thread = await Threads(tx).held(thread_id)
    channel = await channels.get_open(tx, thread.place_id)
    if thread.is_default:
        raise DefaultThread
    return thread, channel


def _thread(tx: Tx, place_id: UUID, title: str, **facts: Any) -> Thread:
    facts |= {"organization_id": tx.actor.organization, "created_by": tx.actor.membership_id, "created_at": tx.now}
    return Thread(place_id=place_id, title=title, **facts)


async def _summaries(tx: Tx, rows: Sequence[Any]) -> list[ThreadSummary]:
    hanging = await tags.on(tx, "thread", [row.Thread.id for row in rows])
    return [_summary(row.Thread, row.last_read_seq, hanging[row.Thread.id]) for row in rows]


def _summary(thread: Thread, read: int, hanging: list[TagView]) -> ThreadSummary:
    view = ThreadView.of(thread).model_dump()
    return ThreadSummary(**view, last_read_seq=read, unread=max(thread.last_seq - read, 0), tags=hanging)


def _tagging(thread: ThreadDetails, tag: TagView) -> dict[str, Any]:
    audience = tuple(channels.audience(thread.channel))
    return {"tag": tag, "kind": "thread", "subject_id": thread.id, "scope": str(thread.place_id), "audience": audience}


async def _entitle(
    tx: Tx, thread: Thread, channel: ChannelView, new: NewThread, *, is_following: bool = False
) -> ThreadView:
    was, thread.title = thread.title, new.title
    view = await _stored(tx, thread)
    if was != new.title:
        heard = tuple(channels.audience(channel))
        tx.emit(ThreadRenamed(thread=view, audience=heard, was=was, is_following=is_following))
    return view


async def _stored(tx: Tx, thread: Thread) -> ThreadView:
    """What was changed stands in the database before anything else counts on it."""
    await tx.session.flush()
    return ThreadView.of(thread)


def _announce(
    tx: Tx,
    event: type[ThreadOpened | ThreadClosed | ThreadReopened],
    thread: Thread,
    channel: ChannelView,
) -> ThreadView:
    view = ThreadView.of(thread)
    tx.emit(event(thread=view, audience=tuple(channels.audience(channel))))
    return view
