"""The SQL of decisions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.core import ids
from dfworx.core.errors import NotFound
from dfworx.decisions.models import Decision, DecisionRevision
from dfworx.decisions.models_aging import DecisionCitation
from dfworx.decisions.models_evidence import Citation, Evidence, Snapshot
from dfworx.decisions.models_ledger import Entry, Register
from dfworx.decisions.models_lifecycle import OPEN, RECORDED, Status
from dfworx.decisions.models_protocol import Asking, Concern, ConcernReply, ConcernState, Position
from dfworx.infra.repository import AT_ONCE, Repository

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
SIMILAR = text("select * from dfworx.similar_decisions(:organization, :words, :most)")
# The register counts each link as it comes: the next one has to follow it.
LINK = text(
    """with link as (
         insert into dfworx.ledger
           (id, created_at, organization_id, position, decision_id, happened, record, previous, digest)
         values (:id, :created_at, :organization_id, :position, :decision_id, :happened, :record, :previous, :digest)
         returning organization_id, position, digest
       ) update dfworx.registers r set entries = link.position, head = link.digest
         from link where r.organization_id = link.organization_id"""
)
MOST_CITED = MOST_NAMING = 50


def waits_for(membership_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """That it is open and asks somebody, who has not said anything on the text as it stands."""
    asked = exists().where(col(Asking.decision_id) == col(Decision.id), col(Asking.membership_id) == membership_id)
    answered = exists().where(
        col(Position.decision_id) == col(Decision.id),
        col(Position.membership_id) == membership_id,
        col(Position.version) == col(Decision.version),
    )
    return col(Decision.status).in_(OPEN), asked, ~answered


def is_due(on: date) -> tuple[ColumnElement[bool], ...]:
    """That it holds, and is to be looked at again."""
    return col(Decision.status) == Status.ACCEPTED, col(Decision.review_on) <= on


class Decisions(Repository[Decision]):
    """The decisions that the actor can see."""

    model = Decision

    async def held(self, decision_id: UUID) -> Decision:
        """The decision, locked: whoever else changes it waits, and who only refers to it does not."""
        query = self.mine().where(col(Decision.id) == decision_id).with_for_update(of=Decision, key_share=True)
        row = (await self.tx.session.exec(query.execution_options(populate_existing=True))).one_or_none()
        if row is None:
            raise NotFound
        return row

    async def numbered(self, number: int) -> Decision:
        """The decision of this number."""
        row = (await self.tx.session.exec(self.mine().where(col(Decision.number) == number))).one_or_none()
        if row is None:
            raise NotFound
        return row

    async def some(self, numbers: Collection[int]) -> Sequence[Decision]:
        """Those of these numbers that can be seen."""
        query = self.mine().where(col(Decision.number).in_(numbers)).order_by(col(Decision.number))
        return (await self.tx.session.exec(query)).all()

    async def those(self, decision_ids: Collection[UUID]) -> Sequence[Decision]:
        """Those of these that can be seen."""
        query = self.mine().where(col(Decision.id).in_(decision_ids)).order_by(col(Decision.id))
        return (await self.tx.session.exec(query)).all()

    async def of_thread(self, thread_id: UUID) -> Sequence[Decision]:
        """The decision whose conversation this is, and those that grew out of it, the newest last."""
        either = (col(Decision.thread_id) == thread_id) | (col(Decision.source_thread_id) == thread_id)
        return (await self.tx.session.exec(self.mine().where(either).order_by(col(Decision.id)))).all()

    async def grown_from(self, thread_id: UUID) -> Sequence[Decision]:
        """Those that were drawn out of a thread, or have a message of it as evidence."""
        quoted = (
            select(col(Evidence.decision_id))
            .join(Snapshot, col(Snapshot.evidence_id) == col(Evidence.id))
            .where(col(Snapshot.thread_id) == thread_id)
        )
        either = (col(Decision.source_thread_id) == thread_id) | col(Decision.id).in_(quoted)
        return (await self.tx.session.exec(self.mine().where(either).order_by(col(Decision.id)))).all()

    async def superseded_by(self, decision_id: UUID) -> Sequence[Decision]:
        """The records whose place this one takes."""
        query = self.mine().where(col(Decision.superseded_by) == decision_id).order_by(col(Decision.number))
        return (await self.tx.session.exec(query)).all()

    async def replacing(self, decision_id: UUID) -> Sequence[Decision]:
        """The open proposals that would take its place."""
        would = col(Decision.replaces).contains([str(decision_id)]) & col(Decision.status).in_(OPEN)
        return (await self.tx.session.exec(self.mine().where(would).order_by(col(Decision.number)))).all()

    async def naming(self, number: int) -> Sequence[Decision]:
        """Those whose text names a record."""
        citing = select(col(DecisionCitation.decision_id)).where(
            col(DecisionCitation.organization_id) == self.tx.actor.organization, col(DecisionCitation.number) == number
        )
        query = self.mine().where(col(Decision.id).in_(citing)).order_by(col(Decision.id).desc()).limit(MOST_NAMING)
        return (await self.tx.session.exec(query)).all()

    async def called(self, number: int | None, words: Sequence[str], limit: int) -> Sequence[Decision]:
        """The one of this number, then those with all words in their titles, the newest first."""
        is_it = func.coalesce(col(Decision.number), 0) == (number or -1)
        is_called = and_(*[func.strpos(func.lower(col(Decision.title)), word) > 0 for word in words])
        query = self.mine().where(or_(is_it, is_called)).order_by(is_it.desc(), col(Decision.id).desc()).limit(limit)
        return (await self.tx.session.exec(query)).all()

    async def waiting_for_me(self, limit: int) -> Sequence[Decision]:
        """Open proposals that ask the actor, who has not said anything on the text as it stands."""
        query = self.mine().where(*waits_for(self.tx.actor.membership)).order_by(col(Decision.proposed_at))
        return (await self.tx.session.exec(query.limit(limit))).all()

    async def governing(self) -> Sequence[Decision]:
        """Those that hold, and are about some code."""
        has_paths = func.jsonb_array_length(col(Decision.paths)) > 0
        query = self.mine().where(col(Decision.status) == Status.ACCEPTED, has_paths).order_by(col(Decision.number))
        return (await self.tx.session.exec(query)).all()

    async def of_origins(self, origins: Collection[str]) -> dict[str, Decision]:
        """Those that were brought in from there."""
        query = self.mine().where(col(Decision.origin).in_(origins))
        return {str(row.origin): row for row in (await self.tx.session.exec(query)).all()}

    async def taken(self) -> set[int]:
        """Every number that a decision has."""
        query = select(col(Decision.number)).where(col(Decision.organization_id) == self.tx.actor.organization)
        return {number for number in (await self.tx.session.exec(query)).all() if number is not None}

    async def kept_as_files(self) -> Sequence[Decision]:
        """What has a number, in its order, then the drafts that were brought in."""
        has_file = col(Decision.number).is_not(None) | col(Decision.origin).is_not(None)
        query = self.mine().where(has_file).order_by(col(Decision.number).nulls_last(), col(Decision.id))
        return (await self.tx.session.exec(query)).all()

    async def decided(self) -> Sequence[Decision]:
        """Every record that was decided, whatever became of it."""
        return (await self.tx.session.exec(self.mine().where(col(Decision.status).in_(RECORDED)))).all()

    async def clock(self) -> datetime:
        """The time by the clock of the database, the only one that ends a final comment."""
        at = await self.tx.scalar(datetime, text("select now()"))
        assert at is not None  # noqa: S101 - it always has one
        return at

    async def recorded(self, limit: int) -> Sequence[Decision]:
        """The last records and proposals, the oldest of them first."""
        query = self.mine().where(col(Decision.number).is_not(None)).order_by(col(Decision.number).desc()).limit(limit)
        return list(reversed((await self.tx.session.exec(query)).all()))

    async def similar(self, words: str, most: int) -> Sequence[Decision]:
        """Those nearest to some words, the nearest first."""
        values = {"organization": self.tx.actor.organization, "words": words, "most": most}
        found = list((await self.tx.run(SIMILAR, values)).scalars())
        rows = (await self.tx.session.exec(self.mine().where(col(Decision.id).in_(found)))).all()
        return sorted(rows, key=lambda row: found.index(row.id))

    async def due(self, on: date, limit: int, decider: UUID | None = None) -> Sequence[Decision]:
        """Those that hold and are to be looked at again, the longest due first; of all, or of one decider."""
        query = self.mine().where(*is_due(on)).order_by(col(Decision.review_on), col(Decision.id)).limit(limit)
        if decider:
            query = query.where(col(Decision.decider_id) == decider)
        return (await self.tx.session.exec(query)).all()

    async def held_up(self, decider: UUID, limit: int) -> Sequence[Decision]:
        """Those of a decider on which a concern is open."""
        has_concern = exists().where(
            col(Concern.decision_id) == col(Decision.id), col(Concern.state) == ConcernState.OPEN
        )
        query = self.mine().where(col(Decision.decider_id) == decider, has_concern)
        query = query.where(col(Decision.status).in_(OPEN))
        return (await self.tx.session.exec(query.order_by(col(Decision.id)).limit(limit))).all()

    async def answered(self, owner: UUID, limit: int) -> Sequence[Decision]:
        """Those on which a concern of somebody's is open, and the last word about it is another's."""
        last = select(col(ConcernReply.author_id)).where(col(ConcernReply.concern_id) == col(Concern.id))
        has_answer = exists().where(
            col(Concern.decision_id) == col(Decision.id),
            col(Concern.owner_id) == owner,
            col(Concern.state) == ConcernState.OPEN,
            last.order_by(col(ConcernReply.id).desc()).limit(1).scalar_subquery() != owner,
        )
        query = self.mine().where(has_answer, col(Decision.status).in_(OPEN))
        return (await self.tx.session.exec(query.order_by(col(Decision.id)).limit(limit))).all()


class Revisions(Repository[DecisionRevision]):
    """The texts of decisions."""

    model = DecisionRevision

    async def of(self, decision_id: UUID) -> Sequence[DecisionRevision]:
        """All texts of a decision, the first one first."""
        query = self.mine().where(col(DecisionRevision.decision_id) == decision_id)
        return (await self.tx.session.exec(query.order_by(col(DecisionRevision.version)))).all()

    async def amendments(self, decision_ids: Collection[UUID]) -> dict[UUID, int]:
        """How often each of these was amended."""
        query = (
            select(col(DecisionRevision.decision_id), func.count())
            .where(col(DecisionRevision.organization_id) == self.tx.actor.organization)
            .where(col(DecisionRevision.decision_id).in_(decision_ids), col(DecisionRevision.note) != "")
            .group_by(col(DecisionRevision.decision_id))
        )
        return {row[0]: int(row[1]) for row in await self.tx.rows(query)}


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

    async def put(self, message_id: UUID, numbers: Iterable[int]) -> None:
        """What a message names from now on."""
        await self.tx.run(
            text("delete from dfworx.citations where message_id = :message and organization_id = :organization"),
            {"message": message_id, "organization": self.tx.actor.organization},
        )
        same = {"organization_id": self.tx.actor.organization, "message_id": message_id, "created_at": self.tx.now}
        rows = [{"id": ids.new_id(), "number": number, **same} for number in numbers]
        if rows:
            await self.tx.run(insert(Citation).on_conflict_do_nothing(), rows)

    async def of(self, number: int) -> Sequence[Any]:
        """The messages that name a decision, the newest first."""
        values = {"organization": self.tx.actor.organization, "number": number, "most": MOST_CITED}
        return await self.tx.rows(CITED_IN, values)


class Ledger(Repository[Entry]):
    """The chain of what was decided."""

    model = Entry

    async def register(self) -> Register:
        """What the organization has given out so far, locked: whoever else needs a number or a link waits."""
        fresh = Register(organization_id=self.tx.actor.organization, created_at=self.tx.now)
        await self.tx.run(insert(Register).on_conflict_do_nothing(), [fresh.model_dump()])
        query = select(Register).where(col(Register.organization_id) == self.tx.actor.organization).with_for_update()
        return (await self.tx.session.exec(query.execution_options(populate_existing=True))).one()

    async def head(self, *, is_held: bool = False) -> Register | None:
        """The same, to look at; held, nobody adds anything meanwhile."""
        query = select(Register).where(col(Register.organization_id) == self.tx.actor.organization)
        if is_held:
            query = query.with_for_update(read=True)
        return (await self.tx.session.exec(query)).one_or_none()

    async def link(self, entries: Iterable[Entry]) -> None:
        """Add these to the chain, in their order; the register counts them."""
        left = iter(entries)
        while part := [entry.model_dump() for entry in islice(left, AT_ONCE)]:
            await self.tx.run(LINK, part)

    async def entries(self) -> Sequence[Entry]:
        """The whole chain that can be seen, in order."""
        return (await self.tx.session.exec(self.mine().order_by(col(Entry.position)))).all()
