"""What a runner brings in: batch by batch, each stored with the place where it ends, the next made ready meanwhile."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.core import ids
from dfworx.core.actor import Actor
from dfworx.core.texts import cut, is_seen
from dfworx.imports import service_files as stored
from dfworx.imports.events import ImportMoved
from dfworx.imports.models import Import, State
from dfworx.imports.repository import Imports
from dfworx.imports.views import ImportSummary, ImportView
from dfworx.imports.zulip import archive
from dfworx.imports.zulip.archive import ArchivedMessage
from dfworx.imports.zulip.batches import Batch, Part, batches, origin_of
from dfworx.imports.zulip.converting import Convert, converting
from dfworx.imports.zulip.narrow import at_home
from dfworx.infra.database import Tx, transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import ImportedMessage
from dfworx.organizations import service as organizations
from dfworx.threads import service_bringing as threads
from dfworx.threads.validators import ImportedThread
from dfworx.threads.views import ThreadView

KEYS = UUID("6f1d5f0e-6f6e-5c7a-9d0b-6d1c1a0f5e55")  # the name space of message keys: the same at each import
AHEAD = 3  # batches that are made ready while one is stored
TOLD_EVERY = 0.4  # seconds between two frames
MOST_NAME = 80
MOST_TITLE = 200

Progress = Callable[[ImportSummary, int, int], None]


class Taken(Exception):  # no error: it ends this runner
    """Another runner does it now."""


class Stopped(Exception):  # no error either
    """Somebody asked to stop."""


@dataclass
class Run:
    """One runner's import: what it has seen and brought in so far."""

    actor: Actor
    import_id: UUID
    progress: Progress
    runner: UUID = field(default_factory=ids.new_id)
    summary: ImportSummary = field(default_factory=ImportSummary)
    channels: dict[int, UUID] = field(default_factory=dict)
    authors: dict[str, UUID] = field(default_factory=dict)
    seen_channels: set[int] = field(default_factory=set)
    seen_threads: set[str] = field(default_factory=set)
    seen_authors: dict[str, None] = field(default_factory=dict)
    realm: str = ""
    total: int = 0
    told: float = 0.0
    counted: int = 0
    rate: int = 0


@dataclass
class Ready:
    """A batch whose new messages are converted."""

    batch: Batch
    converted: dict[int, tuple[str, str]]  # by Zulip's id


async def bring_all_in(run: Run) -> None:
    """All batches of the archive from where the last runner ended."""
    async with transaction(run.actor) as tx:
        row = await Imports(tx).get(run.import_id)
    root = await stored.tree(row)
    files = await asyncio.to_thread(archive.files, root)
    _remember(run, row, root, files[: row.at_file])
    run.total = len(files)
    async with converting() as convert:
        async for ready in _ready(run, batches(root, files, row.at_file, row.at_message), convert):
            await _store(run, root, ready)


def _remember(run: Run, row: Import, root: Path, done: list[Path]) -> None:
    """What earlier runners have counted."""
    run.summary = ImportSummary.model_validate(row.report)
    run.realm = row.realm
    run.seen_authors = dict.fromkeys(row.senders)
    run.counted = run.summary.messages + run.summary.known
    for file in done:
        if (named := archive.named(root, file)) is not None:
            run.seen_channels.add(named[0])
            run.seen_threads.add(origin_of(named[0], named[1]))


# -- making ready


async def _ready(run: Run, all_: Iterator[Batch], convert: Convert) -> AsyncIterator[Ready]:
    """Each batch in order, with some more being made ready meanwhile."""
    waiting: deque[asyncio.Task[Ready]] = deque()
    try:
        while (batch := await asyncio.to_thread(next, all_, None)) is not None:
            waiting.append(asyncio.create_task(_make_ready(run, batch, convert)))
            if len(waiting) >= AHEAD:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def _make_ready(run: Run, batch: Batch, convert: Convert) -> Ready:
    """Convert what is not there yet; converting takes the time, so the known ones are left out before."""
    there = [message for part in batch.parts for message in part.messages]
    async with transaction(run.actor) as tx:
        authors = await organizations.known_authors(tx, {_author(message) for message in there})
        keyed = [(authors[_author(m)], key_of(m.id)) for m in there if _author(m) in authors]
        old = await messages.known(tx, keyed)
    new = [message for message in there if key_of(message.id) not in old]
    converted = await convert([at_home(message.html, run.realm) for message in new])
    return Ready(batch, {message.id: each for message, each in zip(new, converted, strict=True)})


