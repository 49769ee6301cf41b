"""The SQL of what decisions came from, and of where they are named."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.core import ids
from dfworx.decisions.models_evidence import Citation, Evidence, Snapshot
from dfworx.infra.repository import Repository

CITED_IN = text(
    """select m.id as message_id, m.thread_id, t.title as thread, m.seq
       from dfworx.citations c join dfworx.messages m on m.id = c.message_id join dfworx.threads t on t.id = m.thread_id
       where c.organization_id = :organization and c.number = :number and m.deleted_at is null
       order by m.created_at desc, m.id desc limit :most"""
)
# Whether the message still says, in the same thread, what it said then; it may be out of sight by now.
CHANGED = text(
    """select e.id from dfworx.evidence e join dfworx.evidence_snapshots s on s.evidence_id = e.id
       join dfworx.messages m on m.id = e.message_id
       where e.organization_id = :organization and e.decision_id = :decision
         and (m.revision <> s.revision or m.thread_id <> s.thread_id or m.deleted_at is not null)"""
)
UNNAME = text(
    """delete from dfworx.citations where message_id = :message and organization_id = :organization returning number"""
)
MOST_CITED = 50


class EvidenceOf(Repository[Evidence]):
    """What decisions came from."""

    model = Evidence

    async def of(self, decision_id: UUID) -> Sequence[tuple[Evidence, Snapshot | None]]:
        """The evidence of a decision in its order, each with what the actor may see of it."""
        query = (
            select(Evidence, Snapshot)
            .outerjoin(Snapshot, col(Snapshot.evidence_id) == col(Evidence.id))
            .where(col(Evidence.organization_id) == self.tx.actor.organization)
            .where(col(Evidence.decision_id) == decision_id)
            .order_by(col(Evidence.position))
        )
        return [(row[0], row[1]) for row in await self.tx.rows(query)]

    async def changed(self, decision_id: UUID) -> set[UUID]:
        """Whose message says something else by now, or says it elsewhere."""
        values = {"organization": self.tx.actor.organization, "decision": decision_id}
        return set((await self.tx.run(CHANGED, values)).scalars())

    async def in_thread(self, thread_id: UUID) -> Sequence[Evidence]:
        """Which messages of a thread are evidence, the first decision's first."""
        query = (
            select(Evidence)
            .join(Snapshot, col(Snapshot.evidence_id) == col(Evidence.id))
            .where(col(Snapshot.organization_id) == self.tx.actor.organization, col(Snapshot.thread_id) == thread_id)
        )
        return (await self.tx.session.exec(query.order_by(col(Evidence.id)))).all()


class Citations(Repository[Citation]):
    """Where decisions are named."""

    model = Citation

    async def put(self, message_id: UUID, numbers: Collection[int]) -> set[int]:
        """What a message names from now on; gives what it named so far."""
        before = await self.tx.run(UNNAME, {"message": message_id, "organization": self.tx.actor.organization})
        same = {"organization_id": self.tx.actor.organization, "message_id": message_id, "created_at": self.tx.now}
        rows = [{"id": ids.new_id(), "number": number, **same} for number in numbers]
        if rows:
            await self.tx.run(insert(Citation).on_conflict_do_nothing(), rows)
        return set(before.scalars())

    async def of(self, number: int) -> Sequence[Any]:
        """The messages that name a decision, the newest first."""
        values = {"organization": self.tx.actor.organization, "number": number, "most": MOST_CITED}
        return await self.tx.rows(CITED_IN, values)
