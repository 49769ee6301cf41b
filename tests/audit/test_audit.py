"""The audit: what is kept, and who reads it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.audit import service as audit
from dfworx.core.actor import Actor
from dfworx.infra.database import transaction
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import OrganizationChange
from tests.people import SECRET

pytestmark = pytest.mark.anyio


def _url(cast, path="/audit"):
    return f"/organizations/{cast.slug}{path}"


class TestRecord:
    """What is kept."""

    async def test_who_did_what_to_what(self, asking, cast):
        await asking(cast.dia).patch(_url(cast, f"/members/{cast.ben.membership_id}"), json={"role": "moderator"})
        (event,) = (await asking(cast.ada).get(_url(cast))).json()["items"]
        assert (event["name"], event["actor"]) == ("organizations.RoleChanged", "Dia Marsh")
        assert event["about"] == str(cast.ben.membership_id)
        assert (event["details"]["was"], event["details"]["member"]["role"]) == ("member", "moderator")

    async def test_leaving_is_told_by_who_left(self, asking, cast):
        await asking(cast.ben).delete(_url(cast, "/members/me"))
        (event,) = (await asking(cast.ada).get(_url(cast))).json()["items"]
        assert (event["name"], event["actor"]) == ("organizations.MemberLeft", "Ben Okafor")

    async def test_the_system_signs_as_the_system(self, asking, cast):
        async with transaction(Actor.system(cast.acme)) as tx:
            await organizations.rename(tx, OrganizationChange(name="Acme Two"))
        (event,) = (await asking(cast.ada).get(_url(cast))).json()["items"]
        assert (event["name"], event["actor"], event["user_id"]) == (
            "organizations.OrganizationRenamed",
            "system",
            None,
        )

    async def test_what_was_undone_was_never_kept(self, asking, cast):
        await asking(cast.ada).delete(_url(cast, "/members/me"))
        assert (await asking(cast.ada).get(_url(cast))).json()["items"] == []

    async def test_an_event_that_its_row_already_tells_is_not_kept(self, asking, cast, admin):
        await asking(cast.ben).patch("/account", json={"name": "Benjamin"})
        statement = text("select name from dfworx.audit_events where user_id = :id")
        assert admin.execute(statement, {"id": cast.ben.user_id}).scalars().all() == ["accounts.PersonRenamed"]

    async def test_what_a_person_does_to_the_own_account_is_in_no_organization(self, asking, cast, has_password, admin):
        has_password(cast.ben)
        await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": SECRET})
        assert (await asking(cast.ada).get(_url(cast))).json()["items"] == []
        statement = text("select organization_id, details ->> 'address' from dfworx.audit_events where user_id = :id")
        assert admin.execute(statement, {"id": cast.ben.user_id}).one() == (None, "127.0.0.1")

    async def test_no_token_is_kept(self, asking, cast, admin):
        token = (await asking(cast.ada).post(_url(cast, "/invitations"), json={})).json()["token"]
        kept = str(admin.execute(text("select json_agg(details) from dfworx.audit_events")).scalar())
        assert token not in kept
        assert "'token':" not in str(
            admin.execute(
                text("select json_agg(details) from dfworx.audit_events where organization_id = :o"), {"o": cast.acme}
            ).scalar()
        )


class TestPage:
    """GET /organizations/{organization}/audit."""

    @pytest.mark.parametrize(
        ("caller", "status"),
        [(None, 401), ("eve", 404), ("gus", 403), ("ben", 403), ("max", 403), ("dia", 200), ("ada", 200)],
    )
    async def test_who_may(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        assert (await client.get(_url(cast))).status_code == status

    async def test_pages_follow_each_other_the_newest_first(self, asking, cast, monkeypatch):
        monkeypatch.setattr(audit, "PAGE", 2)
        ada = asking(cast.ada)
        for name in ("One", "Two", "Three"):
            await ada.patch(_url(cast, ""), json={"name": name})
        first = (await ada.get(_url(cast))).json()
        second = (await ada.get(_url(cast), params={"before": first["next"]})).json()
        names = [event["details"]["organization"]["name"] for page in (first, second) for event in page["items"]]
        assert (names, second["next"]) == (["Three", "Two", "One"], None)

    async def test_a_damaged_cursor_is_named(self, asking, cast):
        assert (await asking(cast.ada).get(_url(cast), params={"before": "xx"})).status_code == 422

    async def test_another_organizations_is_not_shown(self, asking, cast):
        await asking(cast.ada).patch(_url(cast, ""), json={"name": "Acme Two"})
        eves = await asking(cast.eve).get(f"/organizations/{cast.eve.slug}/audit")
        assert eves.json()["items"] == []


class TestAppendOnly:
    """The database keeps it."""

    @pytest.mark.parametrize(
        "statement", ["update dfworx.audit_events set name = 'x'", "delete from dfworx.audit_events"]
    )
    async def test_nothing_can_be_changed_or_deleted(self, acting_as, cast, statement):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with acting_as(cast.ada) as tx:
                await tx.run(text(statement))

    async def test_nobody_writes_in_another_ones_name(self, acting_as, cast):
        statement = text(
            "insert into dfworx.audit_events (id, created_at, user_id, name, details)"
            " values (gen_random_uuid(), now(), :id, 'x', '{}')"
        )
        with pytest.raises(DBAPIError, match="row-level security"):
            async with acting_as(cast.ben) as tx:
                await tx.run(statement, {"id": cast.ada.user_id})