# -- storing


async def _store(run: Run, root: Path, ready: Ready) -> None:
    """One batch and the place where it ends, in one transaction."""
    batch = ready.batch
    async with transaction(run.actor) as tx:
        row = await Imports(tx).held(run.import_id)
        if row.runner != run.runner:
            raise Taken
        if row.state == State.STOPPING:
            raise Stopped
        new = await _bring_in(tx, run, ready) if batch.parts else 0
        _count(run, root, ready, new)
        row.files, row.at_file, row.at_message = run.total, batch.at_file, batch.at_message
        row.report = run.summary.model_dump(mode="json")
        if len(row.senders) != len(run.seen_authors):
            row.senders = list(run.seen_authors)
        row.heartbeat_at = tx.now
        if _is_time_to_tell(run):
            tx.emit(ImportMoved(shown=await view_of(tx, row, run)))
    run.progress(run.summary, batch.at_file, run.total)


def _is_time_to_tell(run: Run) -> bool:
    now, done = asyncio.get_running_loop().time(), run.summary.messages + run.summary.known
    if now - run.told < TOLD_EVERY:
        return False
    if run.told:
        run.rate = round((done - run.counted) / (now - run.told))
    run.told, run.counted = now, done
    return True


async def _bring_in(tx: Tx, run: Run, ready: Ready) -> int:
    parts = ready.batch.parts
    for topic in (part.topic for part in parts):
        if topic.stream_id not in run.channels:
            channel = await channels.of_origin(tx, f"zulip:{topic.stream_id}", _channel(topic.stream))
            run.channels[topic.stream_id] = channel.id
    senders = {_author(m): m.sender for part in parts for m in part.messages if _author(m) not in run.authors}
    if senders:
        run.authors |= await organizations.add_authors(tx, senders)
    held = await threads.bring_in(tx, [_thread(part, run) for part in {p.origin: p for p in parts}.values()])
    resolved = {held[part.origin].id for part in parts if part.topic.resolved}
    return await messages.bring_in(tx, list(_new_messages(run, ready, held)), resolved)


def _new_messages(run: Run, ready: Ready, held: dict[str, ThreadView]) -> Iterator[ImportedMessage]:
    for part in ready.batch.parts:
        thread_id = held[part.origin].id
        for message in part.messages:
            if (converted := ready.converted.get(message.id)) is not None:
                author = run.authors[_author(message)]
                yield ImportedMessage(thread_id, author, key_of(message.id), *converted, message.sent_at)


def _count(run: Run, root: Path, ready: Ready, new: int) -> None:
    summary, batch = run.summary, ready.batch
    for broken in batch.broken:
        summary.skip(str(broken.path.relative_to(root)), broken.reason)
    run.seen_channels |= {part.topic.stream_id for part in batch.parts}
    run.seen_threads |= {part.origin for part in batch.parts}
    run.seen_authors |= dict.fromkeys(_author(m) for part in batch.parts for m in part.messages)
    summary.files += batch.files
    summary.messages += new
    summary.known += sum(len(part.messages) for part in batch.parts) - new
    summary.links += sum(source.count("/user_uploads/") for source, _ in ready.converted.values())
    summary.channels, summary.threads = len(run.seen_channels), len(run.seen_threads)
    summary.authors = len(run.seen_authors)


async def view_of(tx: Tx, row: Import, run: Run) -> ImportView:
    """The import as people see it while this runner does it."""
    names = await organizations.names(tx, {row.started_by})
    return ImportView.of(row, names.get(row.started_by, "") if row.started_by else "", run.rate)


def key_of(zulip_id: int) -> UUID:
    """The key of a message: the same at each import."""
    return uuid5(KEYS, str(zulip_id))


def _author(message: ArchivedMessage) -> str:
    return f"zulip:{message.sender}"


def _channel(name: str) -> NewChannel:
    return NewChannel(name=_line(name, MOST_NAME), description="Imported from Zulip.")


def _thread(part: Part, run: Run) -> ImportedThread:
    return ImportedThread(
        channel_id=run.channels[part.topic.stream_id],
        origin=part.origin,
        title=_line(part.topic.name, MOST_TITLE),
        began=part.messages[0].sent_at,
    )


def _line(name: str, most: int) -> str:
    """A name that is one line, of which something can be seen, and not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return cut(line, most) if is_seen(line) else "(no name)"
