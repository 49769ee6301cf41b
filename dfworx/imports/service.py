"""The verbs of imports: archives of other products, into an existing organization, as often as one likes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid5

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.core.actor import Actor
from dfworx.imports.events import ArchiveImported
from dfworx.imports.views import Broken, ImportSummary
from dfworx.imports.zulip.archive import ArchivedMessage, Topic, read
from dfworx.imports.zulip.html import to_markdown
from dfworx.infra.database import Tx, transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import ImportedMessage
from dfworx.organizations import service as organizations
from dfworx.threads import service as threads
from dfworx.threads.validators import ImportedThread
from dfworx.threads.views import ThreadView

KEYS = UUID("6f1d5f0e-6f6e-5c7a-9d0b-6d1c1a0f5e55")  # the name space of message keys: the same at each import
BATCH = 2000  # messages a transaction
MOST_NAME = 80
MOST_TITLE = 200

Progress = Callable[[ImportSummary], None]


@dataclass
class Part:
    """Some messages of a topic: a long topic comes in several parts."""

    topic: Topic
    messages: list[ArchivedMessage]

    @property
    def origin(self) -> str:
        """What the thread is known by at the next import."""
        return f"zulip:{self.topic.stream_id}:{self.topic.name}"


@dataclass
class Known:
    """What earlier batches have made already."""

    channels: dict[int, UUID] = field(default_factory=dict)
    threads: set[str] = field(default_factory=set)
    authors: dict[str, UUID] = field(default_factory=dict)


async def zulip_archive(path: Path, organization_id: UUID, progress: Progress = lambda _summary: None) -> ImportSummary:
    """Bring in a Zulip archive, one transaction a batch: what was interrupted goes on where it was."""
    actor = Actor.system(organization_id)
    summary, known = ImportSummary(), Known()
    for batch in _batches(_parts(path, summary)):
        async with transaction(actor) as tx:
            count = await _bring_in(tx, batch, known)
        _count(summary, batch, known, count)
        progress(summary)
    async with transaction(actor) as tx:
        tx.emit(ArchiveImported(source="zulip", summary=summary))
    return summary


def _parts(path: Path, summary: ImportSummary) -> Iterator[Part]:
    """The topics that can be read, the long ones in parts; what is broken is named in the summary."""
    for found in read(path):
        if not isinstance(found, Topic):
            summary.broken.append(Broken(path=str(found.path), reason=found.reason))
            continue
        summary.files += 1
        for start in range(0, len(found.messages), BATCH):
            yield Part(found, found.messages[start : start + BATCH])


def _batches(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """As many parts as make a good transaction."""
    batch: list[Part] = []
    for part in parts:
        batch.append(part)
        if sum(len(p.messages) for p in batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _bring_in(tx: Tx, batch: list[Part], known: Known) -> int:
    for topic in (part.topic for part in batch):
        if topic.stream_id not in known.channels:
            channel = await channels.of_origin(tx, f"zulip:{topic.stream_id}", _channel(topic.stream))
            known.channels[topic.stream_id] = channel.id
    senders = {_author(m): m.sender for part in batch for m in part.messages if _author(m) not in known.authors}
    if senders:
        known.authors |= await organizations.add_authors(tx, senders)
    held = await threads.bring_in(tx, [_thread(part, known) for part in {p.origin: p for p in batch}.values()])
    resolved = {held[part.origin].id for part in batch if part.topic.resolved}
    return await messages.bring_in(tx, await _new_messages(tx, batch, held, known), resolved)


async def _new_messages(tx: Tx, batch: list[Part], held: dict[str, ThreadView], known: Known) -> list[ImportedMessage]:
    """Those that are not there yet, as markdown; converting takes the time, so the known ones are left out before."""
    keyed = [(part, m, known.authors[_author(m)], uuid5(KEYS, str(m.id))) for part in batch for m in part.messages]
    old = await messages.known(tx, [(author, key) for part, _, author, key in keyed if held[part.origin].last_seq])
    return [
        ImportedMessage(
            thread_id=held[part.origin].id,
            author_id=author,
            client_key=key,
            source=to_markdown(m.html).replace("\x00", "") or "*(empty)*",
            created_at=m.sent_at,
        )
        for part, m, author, key in keyed
        if key not in old
    ]


def _count(summary: ImportSummary, batch: list[Part], known: Known, new: int) -> None:
    known.threads |= {part.origin for part in batch}
    summary.messages += new
    summary.known += sum(len(part.messages) for part in batch) - new
    summary.channels, summary.threads, summary.authors = len(known.channels), len(known.threads), len(known.authors)


def _author(message: ArchivedMessage) -> str:
    return f"zulip:{message.sender}"


def _channel(name: str) -> NewChannel:
    return NewChannel(name=_line(name, MOST_NAME), description="Imported from Zulip.")


def _thread(part: Part, known: Known) -> ImportedThread:
    return ImportedThread(
        channel_id=known.channels[part.topic.stream_id],
        origin=part.origin,
        title=_line(part.topic.name, MOST_TITLE),
        began=part.messages[0].sent_at,
    )


def _line(name: str, most: int) -> str:
    """A name that is one line, not empty and not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(line) > most:
        return f"{line[: most - 1]}…"
    return line or "(no name)"
