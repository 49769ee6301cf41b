"""Organizations: found, see, rename; and who cannot."""

import asyncio

import pytest
from sqlalchemy import text

from dfworx.organizations.validators import slug_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme Robotics", "acme-robotics"),
        ("  Ärger & Söhne GmbH. ", "arger-sohne-gmbh"),
        ("李小龍", "team"),
        ("x" * 80, "x" * 40),
        ("../../etc", "etc"),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_a_slug_is_what_one_can_read_of_a_name(name, slug):
    assert slug_of(name) == slug


class TestCreate:
    """POST /organizations."""

    async def test_whoever_founds_it_owns_it(self, asking, cast):
        eve = asking(cast.eve)
        answer = await eve.post("/organizations", json={"name": f"Lab {cast.slug}"})
        assert (answer.status_code, answer.json()["slug"], answer.json()["role"]) == (201, f"lab-{cast.slug}", "owner")
        (member,) = (await eve.get(f"/organizations/lab-{cast.slug}/members")).json()["items"]
        assert (member["name"], member["role"], member["email"]) == ("Eve Stranger", "owner", cast.eve.email)

    async def test_the_same_name_gets_a_slug_of_its_own(self, asking, cast):
        slugs = [
            (await asking(member).post("/organizations", json={"name": cast.slug})).json()["slug"]
            for member in (cast.ben, cast.eve, cast.ben)
        ]
        assert slugs == [f"{cast.slug}-2", f"{cast.slug}-3", f"{cast.slug}-4"]

    async def test_two_at_once_get_two(self, asking, cast):
        name = {"name": f"Twin {cast.slug}"}
        answers = await asyncio.gather(
            *(asking(member).post("/organizations", json=name) for member in (cast.ben, cast.eve))
        )
        assert {answer.json()["slug"] for answer in answers} == {f"twin-{cast.slug}", f"twin-{cast.slug}-2"}

    @pytest.mark.parametrize("new", [{}, {"name": " "}, {"name": "x" * 81}, {"name": "x", "slug": "y"}], ids=str)
    async def test_what_does_not_fit_is_refused(self, asking, cast, new):
        assert (await asking(cast.eve).post("/organizations", json=new)).status_code == 422

    async def test_nobody_cannot(self, asking):
        assert (await asking().post("/organizations", json={"name": "X"})).status_code == 401


class TestList:
    """GET /organizations."""

    async def test_one_sees_ones_own(self, asking, cast):
        listed = (await asking(cast.ben).get("/organizations")).json()
        assert [(organization["slug"], organization["role"]) for organization in listed] == [(cast.slug, "member")]

    async def test_not_those_that_one_left(self, asking, cast):
        ben = asking(cast.ben)
        await ben.delete(f"/organizations/{cast.slug}/members/me")
        assert (await ben.get("/organizations")).json() == []

    async def test_nobody_has_none(self, asking):
        assert (await asking().get("/organizations")).status_code == 401


class TestGetAndRename:
    """GET and PATCH /organizations/{organization}."""

    @pytest.mark.parametrize(
        ("caller", "reads", "renames"),
        [
            (None, 401, 401),
            ("eve", 404, 404),
            ("gus", 200, 403),
            ("ben", 200, 403),
            ("max", 200, 403),
            ("dia", 200, 200),
            ("ada", 200, 200),
        ],
    )
    async def test_who_may(self, asking, cast, caller, reads, renames):
        client = asking(getattr(cast, caller) if caller else None)
        assert (await client.get(f"/organizations/{cast.slug}")).status_code == reads
        answer = await client.patch(f"/organizations/{cast.slug}", json={"name": "Acme Two"})
        assert answer.status_code == renames
        name = (await asking(cast.ada).get(f"/organizations/{cast.slug}")).json()["name"]
        assert name == ("Acme Two" if renames == 200 else "Acme Robotics")

    async def test_its_address_stays(self, asking, cast):
        answer = await asking(cast.ada).patch(f"/organizations/{cast.slug}", json={"name": "Quite Another"})
        assert answer.json()["slug"] == cast.slug

    async def test_the_database_says_no_as_well(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            statement = text("update dfworx.organizations set name = 'mine' where id = :id")
            assert (await tx.run(statement, {"id": cast.acme})).rowcount == 0
