"""Members: see, change roles, remove, leave."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.core import ids
from dfworx.core.permissions import Role
from dfworx.organizations import policies
from dfworx.organizations import service as organizations
from dfworx.organizations.models import Membership

pytestmark = pytest.mark.anyio

SET_ROLE = text("update dfworx.memberships set role = :role where id = :id")


def _members(cast, nick=None):
    return f"/organizations/{cast.slug}/members" + (f"/{getattr(cast, nick).membership_id}" if nick else "")


@pytest.fixture
def placeholder(admin, cast):
    """An imported author whom nobody has claimed."""
    id_ = ids.new_id()
    statement = text(
        "insert into dfworx.memberships (id, created_at, organization_id, name, role, origin)"
        " values (:id, now(), :organization, 'Zoe Archive', 'guest', 'zulip:7')"
    )
    admin.execute(statement, {"id": id_, "organization": cast.acme})
    return id_


class TestList:
    """GET /organizations/{organization}/members."""

    @pytest.mark.parametrize(
        ("caller", "status", "sees_addresses"),
        [
            (None, 401, False),
            ("eve", 404, False),
            ("gus", 200, False),
            ("ben", 200, False),
            ("max", 200, False),
            ("dia", 200, True),
            ("ada", 200, True),
        ],
    )
    async def test_who_sees_members_and_their_addresses(self, asking, cast, caller, status, sees_addresses):
        answer = await asking(getattr(cast, caller) if caller else None).get(_members(cast))
        assert answer.status_code == status
        if status == 200:
            names = [member["name"] for member in answer.json()["items"]]
            assert names == sorted(names, key=str.lower)
            assert len(names) == 6
            shown = {member["email"] for member in answer.json()["items"]}
            assert (cast.ben.email in shown) == sees_addresses
            assert sees_addresses or shown == {None}

    async def test_pages_follow_each_other(self, asking, cast, monkeypatch):
        monkeypatch.setattr(organizations, "PAGE", 4)
        first = (await asking(cast.ben).get(_members(cast))).json()
        second = (await asking(cast.ben).get(_members(cast), params={"after": first["next"]})).json()
        names = [member["name"] for page in (first, second) for member in page["items"]]
        assert (len(first["items"]), second["next"]) == (4, None)
        assert names == ["Ada Ferreira", "Ben Okafor", "Cy Lindqvist", "Dia Marsh", "Gus Visitor", "Max Stone"]

    async def test_those_who_left_and_imported_authors_come_when_asked_for(self, asking, cast, placeholder):
        await asking(cast.ben).delete(f"{_members(cast)}/me")
        present = {member["name"] for member in (await asking(cast.ada).get(_members(cast))).json()["items"]}
        assert not present & {"Ben Okafor", "Zoe Archive"}
        everyone = (await asking(cast.ada).get(_members(cast), params={"everyone": True})).json()["items"]
        by_name = {member["name"]: member for member in everyone}
        assert by_name["Ben Okafor"]["left_at"]
        assert by_name["Zoe Archive"]["is_placeholder"]

    async def test_one_member_is_found_by_its_id_here_alone(self, asking, cast):
        assert (await asking(cast.ben).get(_members(cast, "ada"))).json()["name"] == "Ada Ferreira"
        assert (await asking(cast.ben).get(f"{_members(cast)}/{cast.eve.membership_id}")).status_code == 404
        assert (await asking(cast.eve).get(_members(cast, "ada"))).status_code == 404
        assert (await asking(cast.ben).get(f"{_members(cast)}/nonsense")).status_code == 422


class TestNames:
    """What other slices ask for."""

    async def test_they_come_by_membership_of_the_organization(self, acting_as, cast):
        asked = {cast.ben.membership_id, cast.eve.membership_id, None}
        async with acting_as(cast.gus) as tx:
            assert await organizations.names(tx, asked) == {cast.ben.membership_id: "Ben Okafor"}
            assert await organizations.names(tx, {None}) == {}


class TestChangeRole:
    """PATCH /organizations/{organization}/members/{member}."""

    @pytest.mark.parametrize(
        ("caller", "status"),
        [(None, 401), ("eve", 404), ("gus", 403), ("cy", 403), ("max", 403), ("dia", 200), ("ada", 200)],
    )
    async def test_who_may(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        answer = await client.patch(_members(cast, "ben"), json={"role": "moderator"})
        assert answer.status_code == status
        role = (await asking(cast.ben).get(f"/organizations/{cast.slug}")).json()["role"]
        assert role == ("moderator" if status == 200 else "member")

    @pytest.mark.parametrize(
        ("caller", "whom", "role", "status"),
        [
            ("dia", "ada", "member", 403),
            ("dia", "ben", "owner", 403),
            ("dia", "dia", "owner", 403),
            ("dia", "ben", "admin", 200),
            ("dia", "dia", "member", 200),
            ("ada", "dia", "owner", 200),
            ("ben", "ben", "owner", 403),
        ],
    )
    async def test_owners_are_owners_business(self, asking, cast, caller, whom, role, status):
        answer = await asking(getattr(cast, caller)).patch(_members(cast, whom), json={"role": role})
        assert answer.status_code == status

    async def test_the_new_role_holds_at_once(self, asking, cast):
        ben = asking(cast.ben)
        change = {"name": "Acme Two"}
        assert (await ben.patch(f"/organizations/{cast.slug}", json=change)).status_code == 403
        await asking(cast.ada).patch(_members(cast, "ben"), json={"role": "admin"})
        assert (await ben.patch(f"/organizations/{cast.slug}", json=change)).status_code == 200
        await asking(cast.ada).patch(_members(cast, "ben"), json={"role": "guest"})
        assert (await ben.patch(f"/organizations/{cast.slug}", json=change)).status_code == 403

    async def test_the_last_owner_stays_one(self, asking, cast):
        answer = await asking(cast.ada).patch(_members(cast, "ada"), json={"role": "admin"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:dfworx:problem:last-owner")

    async def test_of_two_owners_who_go_at_once_one_stays(self, asking, cast):
        await asking(cast.ada).patch(_members(cast, "ben"), json={"role": "owner"})
        answers = await asyncio.gather(
            *(
                asking(getattr(cast, nick)).patch(_members(cast, nick), json={"role": "member"})
                for nick in ("ada", "ben")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    @pytest.mark.parametrize("role", ["system", "king", "", None])
    async def test_there_are_five_roles(self, asking, cast, role):
        answer = await asking(cast.ada).patch(_members(cast, "ben"), json={"role": role})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["role"])

    async def test_an_imported_author_has_none_yet(self, asking, cast, placeholder):
        answer = await asking(cast.ada).patch(f"{_members(cast)}/{placeholder}", json={"role": "member"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:dfworx:problem:unclaimed-author")

    @pytest.mark.parametrize(("caller", "whom"), [("ben", "cy"), ("dia", "ada"), ("eve", "ben")])
    async def test_the_database_finds_nobody_to_change(self, acting_as, cast, caller, whom):
        async with acting_as(getattr(cast, caller)) as tx:
            assert (await tx.run(SET_ROLE, {"role": "guest", "id": getattr(cast, whom).membership_id})).rowcount == 0

    @pytest.mark.parametrize(("caller", "whom"), [("ben", "ben"), ("dia", "ben"), ("dia", "dia")])
    async def test_the_database_lets_only_owners_make_owners(self, acting_as, cast, caller, whom):
        with pytest.raises(DBAPIError, match="row-level security"):
            async with acting_as(getattr(cast, caller)) as tx:
                await tx.run(SET_ROLE, {"role": "owner", "id": getattr(cast, whom).membership_id})


class TestRemove:
    """DELETE /organizations/{organization}/members/{member}."""

    @pytest.mark.parametrize(
        ("caller", "status"),
        [(None, 401), ("eve", 404), ("gus", 403), ("cy", 403), ("max", 403), ("dia", 204), ("ada", 204)],
    )
    async def test_who_may(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        assert (await client.delete(_members(cast, "ben"))).status_code == status
        assert (await asking(cast.ben).get(f"/organizations/{cast.slug}")).status_code == (
            404 if status == 204 else 200
        )

    async def test_what_they_wrote_keeps_their_name(self, asking, acting_as, cast):
        await asking(cast.ada).delete(_members(cast, "ben"))
        async with acting_as(cast.cy) as tx:
            assert await organizations.names(tx, {cast.ben.membership_id}) == {cast.ben.membership_id: "Ben Okafor"}

    async def test_an_administrator_cannot_remove_an_owner(self, asking, cast):
        assert (await asking(cast.dia).delete(_members(cast, "ada"))).status_code == 403

    async def test_twice_is_not_found(self, asking, cast):
        await asking(cast.ada).delete(_members(cast, "ben"))
        assert (await asking(cast.ada).delete(_members(cast, "ben"))).status_code == 404

    async def test_an_imported_author_stays(self, asking, cast, placeholder):
        assert (await asking(cast.ada).delete(f"{_members(cast)}/{placeholder}")).status_code == 409

    async def test_somebody_elses_member_is_not_found(self, asking, cast):
        assert (await asking(cast.ada).delete(f"{_members(cast)}/{cast.eve.membership_id}")).status_code == 404


class TestLeave:
    """DELETE /organizations/{organization}/members/me."""

    @pytest.mark.parametrize("nick", ["gus", "ben", "dia"])
    async def test_anybody_may(self, asking, cast, nick):
        client = asking(getattr(cast, nick))
        assert (await client.delete(f"{_members(cast)}/me")).status_code == 204
        assert (await client.get(f"/organizations/{cast.slug}")).status_code == 404
        assert (await client.get("/account")).status_code == 200

    async def test_the_last_owner_cannot(self, asking, cast):
        answer = await asking(cast.ada).delete(f"{_members(cast)}/me")
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:dfworx:problem:last-owner")
        assert (await asking(cast.ada).get(f"/organizations/{cast.slug}")).status_code == 200

    @pytest.mark.parametrize(("caller", "status"), [(None, 401), ("eve", 404)])
    async def test_who_is_not_in_it_cannot(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        assert (await client.delete(f"{_members(cast)}/me")).status_code == status


class TestPolicies:
    """The rules alone."""

    @pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER, Role.GUEST])
    def test_nobody_but_owners_and_the_system_reaches_owners(self, cast, role):
        owner = Membership(organization_id=cast.acme, name="O", role=Role.OWNER)
        for nick in ("ada", "dia", "max", "ben", "gus"):
            actor = getattr(cast, nick).actor
            allowed = actor.role is Role.OWNER
            assert policies.may_change_role(actor, owner, role) == allowed
            assert policies.may_remove(actor, owner) == allowed
            assert policies.may_grant(actor, Role.OWNER) == allowed
