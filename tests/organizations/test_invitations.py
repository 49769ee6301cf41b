"""Invitations: make, list, revoke."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.core import ids
from dfworx.infra.settings import settings

pytestmark = pytest.mark.anyio

WHO_MAY = [(None, 401), ("eve", 404), ("gus", 403), ("ben", 403), ("max", 403), ("dia", 200), ("ada", 200)]


def _url(cast, id_=None):
    return f"/organizations/{cast.slug}/invitations" + (f"/{id_}" if id_ else "")


def _as(asking, cast, caller):
    return asking(getattr(cast, caller) if caller else None)


class TestInvite:
    """POST."""

    async def test_the_link_is_shown_this_once_and_kept_as_a_hash(self, asking, cast, admin):
        made = (await asking(cast.ada).post(_url(cast), json={})).json()
        assert made["link"] == f"{settings().origin}/join/{made['token']}"
        assert made["invitation"]["role"] == "member"
        kept = admin.execute(
            text("select token_hash from dfworx.invitations where id = :id"), {"id": made["invitation"]["id"]}
        )
        assert made["token"] not in str(kept.scalar())
        listed = (await asking(cast.ada).get(_url(cast))).text
        assert made["token"] not in listed
        assert "hash" not in listed

    async def test_it_lasts_as_long_and_as_often_as_asked_for(self, asking, cast):
        made = (await asking(cast.ada).post(_url(cast), json={"days": 3, "max_uses": 20})).json()["invitation"]
        ends = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=2, hours=23) < ends <= timedelta(days=3)
        assert (made["max_uses"], made["uses"], made["is_valid"]) == (20, 0, True)

    @pytest.mark.parametrize(("caller", "status"), WHO_MAY)
    async def test_who_may(self, asking, cast, caller, status):
        answer = await _as(asking, cast, caller).post(_url(cast), json={})
        assert answer.status_code == (201 if status == 200 else status)

    @pytest.mark.parametrize(
        ("caller", "role", "status"), [("dia", "owner", 403), ("dia", "admin", 201), ("ada", "owner", 201)]
    )
    async def test_only_owners_invite_owners(self, asking, cast, caller, role, status):
        assert (await _as(asking, cast, caller).post(_url(cast), json={"role": role})).status_code == status

    @pytest.mark.parametrize(
        "new", [{"days": 0}, {"days": 91}, {"max_uses": 0}, {"max_uses": 1001}, {"role": "system"}], ids=str
    )
    async def test_what_does_not_fit_is_refused(self, asking, cast, new):
        answer = await asking(cast.ada).post(_url(cast), json=new)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, list(new))

    @pytest.mark.parametrize(("caller", "role"), [("dia", "owner"), ("ben", "guest"), ("eve", "guest")])
    async def test_the_database_says_no_as_well(self, acting_as, cast, caller, role):
        statement = text(
            "insert into dfworx.invitations"
            " (id, created_at, organization_id, token_hash, role, expires_at, max_uses, uses)"
            " values (:id, now(), :organization, :hash, :role, now() + interval '1 day', 1, 0)"
        )
        values = {"id": ids.new_id(), "organization": cast.acme, "hash": ids.new_id().hex, "role": role}
        with pytest.raises(DBAPIError, match="row-level security"):
            async with acting_as(getattr(cast, caller)) as tx:
                await tx.run(statement, values)


class TestList:
    """GET."""

    @pytest.mark.parametrize(("caller", "status"), WHO_MAY)
    async def test_who_may(self, asking, cast, caller, status):
        await asking(cast.ada).post(_url(cast), json={})
        answer = await _as(asking, cast, caller).get(_url(cast))
        assert answer.status_code == status
        assert status != 200 or len(answer.json()) == 1

    async def test_the_newest_comes_first(self, asking, cast):
        for role in ("guest", "member", "admin"):
            await asking(cast.ada).post(_url(cast), json={"role": role})
        listed = (await asking(cast.ada).get(_url(cast))).json()
        assert [invitation["role"] for invitation in listed] == ["admin", "member", "guest"]


class TestRevoke:
    """DELETE."""

    @pytest.mark.parametrize(("caller", "status"), WHO_MAY)
    async def test_who_may(self, asking, cast, caller, status):
        made = (await asking(cast.ada).post(_url(cast), json={})).json()
        answer = await _as(asking, cast, caller).delete(_url(cast, made["invitation"]["id"]))
        assert answer.status_code == (204 if status == 200 else status)
        looked = await asking().get(f"/invitations/{made['token']}")
        assert looked.status_code == (404 if status == 200 else 200)

    async def test_twice_changes_nothing(self, asking, cast):
        made = (await asking(cast.ada).post(_url(cast), json={})).json()
        for _ in range(2):
            assert (await asking(cast.ada).delete(_url(cast, made["invitation"]["id"]))).status_code == 204

    async def test_another_organizations_is_not_found(self, asking, cast):
        made = (await asking(cast.ada).post(_url(cast), json={})).json()
        other = f"/organizations/{cast.eve.slug}/invitations/{made['invitation']['id']}"
        assert (await asking(cast.eve).delete(other)).status_code == 404
