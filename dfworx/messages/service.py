"""The verbs of messages."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from dfworx.core.differences import marked
from dfworx.core.errors import NotFound
from dfworx.core.permissions import Verb
from dfworx.infra.database import Tx
from dfworx.infra.markdown import rendered
from dfworx.messages import policies
from dfworx.messages.errors import TooManyMessages
from dfworx.messages.events import MessageDeleted, MessageEdited, MessagePosted
from dfworx.messages.models import Kind, Message, MessageRevision
from dfworx.messages.repository import Messages, Revisions
from dfworx.messages.validators import ImportedMessage, MessageChange, NewMessage
from dfworx.messages.views import MessageChanges, MessagePage, MessageSource, MessageView, RevisionView
from dfworx.organizations import service as organizations
from dfworx.organizations.views import AuthorView
from dfworx.threads import service as threads
from dfworx.threads import service_bringing as brought
from dfworx.threads import service_reading as reading
from dfworx.threads.validators import Growth
from dfworx.threads.views import Position

PAGE = 50
CHANGES = 200
WRITTEN_OUT = 2000


async def post(tx: Tx, thread_id: UUID, new: NewMessage) -> MessageView:
    """Post a message at the end of a thread; a retry with the same client key gives the first one."""
    tx.actor.must(Verb.POST_MESSAGE)
    html = await rendered(new.source)
    answered = await _answered(tx, thread_id, new.reply_to_id) if new.reply_to_id else None
    position = await threads.advance(tx, thread_id)
    message = Message(
        organization_id=tx.actor.organization,
        thread_id=thread_id,
        author_id=tx.actor.membership,
        seq=position.seq,
        version=position.version,
        html=html,
        created_at=tx.now,
        **new.model_dump(),
    )
    if not await Messages(tx).insert(message):
        await threads.step_back(tx, thread_id)
        return await _view(tx, await Messages(tx).by_client_key(tx.actor.membership, new.client_key))
    if tx.actor.is_person:
        await reading.read_own(tx, position)
    view = MessageView.of(message, AuthorView(id=message.author_id, name=tx.actor.name), answered)
    tx.emit(MessagePosted(message=view, place_id=position.place_id, audience=position.audience))
    return view


async def known(tx: Tx, keys: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
    """Which of these (author, client key) are there already, by client key."""
    tx.actor.must(Verb.IMPORT)
    return await Messages(tx).known(keys) if keys else set()


async def imported(tx: Tx, client_key: UUID) -> tuple[UUID, int] | None:
    """The thread and the number of an imported message; None where there is none that the actor can see."""
    tx.actor.must(Verb.READ)
    return await Messages(tx).imported(client_key)


async def bring_in(tx: Tx, imported: Sequence[ImportedMessage], resolved: Collection[UUID] = ()) -> int:
    """Append messages from elsewhere, with their own authors and times, to held threads; gives how many are new."""
    tx.actor.must(Verb.IMPORT)
    keyed = {(message.author_id, message.client_key): message for message in imported}
    old = await known(tx, list(keyed))
    rows = [message for message in keyed.values() if message.client_key not in old]
    new = await Messages(tx).bring_in(rows) if rows else []
    growths = [
        Growth(thread_id=thread_id, messages=count, last=last, is_resolved=thread_id in resolved)
        for thread_id, count, last in new
    ]
    grown = {growth.thread_id for growth in growths}
    settled = [Growth(thread_id=thread_id, is_resolved=True) for thread_id in resolved if thread_id not in grown]
    await brought.grow(tx, [*growths, *settled])
    return sum(growth.messages for growth in growths)


async def edit(tx: Tx, message_id: UUID, change: MessageChange) -> MessageView:
    """Change the text of one's own message; the old text is kept as a revision."""
    message = await Messages(tx).get(message_id)
    tx.actor.must(policies.may_edit, message, (await _author(tx, message)).id)
    html = await rendered(change.source)
    position = await threads.advance(tx, message.thread_id, messages=0)
    await _keep_revision(tx, message)
    message.edit(change.source, html, at=tx.now)
    return await _announce(tx, MessageEdited, message, position)


async def delete(tx: Tx, message_id: UUID) -> MessageView:
    """Delete a message: a tombstone remains, the text is kept as a revision."""
    message = await Messages(tx).get(message_id)
    tx.actor.must(policies.may_delete, message, (await _author(tx, message)).id)
    position = await threads.advance(tx, message.thread_id, messages=0)
    await _keep_revision(tx, message)
    message.delete(by=tx.actor.membership_id, at=tx.now)
    return await _announce(tx, MessageDeleted, message, position)


async def get(tx: Tx, message_id: UUID) -> MessageSource:
    """One message with its markdown."""
    tx.actor.must(Verb.READ)
    message = await Messages(tx).get(message_id)
    return MessageSource.of(message, await _author(tx, message), await _seq_answered(tx, message))


async def some(tx: Tx, thread_id: UUID, ids: Collection[UUID], most: int) -> list[MessageSource]:
    """These messages of a thread in their order, or its last ones where none are named; what is deleted is none."""
    tx.actor.must(Verb.READ)
    if not ids:
        rows = await Messages(tx).last(thread_id, most)
    else:
        rows = [row for row in await Messages(tx).some(thread_id, ids) if row.deleted_at is None]
        if len(rows) < len(set(ids)):
            raise NotFound
    authors = await organizations.authors(tx, {row.author_id for row in rows})
    return [MessageSource.of(row, authors[row.author_id]) for row in rows]


