"""The SQL of decisions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, text
from sqlmodel import col, select

from dfworx.core.errors import NotFound
from dfworx.decisions.models import Decision, DecisionRevision
from dfworx.decisions.models_aging import DecisionCitation
from dfworx.decisions.models_evidence import Evidence, Snapshot
from dfworx.decisions.models_lifecycle import OPEN, RECORDED, Status
from dfworx.decisions.models_protocol import Asking, Concern, ConcernReply, ConcernState, Position
from dfworx.decisions.validators import Content
from dfworx.infra.repository import Repository

SIMILAR = text("select * from dfworx.similar_decisions(:organization, :words, :most)")
MOST_NAMING = 50


def waits_for(membership_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """That it is open and asks somebody, who has no position on the text as it stands, and no open concern."""
    asked = exists().where(col(Asking.decision_id) == col(Decision.id), col(Asking.membership_id) == membership_id)
    answered = exists().where(
        col(Position.decision_id) == col(Decision.id),
        col(Position.membership_id) == membership_id,
        col(Position.version) == col(Decision.version),
    )
    holds = exists().where(
        col(Concern.decision_id) == col(Decision.id),
        col(Concern.owner_id) == membership_id,
        col(Concern.state) == ConcernState.OPEN,
    )
    return col(Decision.status).in_(OPEN), asked, ~answered, ~holds


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
        """The one of this number, then those whose numbers begin so or with all words in their titles, newest first."""
        is_it = func.coalesce(col(Decision.number), 0) == (number or -1)
        begins = cast(func.coalesce(col(Decision.number), 0), String).like(f"{number or -1}%")
        is_called = and_(*[func.strpos(func.lower(col(Decision.title)), word) > 0 for word in words])
        query = self.mine().where(or_(begins, is_called)).order_by(is_it.desc(), col(Decision.id).desc()).limit(limit)
        return (await self.tx.session.exec(query)).all()

    async def waiting_for_me(self, limit: int) -> Sequence[Decision]:
        """Open proposals that wait for the actor's position."""
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

    async def keep(self, decision_id: UUID, content: Content, version: int, note: str = "") -> None:
        """Keep a text that you have written."""
        revision = DecisionRevision(
            organization_id=self.tx.actor.organization,
            created_at=self.tx.now,
            decision_id=decision_id,
            version=version,
            content=content.model_dump(mode="json"),
            written_by=self.tx.actor.membership,
            note=note,
        )
        await self.add(revision)

    async def amendments(self, decision_ids: Collection[UUID]) -> dict[UUID, int]:
        """How often each of these was amended."""
        query = (
            select(col(DecisionRevision.decision_id), func.count())
            .where(col(DecisionRevision.organization_id) == self.tx.actor.organization)
            .where(col(DecisionRevision.decision_id).in_(decision_ids), col(DecisionRevision.note) != "")
            .group_by(col(DecisionRevision.decision_id))
        )
        return {row[0]: int(row[1]) for row in await self.tx.rows(query)}
