"""The SQL of messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from dfworx.infra.repository import Repository
from dfworx.messages.models import Kind, Message, MessageRevision
from dfworx.messages.validators import ImportedMessage

KNOWN = text(
    """select m.client_key from unnest(cast(:authors as uuid[]), cast(:keys as uuid[])) as k(author_id, client_key)
       join dfworx.messages m on m.organization_id = :organization
        and m.author_id = k.author_id and m.client_key = k.client_key"""
)
STAGE = text(
    """create temporary table imported (n integer, thread_id uuid, author_id uuid, client_key uuid, source text,
       html text, created_at timestamptz) on commit drop"""
)
COPY = "copy imported from stdin"
BRING_IN = text(
    """with new as (
         insert into dfworx.messages
           (id, created_at, organization_id, thread_id, author_id, seq, version, revision, client_key, source, html)
         select gen_random_uuid(), i.created_at, :organization, t.id, i.author_id,
           t.last_seq + row_number() over in_thread, t.version + row_number() over in_thread, 1,
           i.client_key, i.source, i.html
         from imported i join dfworx.threads t on t.id = i.thread_id and t.organization_id = :organization
         window in_thread as (partition by t.id order by i.n)
         returning thread_id, created_at
       )
       select thread_id, count(*) as count, max(created_at) as last from new group by thread_id"""
)
# The first message that is not older, by halves: a thread is in the order of time, and needs no index for it.
FIRST_SINCE = text(
    """with recursive search (low, high) as (
         select 1, cast(:last as integer) + 1
         union all
         select case when m.created_at < :at then s.middle + 1 else s.low end,
           case when m.created_at < :at then s.high else s.middle end
         from (select low, high, (low + high) / 2 as middle from search where low < high) s
         join dfworx.messages m on m.thread_id = :thread and m.seq = s.middle
       )
       select max(low) from search"""
)
IMPORTED = text(
    """select m.thread_id, m.seq from dfworx.memberships a
       join dfworx.messages m on m.organization_id = a.organization_id and m.author_id = a.id and m.client_key = :key
       where a.organization_id = :organization and a.origin is not null limit 1"""
)
_table: Table = Message.__table__  # type: ignore[attr-defined]  # SQLModel does not type __table__
INSERT = (
    insert(_table)
    .on_conflict_do_nothing(constraint="messages_organization_id_author_id_client_key_key")
    .returning(_table.c.id)
)
_seq, _version = col(Message.seq), col(Message.version)


class Messages(Repository[Message]):
    """The messages that the actor can see."""

    model = Message

    async def insert(self, message: Message) -> bool:
        """Store a new message; false when one with this client key is there already."""
        return (await self.tx.run(INSERT, message.model_dump())).scalar() is not None

    async def by_client_key(self, author_id: UUID, client_key: UUID) -> Message:
        """The message that an earlier try stored."""
        query = self.mine().where(col(Message.author_id) == author_id, col(Message.client_key) == client_key)
        return (await self.tx.session.exec(query)).one()

    async def known(self, keys: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
        """Which of these (author, client key) exist, by client key."""
        authors, client_keys = zip(*keys, strict=True)
        values = {"organization": self.tx.actor.organization, "authors": list(authors), "keys": list(client_keys)}
        return set((await self.tx.run(KNOWN, values)).scalars())

    async def imported(self, client_key: UUID) -> tuple[UUID, int] | None:
        """Where an imported message is: its thread and number; by the index, one question for each imported author."""
        values = {"organization": self.tx.actor.organization, "key": client_key}
        row = next(iter(await self.tx.rows(IMPORTED, values)), None)
        return row and (row.thread_id, row.seq)

    async def bring_in(self, rows: Sequence[ImportedMessage]) -> Sequence[tuple[UUID, int, datetime]]:
        """Append messages in their order.

        Gives (thread, how many were new, the time of the last). COPY cannot write to a table with row-level security,
        so it fills a temporary one, and one INSERT takes from there.
        """
        await self.tx.run(STAGE)
        driver: Any = (await (await self.tx.session.connection()).get_raw_connection()).driver_connection
        async with driver.cursor() as cursor, cursor.copy(COPY) as copy:
            for n, row in enumerate(rows):
                await copy.write_row((n, *row))
        found = await self.tx.run(BRING_IN, {"organization": self.tx.actor.organization})
        return [(row.thread_id, row.count, row.last) for row in found]

    async def before(self, thread_id: UUID, seq: int, limit: int) -> Sequence[Message]:
        """The `limit` messages just before `seq`, oldest first."""
        newest_first = self._of(thread_id).where(_seq < seq).order_by(_seq.desc()).limit(limit)
        return list(reversed((await self.tx.session.exec(newest_first)).all()))

    async def after(self, thread_id: UUID, seq: int, limit: int) -> Sequence[Message]:
        """The `limit` messages just after `seq`, oldest first."""
        query = self._of(thread_id).where(_seq > seq).order_by(_seq).limit(limit)
        return (await self.tx.session.exec(query)).all()

    async def some(self, thread_id: UUID, ids: Collection[UUID]) -> Sequence[Message]:
        """These of a thread, oldest first."""
        query = self._of(thread_id).where(col(Message.id).in_(ids)).order_by(_seq)
        return (await self.tx.session.exec(query)).all()

    async def last(self, thread_id: UUID, most: int) -> Sequence[Message]:
        """The last ones that somebody wrote and that are still there, oldest first."""
        is_said = (col(Message.deleted_at).is_(None), col(Message.kind) == Kind.MESSAGE)
        newest_first = self._of(thread_id).where(*is_said).order_by(_seq.desc()).limit(most)
        return list(reversed((await self.tx.session.exec(newest_first)).all()))

    async def first_since(self, thread_id: UUID, at: datetime, last: int) -> int:
        """The number of the first message that is not older than a time; the last one when all are."""
        found = await self.tx.run(FIRST_SINCE, {"thread": thread_id, "at": at, "last": last})
        return min(int(found.scalar_one()), last)

    async def changed_after(self, thread_id: UUID, version: int, limit: int) -> Sequence[Message]:
        """What was posted, edited or deleted after `version`, in that order."""
        query = self._of(thread_id).where(_version > version).order_by(_version, _seq).limit(limit)
        return (await self.tx.session.exec(query)).all()

    async def seqs(self, ids: Collection[UUID]) -> dict[UUID, int]:
        """The numbers of messages in their threads."""
        if not ids:
            return {}
        query = select(Message.id, Message.seq).where(
            col(Message.organization_id) == self.tx.actor.organization, col(Message.id).in_(ids)
        )
        return dict((await self.tx.session.exec(query)).all())

    def _of(self, thread_id: UUID) -> SelectOfScalar[Message]:
        return self.mine().where(col(Message.thread_id) == thread_id)


class Revisions(Repository[MessageRevision]):
    """The texts that messages had before."""

    model = MessageRevision

    async def of(self, message_id: UUID) -> Sequence[MessageRevision]:
        """The revisions of a message, oldest first."""
        query = self.mine().where(col(MessageRevision.message_id) == message_id).order_by(col(MessageRevision.number))
        return (await self.tx.session.exec(query)).all()