async def revisions(tx: Tx, message_id: UUID) -> list[RevisionView]:
    """The texts that a message had before, oldest first, each with what the next one changed."""
    message = await Messages(tx).get(message_id)
    tx.actor.must(policies.may_see_revisions, message, (await _author(tx, message)).id)
    rows = await Revisions(tx).of(message_id)
    following = [row.source for row in rows[1:]] + [message.source]
    changes = await asyncio.to_thread(
        lambda: [marked(row.source, after) for row, after in zip(rows, following, strict=bool(rows))]
    )
    return [RevisionView.of(row, change) for row, change in zip(rows, changes, strict=True)]


async def markdown(tx: Tx, thread_id: UUID, *, first: int = 1, last: int | None = None) -> str:
    """A thread, or a part of it, as Markdown: who said what when."""
    thread = await threads.get(tx, thread_id)
    end = min(last or thread.last_seq, thread.last_seq)
    if end - first >= WRITTEN_OUT:
        raise TooManyMessages
    rows = await Messages(tx).after(thread_id, first - 1, max(end - first + 1, 0))
    names = await organizations.names(tx, {row.author_id for row in rows})
    return "\n\n".join([f"# {thread.title}", *(_written(row, names[row.author_id]) for row in rows)]) + "\n"


async def page(
    tx: Tx,
    thread_id: UUID,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    at: datetime | None = None,
) -> MessagePage:
    """A page of a thread: before, after or around a `seq` or a time; without any of them where the unread begins."""
    thread = await threads.get(tx, thread_id)
    found = await Messages(tx).first_since(thread_id, at, thread.last_seq) if at and thread.last_seq else None
    around = found if found is not None else around
    if before is None and after is None and around is None:
        around = thread.last_read_seq + 1 if thread.unread > PAGE // 2 else None
        before = thread.last_seq + 1 if around is None else None
    rows = await _rows(tx, thread_id, before, after, around)
    return MessagePage(
        place_id=thread.place_id,
        items=await _views(tx, rows),
        has_before=bool(rows) and rows[0].seq > 1,
        has_after=bool(rows) and rows[-1].seq < thread.last_seq,
        version=thread.version,
        last_seq=thread.last_seq,
        last_read_seq=thread.last_read_seq,
        found=found,
    )


async def changes(tx: Tx, thread_id: UUID, version: int) -> MessageChanges:
    """What was posted, edited or deleted after a version: heals whatever a live frame missed."""
    thread = await threads.get(tx, thread_id)
    rows = await Messages(tx).changed_after(thread_id, version, CHANGES + 1)
    items = await _views(tx, rows[:CHANGES])
    has_more = len(rows) > CHANGES
    return MessageChanges(items=items, version=items[-1].version if has_more else thread.version, has_more=has_more)


def _written(message: Message, author: str) -> str:
    when = f"{message.created_at:%Y-%m-%d %H:%M} UTC"
    if message.kind == Kind.SYSTEM:
        return f"*{author} {message.source} ({when})*"
    return f"**{author}** ({when})\n\n{message.source if message.deleted_at is None else '*deleted*'}"


async def _rows(
    tx: Tx, thread_id: UUID, before: int | None, after: int | None, around: int | None
) -> Sequence[Message]:
    messages = Messages(tx)
    if around is not None:
        half = PAGE // 2
        return [*await messages.before(thread_id, around, half), *await messages.after(thread_id, around - 1, half)]
    if before is not None:
        return await messages.before(thread_id, before, PAGE)
    return await messages.after(thread_id, after or 0, PAGE)


async def _announce(
    tx: Tx, event: type[MessageEdited | MessageDeleted], message: Message, position: Position
) -> MessageView:
    message.version = position.version
    await tx.session.flush()
    view = await _view(tx, message)
    tx.emit(event(message=view, place_id=position.place_id, audience=position.audience))
    return view


async def _keep_revision(tx: Tx, message: Message) -> None:
    message.must_exist()
    revision = MessageRevision(
        organization_id=message.organization_id,
        message_id=message.id,
        number=message.revision,
        source=message.source,
        html=message.html,
        replaced_by=tx.actor.membership_id,
        created_at=tx.now,
    )
    await Revisions(tx).add(revision)


async def _answered(tx: Tx, thread_id: UUID, message_id: UUID) -> int:
    """The number of the message that is answered: it must be one of the same thread."""
    message = await Messages(tx).get(message_id)
    if message.thread_id != thread_id:
        raise NotFound
    return message.seq


async def _seq_answered(tx: Tx, message: Message) -> int | None:
    return (await Messages(tx).seqs([message.reply_to_id])).get(message.reply_to_id) if message.reply_to_id else None


async def _view(tx: Tx, message: Message) -> MessageView:
    return MessageView.of(message, await _author(tx, message), await _seq_answered(tx, message))


async def _views(tx: Tx, rows: Sequence[Message]) -> list[MessageView]:
    authors = await organizations.authors(tx, {row.author_id for row in rows})
    seqs = await Messages(tx).seqs({row.reply_to_id for row in rows if row.reply_to_id})
    return [
        MessageView.of(row, authors[row.author_id], seqs.get(row.reply_to_id) if row.reply_to_id else None)
        for row in rows
    ]


async def _author(tx: Tx, message: Message) -> AuthorView:
    return (await organizations.authors(tx, {message.author_id}))[message.author_id]
