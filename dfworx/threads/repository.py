"""The SQL of threads and read markers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, all_, case, cast, func, literal, text, tuple_, update
from sqlalchemy import select as sa_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.core import ids
from dfworx.core.errors import NotFound
from dfworx.core.texts import parts_of
from dfworx.infra.repository import Repository
from dfworx.threads.models import ReadMarker, Thread
from dfworx.threads.validators import Growth

_read = func.coalesce(col(ReadMarker.last_read_seq), col(Thread.history_seq))
_unread = func.greatest(col(Thread.last_seq) - _read, 0)
_activity = func.coalesce(col(Thread.last_message_at), col(Thread.created_at))

# What every message passes through: written once, since building statements costs more than running them.
FIND = text("select * from dfworx.find_threads(:organization, cast(:words as text[]), :most)")
ADVANCE = text(
    """update dfworx.threads
       set last_seq = last_seq + :messages, version = version + 1,
         last_message_at = case when :messages > 0 then :now else last_message_at end
       where id = :id and organization_id = :organization
       returning place_id, title, last_seq, version, history_seq"""
)
ENTITLE = text(
    """update dfworx.threads t set title = said.title
       from unnest(cast(:ids as uuid[]), cast(:titles as text[])) as said (id, title)
       where t.id = said.id and t.organization_id = :organization"""
)
# On which all of some tags hang.
TAGGED = text(
    """(select count(*) from dfworx.taggings g where g.kind = 'thread' and g.subject_id = threads.id
        and g.tag_id = any(cast(:tags as uuid[]))) = :tag_count"""
)
MOVE = text(
    """with before as (
         select last_read_seq from dfworx.read_markers where thread_id = :thread and membership_id = :membership
       )
       insert into dfworx.read_markers as m (id, created_at, organization_id, thread_id, membership_id, last_read_seq)
       values (:id, :now, :organization, :thread, :membership, :seq)
       on conflict (membership_id, thread_id) do update set last_read_seq = excluded.last_read_seq
         where m.last_read_seq < excluded.last_read_seq
       returning coalesce((select last_read_seq from before), :floor)"""
)


class Threads(Repository[Thread]):
    """The threads that the actor can see."""

    model = Thread

    async def put(self, threads: Sequence[Thread]) -> None:
        """Store threads from elsewhere; those of a known origin are there already."""
        await self.tx.run(insert(Thread).on_conflict_do_nothing(), [thread.model_dump() for thread in threads])

    async def entitle(self, titles: Mapping[UUID, str]) -> None:
        """Call these otherwise."""
        values = {"ids": [*titles], "titles": [*titles.values()], "organization": self.tx.actor.organization}
        await self.tx.run(ENTITLE, values)

    async def hold(self, origins: Sequence[str]) -> Sequence[Thread]:
        """The threads of these origins, locked in one order: concurrent writers queue."""
        query = self.mine().where(col(Thread.origin).in_(origins)).order_by(col(Thread.id)).with_for_update(of=Thread)
        return (await self.tx.session.exec(query)).all()

    async def called(self, place_id: UUID, title: str) -> Thread | None:
        """The one of a place with this title, whatever the case; the liveliest of several."""
        query = self.mine().where(col(Thread.place_id) == place_id, func.lower(col(Thread.title)) == title.lower())
        return (await self.tx.session.exec(query.order_by(_activity.desc(), col(Thread.id)).limit(1))).first()

    async def places(self, thread_ids: Collection[UUID]) -> dict[UUID, UUID]:
        """The place of each of these that can be seen."""
        query = select(col(Thread.id), col(Thread.place_id)).where(
            col(Thread.organization_id) == self.tx.actor.organization, col(Thread.id).in_(thread_ids)
        )
        return dict(await self.tx.rows(query))

    async def grow(self, growths: Sequence[Growth]) -> list[tuple[Growth, Thread]]:
        """Count what was brought in."""
        by_id = {growth.thread_id: growth for growth in growths}
        query = self.mine().where(col(Thread.id).in_(by_id)).execution_options(populate_existing=True)
        threads = (await self.tx.session.exec(query)).all()
        for thread in threads:
            growth = by_id[thread.id]
            if growth.last is not None:
                thread.grow(growth.messages, growth.last)
            if growth.is_resolved and thread.is_as_imported:
                thread.resolve(by=None, at=thread.last_message_at or thread.created_at)
        changed = [(by_id[thread.id], thread) for thread in threads if thread in self.tx.session.dirty]
        await self.tx.session.flush()
        return changed

    async def held(self, thread_id: UUID) -> Thread:
        """The thread, locked: whoever else changes or moves it waits."""
        query = self.mine().where(col(Thread.id) == thread_id).with_for_update(of=Thread)
        thread = (await self.tx.session.exec(query.execution_options(populate_existing=True))).one_or_none()
        if thread is None:
            raise NotFound
        return thread

    async def with_reading(self, thread_id: UUID) -> tuple[Thread, int]:
        """A thread, and how far the actor has read it."""
        found = (await self.tx.run(self._reading().where(col(Thread.id) == thread_id))).one_or_none()
        if found is None:
            raise NotFound
        return found.Thread, found.last_read_seq

    async def titled(self, words: Sequence[str], most: int) -> list[Thread]:
        """Those whose titles contain all words, the liveliest first; every word may be part of one."""
        values = {"organization": self.tx.actor.organization, "words": list(words), "most": most}
        found = list((await self.tx.run(FIND, values)).scalars())
        threads = (await self.tx.session.exec(self.mine().where(col(Thread.id).in_(found)))).all()
        return sorted(threads, key=lambda thread: found.index(thread.id))

    async def page(
        self,
        place_id: UUID,
        limit: int,
        before: tuple[datetime, UUID] | None,
        words: Sequence[str] = (),
        tags: Collection[UUID] = (),
    ) -> Sequence[Row[tuple[Thread, int]]]:
        """The liveliest first, from a keyset (last activity, id) on."""
        query = (
            self._reading()
            .where(col(Thread.place_id) == place_id, ~col(Thread.is_record) | (col(Thread.last_seq) > 0))
            .order_by(_activity.desc(), col(Thread.id).desc())
            .limit(limit)
        )
        if words:
            query = query.where(func.lower(col(Thread.title)).like(all_(literal(parts_of([*words]), ARRAY(Text)))))
        if tags:
            query = query.where(TAGGED.bindparams(tags=[*tags], tag_count=len({*tags})))
        if before:
            query = query.where(tuple_(_activity, col(Thread.id)) < before)
        return await self.tx.rows(query)

    async def unread(self, most: int) -> Sequence[Row[tuple[Thread, int]]]:
        """Those with something unread, the liveliest first."""
        query = self._reading().where(_unread > 0).order_by(_activity.desc(), col(Thread.id).desc()).limit(most)
        return await self.tx.rows(query)

    async def unread_by_place(self) -> dict[UUID, tuple[int, UUID | None]]:
        """Per place: unread messages of all threads, and the default thread."""
        default = func.max(case((col(Thread.is_default), cast(col(Thread.id), Text))))
        query = (
            select(col(Thread.place_id), func.sum(_unread), default)
            .outerjoin(ReadMarker, self._my_marker())
            .where(col(Thread.organization_id) == self.tx.actor.organization)
            .group_by(col(Thread.place_id))
        )
        rows = await self.tx.rows(query)
        return {place: (int(unread), UUID(id_) if id_ else None) for place, unread, id_ in rows}

    async def advance(self, thread_id: UUID, *, messages: int) -> Any:
        """Take the next place in the thread; concurrent writers of one thread queue here."""
        values = {"id": thread_id, "organization": self.tx.actor.organization, "messages": messages}
        place = (await self.tx.run(ADVANCE, {**values, "now": self.tx.now})).one_or_none()
        if place is None:
            raise NotFound
        return place

    async def remove_demo(self, thread_id: UUID) -> None:
        """Delete the demo thread with all that it holds; the policies allow it for nothing else."""
        await self.tx.run(text("select dfworx.remove_demo(:id)"), {"id": thread_id})

    async def step_back(self, thread_id: UUID) -> None:
        """Give back the place that `advance` took in this transaction: the row is still ours."""
        statement = update(Thread).where(col(Thread.id) == thread_id)
        await self.tx.run(statement.values(last_seq=col(Thread.last_seq) - 1, version=col(Thread.version) - 1))

    def _reading(self) -> Any:
        return (
            select(Thread, _read.label("last_read_seq"))
            .outerjoin(ReadMarker, self._my_marker())
            .where(col(Thread.organization_id) == self.tx.actor.organization)
        )

    def _my_marker(self) -> Any:
        return (col(ReadMarker.thread_id) == col(Thread.id)) & (
            col(ReadMarker.membership_id) == self.tx.actor.membership_id
        )


class ReadMarkers(Repository[ReadMarker]):
    """How far the actor has read."""

    model = ReadMarker

    async def move(self, thread_id: UUID, seq: int, floor: int) -> int | None:
        """Move the actor's marker forward; gives what it was (`floor` without one), None if it did not move."""
        values = {
            "id": ids.new_id(),
            "now": self.tx.now,
            "organization": self.tx.actor.organization,
            "thread": thread_id,
            "membership": self.tx.actor.membership,
            "seq": seq,
            "floor": floor,
        }
        return await self.tx.scalar(int, MOVE, values)

    async def begin_at_the_end(self, membership_id: UUID) -> None:
        """A newcomer has nothing unread: what was said before they came is history."""
        values: tuple[Any, ...] = (
            func.gen_random_uuid(),
            Thread.organization_id,
            Thread.id,
            literal(membership_id),
            Thread.last_seq,
            func.now(),
        )
        threads = sa_select(*values).where(col(Thread.organization_id) == self.tx.actor.organization)
        columns = ["id", "organization_id", "thread_id", "membership_id", "last_read_seq", "created_at"]
        await self.tx.run(insert(ReadMarker).from_select(columns, threads).on_conflict_do_nothing())
