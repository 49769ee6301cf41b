"""The SQL of how it is decided: who is asked, where they stand, how they compare the options, what concerns them."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col, select

from dfworx.core import ids
from dfworx.decisions.models_ballots import Ballot
from dfworx.decisions.models_protocol import Asking, Concern, ConcernReply, ConcernState, Position
from dfworx.infra.repository import Repository

LAST = text(
    """select distinct on (decision_id, membership_id, is_late) id from dfworx.positions
       where organization_id = :organization and decision_id = any(:decisions)
       order by decision_id, membership_id, is_late, id desc"""
)

LATE = text("select asking_id, occasion from dfworx.late_askings(cast(:decisions as uuid[]))")


class Askings(Repository[Asking]):
    """Who is asked."""

    model = Asking

    async def of(self, decision_id: UUID) -> list[UUID]:
        """Whose position is asked for."""
        query = self.mine().where(col(Asking.decision_id) == decision_id).order_by(col(Asking.id))
        return [row.membership_id for row in (await self.tx.session.exec(query)).all()]

    async def late(self, decision_id: UUID) -> list[tuple[Asking, UUID]]:
        """Those to remind, each with what asked them last: the decision, its text, or their concern that was closed."""
        found = dict((await self.tx.run(LATE, {"decisions": [decision_id]})).all())
        query = self.mine().where(col(Asking.id).in_(found)).order_by(col(Asking.id))
        return [(row, found[row.id]) for row in (await self.tx.session.exec(query)).all()]

    async def on(self, decision_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """Whom each of these asks."""
        query = (
            select(col(Asking.decision_id), col(Asking.membership_id))
            .where(col(Asking.organization_id) == self.tx.actor.organization)
            .where(col(Asking.decision_id).in_(decision_ids))
        )
        asked: dict[UUID, set[UUID]] = {}
        for row in await self.tx.rows(query):
            asked.setdefault(row[0], set()).add(row[1])
        return asked

    async def ask(self, decision_id: UUID, membership_ids: Iterable[UUID]) -> None:
        """Ask them."""
        same = {"organization_id": self.tx.actor.organization, "decision_id": decision_id, "created_at": self.tx.now}
        rows = [{"id": ids.new_id(), "membership_id": each, **same} for each in membership_ids]
        if rows:
            await self.tx.run(insert(Asking).on_conflict_do_nothing(), rows)


class Positions(Repository[Position]):
    """Where people stand."""

    model = Position

    async def of(self, decision_ids: Collection[UUID]) -> Sequence[Position]:
        """The last position of each member on each of these, and the last late one, in the order of their taking."""
        values = {"organization": self.tx.actor.organization, "decisions": [*decision_ids]}
        last = list((await self.tx.run(LAST, values)).scalars())
        query = self.mine().where(col(Position.id).in_(last)).order_by(col(Position.id))
        return (await self.tx.session.exec(query)).all()

    async def history(self, decision_id: UUID) -> Sequence[Position]:
        """Every position that was ever taken on it, the first one first."""
        query = self.mine().where(col(Position.decision_id) == decision_id).order_by(col(Position.id))
        return (await self.tx.session.exec(query)).all()


class Ballots(Repository[Ballot]):
    """How people compare the options."""

    model = Ballot

    async def of(self, decision_id: UUID) -> Sequence[Ballot]:
        """The last ballot of each member."""
        query = self.mine().where(col(Ballot.decision_id) == decision_id).order_by(col(Ballot.id))
        rows = (await self.tx.session.exec(query)).all()
        return list({row.membership_id: row for row in rows}.values())


class Concerns(Repository[Concern]):
    """What blocks."""

    model = Concern

    async def of(self, decision_id: UUID) -> Sequence[Concern]:
        """The concerns of a decision, the first one first."""
        query = self.mine().where(col(Concern.decision_id) == decision_id).order_by(col(Concern.id))
        return (await self.tx.session.exec(query)).all()

    async def open_on(self, decision_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
        """What blocks each of these, by its owner and title, the first one first."""
        query = (
            select(col(Concern.decision_id), col(Concern.owner_id), col(Concern.title))
            .where(col(Concern.organization_id) == self.tx.actor.organization)
            .where(col(Concern.decision_id).in_(decision_ids), col(Concern.state) == ConcernState.OPEN)
            .order_by(col(Concern.id))
        )
        found: dict[UUID, list[tuple[UUID, str]]] = {}
        for decision_id, owner, title in await self.tx.rows(query):
            found.setdefault(decision_id, []).append((owner, title))
        return found

    async def holders(self, decision_id: UUID) -> set[UUID]:
        """Who holds it by an open concern."""
        found = await self.open_on([decision_id])
        return {owner for owner, _ in found.get(decision_id, [])}


class ConcernReplies(Repository[ConcernReply]):
    """What was said about concerns."""

    model = ConcernReply

    async def on(self, concern_ids: Collection[UUID]) -> dict[UUID, list[ConcernReply]]:
        """What was said about each of these, the first one first."""
        said: dict[UUID, list[ConcernReply]] = {id_: [] for id_ in concern_ids}
        query = self.mine().where(col(ConcernReply.concern_id).in_(said)).order_by(col(ConcernReply.id))
        for reply in (await self.tx.session.exec(query)).all() if said else []:
            said[reply.concern_id].append(reply)
        return said

    async def last_to(self, owner: UUID, decision_ids: Collection[UUID]) -> dict[UUID, ConcernReply]:
        """What others have said last about the open concerns of somebody, by the decision."""
        is_theirs = (col(Concern.owner_id) == owner) & (col(Concern.state) == ConcernState.OPEN)
        query = (
            select(col(Concern.decision_id), ConcernReply)
            .join(Concern, col(Concern.id) == col(ConcernReply.concern_id))
            .ext(distinct_on(col(Concern.decision_id)))
            .where(
                col(ConcernReply.organization_id) == self.tx.actor.organization, col(ConcernReply.author_id) != owner
            )
            .where(is_theirs, col(Concern.decision_id).in_(decision_ids))
            .order_by(col(Concern.decision_id), col(ConcernReply.id).desc())
        )
        return dict((await self.tx.session.exec(query)).all())
