"""People, as administrators see them."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.admin import service_people as people
from dfworx.admin.repository_people import People
from dfworx.admin.validators import PeopleAsked
from dfworx.core.actor import Actor
from dfworx.core.errors import Forbidden, NotFound
from dfworx.infra.database import transaction
from tests.admin.conftest import on_server, outside

pytestmark = pytest.mark.anyio


class TestPage:
    """A part of the people."""

    async def test_an_organization_s_administrator_sees_its_people_and_no_other(self, acting_as, cast):
        async with acting_as(cast.dia) as tx:
            page = await people.page(tx, PeopleAsked())
        assert [person.name for person in page.items] == [
            "Ada Ferreira", "Ben Okafor", "Cy Lindqvist", "Dia Marsh", "Gus Visitor", "Max Stone",
        ]  # fmt: skip
        assert page.next is None

    async def test_a_server_admin_sees_everybody_and_where_they_belong(self, acting_as, cast, nina):
        async with transaction(on_server(nina)) as tx:
            page = await people.page(tx, PeopleAsked(q=cast.eve.email))
        (eve,) = page.items
        assert [(each.slug, each.role) for each in eve.memberships] == [(cast.eve.slug, "owner")]

    async def test_the_command_line_sees_them_too(self, acting_as, cast):
        async with transaction(Actor.server()) as tx:
            page = await people.page(tx, PeopleAsked(q=cast.ben.email))
        assert [person.id for person in page.items] == [cast.ben.user_id]

    async def test_words_state_and_role_narrow_it(self, acting_as, cast, admin):
        admin.execute(text("update dfworx.users set deactivated_at = now() where id = :id"), {"id": cast.gus.user_id})
        async with acting_as(cast.ada) as tx:

            async def names(**asked):
                return [person.name for person in (await people.page(tx, PeopleAsked(**asked))).items]

            assert await names(q="OKA ben") == ["Ben Okafor"]
            assert await names(q="nobody") == []
            assert await names(role="admin") == ["Dia Marsh"]
            assert await names(state="deactivated") == ["Gus Visitor"]
            assert "Gus Visitor" not in await names(state="active")

    async def test_it_goes_on_behind_a_person(self, acting_as, cast, monkeypatch):
        monkeypatch.setattr(people, "PAGE", 4)
        async with acting_as(cast.ada) as tx:
            first = await people.page(tx, PeopleAsked())
            second = await people.page(tx, PeopleAsked(), first.next)
        assert len(first.items) == 4
        assert [person.name for person in second.items] == ["Gus Visitor", "Max Stone"]
        assert second.next is None

    async def test_a_member_may_not(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            with pytest.raises(Forbidden):
                await people.page(tx, PeopleAsked())

    async def test_an_owner_may_not_look_at_the_whole_server(self, acting_as, cast):
        async with transaction(outside(cast.ada)) as tx:
            with pytest.raises(Forbidden):
                await people.page(tx, PeopleAsked())

    @pytest.mark.parametrize("nick", ["cy", "eve", "dia"])
    async def test_the_database_refuses_it_even_if_the_service_did_not(self, acting_as, cast, nick):
        within = cast.acme if nick != "dia" else None
        async with transaction(cast.people[nick].actor) as tx:
            with pytest.raises(DBAPIError) as refused:
                await People(tx, within).page(PeopleAsked(), None, 10)
            assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
            await tx.session.rollback()


class TestGet:
    """One of them."""

    async def test_it_shows_one_person(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            ben = await people.get(tx, cast.ben.user_id)
        assert (ben.email, ben.memberships[0].role) == (cast.ben.email, "member")

    async def test_somebody_of_another_organization_does_not_exist(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            with pytest.raises(NotFound):
                await people.get(tx, cast.eve.user_id)
