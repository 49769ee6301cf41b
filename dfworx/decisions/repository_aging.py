"""The SQL of what becomes of records."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.core import ids
from dfworx.decisions.models_aging import DecisionCitation, StaleMark
from dfworx.infra.repository import Repository

# Who names whom among what is alive: what is over rests on nothing any more.
CITES = text(
    """select c.decision_id, named.id from dfworx.decision_citations c
       join dfworx.decisions d on d.id = c.decision_id
       join dfworx.decisions named on named.organization_id = c.organization_id and named.number = c.number
       where c.organization_id = :organization and d.status in ('draft', 'proposed', 'final_comment', 'accepted')"""
)
# The threads in which any of these is named, but for the conversations about themselves.
NAMING = text(
    """select distinct m.thread_id from dfworx.citations c join dfworx.messages m on m.id = c.message_id
       join dfworx.decisions named on named.organization_id = c.organization_id and named.number = c.number
       where c.organization_id = :organization and named.id = any(:decisions) and m.deleted_at is null
         and not exists (select from dfworx.decisions own where own.thread_id = m.thread_id)"""
)
MARKED = text(
    """select d.id from dfworx.decisions d where d.organization_id = :organization and d.decider_id = :decider
         and d.status in ('draft', 'proposed', 'final_comment', 'accepted')
         and exists (select from dfworx.stale_marks s where s.decision_id = d.id and s.cleared_at is null)
       order by d.id limit :most"""
)
# What waits for a decider where there is none any more: who was one has left, is deactivated, is a guest now, or was
# never here (an imported author). Little of a register waits for anybody, so that is found first.
ORPHANED = text(
    """with waiting as (
         select d.id, d.decider_id from dfworx.decisions d
         where d.organization_id = :organization and d.status = 'accepted' and d.review_on <= :today
         union select d.id, d.decider_id from dfworx.decisions d
         join dfworx.concerns c on c.decision_id = d.id and c.state = 'open'
         where d.organization_id = :organization and d.status in ('proposed', 'final_comment')
         union select d.id, d.decider_id from dfworx.stale_marks s join dfworx.decisions d on d.id = s.decision_id
         where s.organization_id = :organization and s.cleared_at is null
           and d.status in ('draft', 'proposed', 'final_comment', 'accepted'))
       select w.id from waiting w
       left join dfworx.active_members(array(select distinct decider_id from waiting)) a
         on a.membership_id = w.decider_id
       left join dfworx.memberships m on m.id = a.membership_id and m.role <> 'guest'
       where m.id is null
       order by w.id limit :most"""
)
CLEAR = text(
    """update dfworx.stale_marks set cleared_at = :now, cleared_by = :by
       where organization_id = :organization and cleared_at is null and id = any(:ids)"""
)
AS_OF = text(
    """select state from (
         select distinct on (decision_id) decision_id, state from dfworx.decision_history
         where organization_id = :organization and created_at <= :at order by decision_id, changed_at desc
       ) then_ order by decision_id desc limit :most"""
)


class DecisionCitations(Repository[DecisionCitation]):
    """Who names whom."""

    model = DecisionCitation

    async def put(self, decision_id: UUID, numbers: Iterable[int]) -> None:
        """What a decision names from now on."""
        about = {"organization_id": self.tx.actor.organization, "decision_id": decision_id}
        await self.tx.run(delete(DecisionCitation).where(col(DecisionCitation.decision_id) == decision_id))
        rows = [{"id": ids.new_id(), "created_at": self.tx.now, "number": number, **about} for number in numbers]
        if rows:
            await self.tx.run(insert(DecisionCitation), rows)

    async def of(self, decision_id: UUID) -> set[int]:
        """What a decision names."""
        query = select(col(DecisionCitation.number)).where(col(DecisionCitation.decision_id) == decision_id)
        return set(await self.tx.session.exec(query))

    async def graph(self) -> dict[UUID, set[UUID]]:
        """Who names whom, of all that is alive and in sight."""
        found: dict[UUID, set[UUID]] = {}
        for citing, named in await self.tx.rows(CITES, {"organization": self.tx.actor.organization}):
            found.setdefault(citing, set()).add(named)
        return found

    async def threads_naming(self, decision_ids: Collection[UUID]) -> list[UUID]:
        """The threads in which any of these is named."""
        values = {"organization": self.tx.actor.organization, "decisions": [*decision_ids]}
        return list((await self.tx.run(NAMING, values)).scalars())


class StaleMarks(Repository[StaleMark]):
    """What is to be looked at again."""

    model = StaleMark

    async def mark(self, because: UUID, decisions: Iterable[UUID], threads: Iterable[UUID]) -> None:
        """Mark these; what was marked for the same reason before is left as it is."""
        same = {"organization_id": self.tx.actor.organization, "because_id": because, "created_at": self.tx.now}
        rows = [{"id": ids.new_id(), "decision_id": each, "thread_id": None, **same} for each in decisions]
        rows += [{"id": ids.new_id(), "decision_id": None, "thread_id": each, **same} for each in threads]
        if rows:
            await self.tx.run(insert(StaleMark).on_conflict_do_nothing(), rows)

    async def on(self, *, decision_id: UUID | None = None, thread_id: UUID | None = None) -> Sequence[StaleMark]:
        """The marks on a decision, or on a thread, that nobody has cleared."""
        query = self.mine().where(col(StaleMark.cleared_at).is_(None)).order_by(col(StaleMark.id))
        query = query.where(
            col(StaleMark.decision_id) == decision_id if decision_id else col(StaleMark.thread_id) == thread_id
        )
        return (await self.tx.session.exec(query)).all()

    async def among(self, decision_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        """Those of these that are marked, with the records that it is because of."""
        query = self.mine().where(col(StaleMark.decision_id).in_(decision_ids), col(StaleMark.cleared_at).is_(None))
        found: dict[UUID, list[UUID]] = {}
        for mark in (await self.tx.session.exec(query.order_by(col(StaleMark.id)))).all():
            if mark.decision_id:
                found.setdefault(mark.decision_id, []).append(mark.because_id)
        return found

    async def for_the_same(self, because: Collection[UUID]) -> set[tuple[UUID, UUID]]:
        """(because, decision) of every mark on a decision for these reasons that nobody has cleared."""
        query = self.mine().where(col(StaleMark.because_id).in_(because), col(StaleMark.cleared_at).is_(None))
        rows = (await self.tx.session.exec(query.where(col(StaleMark.decision_id).is_not(None)))).all()
        return {(row.because_id, row.decision_id) for row in rows if row.decision_id}

    async def clear(self, marks: Iterable[StaleMark]) -> None:
        """Somebody has looked at it."""
        values = {"now": self.tx.now, "by": self.tx.actor.membership_id, "organization": self.tx.actor.organization}
        await self.tx.run(CLEAR, {**values, "ids": [mark.id for mark in marks]})

    async def of_decider(self, decider: UUID, most: int) -> list[UUID]:
        """The decisions of somebody that are marked."""
        values = {"organization": self.tx.actor.organization, "decider": decider, "most": most}
        return list((await self.tx.run(MARKED, values)).scalars())

    async def orphaned(self, today: date, most: int) -> list[UUID]:
        """Those with an open concern, a review that is due or a mark whose decider is gone."""
        values = {"organization": self.tx.actor.organization, "today": today, "most": most}
        return list((await self.tx.run(ORPHANED, values)).scalars())

    async def as_of(self, at: datetime, most: int) -> list[dict[str, Any]]:
        """Every decision in the state that it had at a moment, the newest first."""
        values = {"organization": self.tx.actor.organization, "at": at, "most": most}
        return list((await self.tx.run(AS_OF, values)).scalars())
