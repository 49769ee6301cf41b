"""People over REST, for those who look after them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from dfworx.admin import service_people as people
from dfworx.admin.validators import PeopleAsked
from dfworx.admin.views import PeoplePage, PersonView
from dfworx.web.transactions import InTx, PersonTx

router = APIRouter(tags=["admin"])
server = APIRouter(prefix="/admin/people")
inside = APIRouter(prefix="/organizations/{organization}/admin/people")

Asked = Annotated[PeopleAsked, Query()]


@server.get("")
async def list_people(tx: PersonTx, asked: Asked, after: UUID | None = None) -> PeoplePage:
    """Everybody who has an account, by name."""
    return await people.page(tx, asked, after)


@server.get("/{user_id}")
async def get_person(user_id: UUID, tx: PersonTx) -> PersonView:
    """One person, with where they belong."""
    return await people.get(tx, user_id)


@inside.get("")
async def list_organization_people(tx: InTx, asked: Asked, after: UUID | None = None) -> PeoplePage:
    """The people of the organization, by name."""
    return await people.page(tx, asked, after)


@inside.get("/{user_id}")
async def get_organization_person(user_id: UUID, tx: InTx) -> PersonView:
    """One person of the organization."""
    return await people.get(tx, user_id)


router.include_router(server)
router.include_router(inside)
