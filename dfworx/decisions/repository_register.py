"""The SQL of the register: what fits all that is asked of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, exists, func, or_, select, text
from sqlmodel import col

from dfworx.core.texts import words_of
from dfworx.decisions.models import Decision
from dfworx.decisions.models_aging import StaleMark
from dfworx.decisions.models_protocol import Asking
from dfworx.decisions.repository import is_due, waits_for
from dfworx.decisions.validators import Narrowing, Sought
from dfworx.decisions.validators_address import number_meant
from dfworx.infra.repository import Repository

# On which all of some tags hang.
TAGGED = text(
    """(select count(*) from dfworx.taggings g where g.kind = 'decision' and g.subject_id = decisions.id
        and g.tag_id = any(cast(:tags as uuid[]))) = :tag_count"""
)
# That stands in a channel or governs it; one that is out of sight is not asked about.
PLACED = text(
    """exists (select from dfworx.places p where p.id = cast(:place as uuid)
        and (decisions.channels @> jsonb_build_array(cast(:place as text))
          or exists (select from dfworx.threads t where t.id = decisions.thread_id and t.place_id = p.id)))"""
)
# What rests on what holds no more: few, so they are looked up once, and not once a decision.
STALE = select(col(StaleMark.decision_id)).where(
    col(StaleMark.decision_id).is_not(None), col(StaleMark.cleared_at).is_(None)
)
DAY = timedelta(days=1)
Condition = ColumnElement[bool] | TextClause


class RegisterPages(Repository[Decision]):
    """The register, narrowed."""

    model = Decision

    async def page(self, limit: int, sought: Sought, among: Collection[UUID] | None = None) -> Sequence[Decision]:
        """The newest first, from a keyset (id) on; `among` these, if it is said."""
        query = self.mine().where(*self._fitting(sought)).order_by(col(Decision.id).desc()).limit(limit)
        if sought.cursor:
            query = query.where(col(Decision.id) < sought.cursor)
        if among is not None:
            query = query.where(col(Decision.id).in_(among))
        return (await self.tx.session.exec(query)).all()

    async def counts(
        self, parts: Mapping[str, Narrowing], sought: Narrowing, among: Collection[UUID] | None = None
    ) -> dict[str, int]:
        """How many of those that fit each of these parts has, by its name; all are counted in one go."""
        counted = [func.count().filter(*self._fitting(part)).label(name) for name, part in parts.items()]
        query = select(*counted).where(col(Decision.organization_id) == self.tx.actor.organization)
        query = query.where(*self._fitting(sought))
        if among is not None:
            query = query.where(col(Decision.id).in_(among))
        return dict(zip(parts, (await self.tx.rows(query))[0], strict=True))

    async def recorded(
        self, limit: int, sought: Narrowing, among: Collection[UUID] | None = None
    ) -> Sequence[Decision]:
        """The last records and proposals of those that fit, the oldest of them first."""
        query = self.mine().where(col(Decision.number).is_not(None), *self._fitting(sought))
        if among is not None:
            query = query.where(col(Decision.id).in_(among))
        query = query.order_by(col(Decision.number).desc()).limit(limit)
        return list(reversed((await self.tx.session.exec(query)).all()))

    async def about_code(self, sought: Narrowing) -> Sequence[Decision]:
        """Of those that fit, the ones that name paths."""
        has_paths = func.jsonb_array_length(col(Decision.paths)) > 0
        return (await self.tx.session.exec(self.mine().where(has_paths, *self._fitting(sought)))).all()

    def _fitting(self, sought: Narrowing) -> Iterator[Condition]:
        if sought.status:
            yield col(Decision.status).in_(sought.status)
        if sought.tag:
            yield TAGGED.bindparams(tags=sought.tag, tag_count=len({*sought.tag}))
        if sought.channel:
            yield PLACED.bindparams(place=str(sought.channel))
        if sought.person:
            yield _concerns(sought.person)
        if sought.stale:
            yield col(Decision.id).in_(STALE)
        if sought.due:
            yield from is_due(self.tx.now.date())
        if sought.waiting:
            yield from waits_for(self.tx.actor.membership)
        yield from _between(sought.since, sought.until)
        yield from map(_named, words_of(sought.title))


def _named(word: str) -> ColumnElement[bool]:
    is_titled = func.strpos(func.lower(col(Decision.title)), word) > 0
    return or_(is_titled, col(Decision.number) == number) if (number := number_meant(word)) else is_titled


def _concerns(person: UUID) -> ColumnElement[bool]:
    asked = exists().where(col(Asking.decision_id) == col(Decision.id), col(Asking.membership_id) == person)
    return or_(col(Decision.decider_id) == person, col(Decision.created_by) == person, asked)


def _between(since: date | None, until: date | None) -> Iterator[ColumnElement[bool]]:
    at = func.coalesce(col(Decision.closed_at), col(Decision.proposed_at), col(Decision.created_at))
    if since:
        yield at >= datetime.combine(since, time(), UTC)
    if until:
        yield at < datetime.combine(until + DAY, time(), UTC)
