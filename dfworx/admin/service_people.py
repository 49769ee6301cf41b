"""People, as administrators see them: of the whole server, or of the organization that is acted in."""

from uuid import UUID

from dfworx.admin.repository_people import People
from dfworx.admin.service_scope import scope
from dfworx.admin.validators import PeopleAsked
from dfworx.admin.views import PeoplePage, PersonView
from dfworx.core.errors import NotFound
from dfworx.core.permissions import ServerVerb, Verb
from dfworx.infra.database import Tx

PAGE = 50


async def page(tx: Tx, asked: PeopleAsked, after: UUID | None = None) -> PeoplePage:
    """A part of the people, by name."""
    rows = await People(tx, scope(tx, Verb.ADMINISTER, ServerVerb.SEE_PEOPLE)).page(asked, after, PAGE + 1)
    items = [PersonView.of(row) for row in rows[:PAGE]]
    return PeoplePage(items=items, next=items[-1].id if len(rows) > PAGE else None)


async def get(tx: Tx, user_id: UUID) -> PersonView:
    """One person."""
    row = await People(tx, scope(tx, Verb.ADMINISTER, ServerVerb.SEE_PEOPLE)).find(user_id)
    if row is None:
        raise NotFound
    return PersonView.of(row)
