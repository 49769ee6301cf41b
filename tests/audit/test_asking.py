"""What the audit can be asked for, and how it is taken away."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from dfworx.audit import service as audit

pytestmark = pytest.mark.anyio


@pytest.fixture
def serving_admin(cast, admin):
    """Cy looks after the server and administers no organization."""
    admin.execute(text("update dfworx.users set is_server_admin = true where id = :id"), {"id": cast.cy.user_id})
    return cast.cy


def _url(cast, path=""):
    return f"/organizations/{cast.slug}/audit{path}"


async def _happen(asking, cast):
    """Ada renames twice, Dia makes Ben a moderator, Ben is refused."""
    for name in ("One", "Two"):
        await asking(cast.ada).patch(f"/organizations/{cast.slug}", json={"name": name})
    await asking(cast.dia).patch(
        f"/organizations/{cast.slug}/members/{cast.ben.membership_id}", json={"role": "moderator"}
    )
    await asking(cast.ben).patch(f"/organizations/{cast.slug}", json={"name": "Ben's"})
    await audit.keeper.write()


class TestAsk:
    """GET …/audit with a query."""

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["PATCH /organizations/{organization}", "RoleChanged", "OrganizationRenamed", "OrganizationRenamed"]),
            ({"name": "organizations.RoleChanged"}, ["RoleChanged"]),
            ({"user_id": "ada"}, ["OrganizationRenamed", "OrganizationRenamed"]),
            ({"user_id": "dia", "name": "organizations.OrganizationRenamed"}, []),
            ({"about": "ben"}, ["RoleChanged"]),
            ({"outcome": "denied"}, ["PATCH /organizations/{organization}"]),
            ({"since": "2020-01-01", "until": "2020-12-31"}, []),
            ({"since": "2020-01-01", "user_id": "ben"}, ["PATCH /organizations/{organization}"]),
        ],
    )
    async def test_by_whom_about_what_when_and_how_it_ended(self, asking, cast, asked, found):
        await _happen(asking, cast)
        ids = {"user_id": "user_id", "about": "membership_id"}
        params = {k: str(getattr(getattr(cast, v), ids[k])) if k in ids else v for k, v in asked.items()}
        items = (await asking(cast.ada).get(_url(cast), params=params)).json()["items"]
        assert [item["name"].rpartition(".")[2] for item in items] == found

    @pytest.mark.parametrize("asked", [{"user_id": "x"}, {"since": "soon"}, {"outcome": "odd"}, {"nothing": "1"}])
    async def test_what_makes_no_sense_is_named(self, asking, cast, asked):
        answer = await asking(cast.ada).get(_url(cast), params=asked)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, list(asked))

    async def test_a_server_admin_sees_what_was_done_anywhere_and_not_what_it_says(self, asking, cast, serving_admin):
        await _happen(asking, cast)
        params = {"organization_id": str(cast.acme)}
        items = (await asking(serving_admin).get("/admin/audit", params=params)).json()["items"]
        assert [item["actor"] for item in items] == ["Ben Okafor", "Dia Marsh", "Ada Ferreira", "Ada Ferreira"]
        assert {item["organization"] for item in items} == {cast.slug}
        assert [item["details"] for item in items[1:]] == [{}, {}, {}]
        assert items[0]["details"]["refusal"] == "forbidden"

    @pytest.mark.parametrize(
        ("caller", "status"), [(None, 401), ("eve", 403), ("gus", 403), ("ben", 403), ("ada", 403)]
    )
    async def test_nobody_else_does(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        for path in ("/admin/audit", "/admin/audit/export"):
            assert (await client.get(path)).status_code == status


class TestDenied:
    """What was refused."""

    async def _denied(self, asking, cast):
        await audit.keeper.write(everything=True)
        items = (await asking(cast.ada).get(_url(cast), params={"outcome": "denied"})).json()["items"]
        return [(i["actor"], i["name"], i["details"]["refusal"], i["denied_times"]) for i in items]

    async def test_it_is_kept_though_it_was_undone(self, asking, cast):
        await asking(cast.ben).patch(f"/organizations/{cast.slug}", json={"name": "Ben's"})
        denied = ("Ben Okafor", "PATCH /organizations/{organization}", "forbidden", 1)
        assert await self._denied(asking, cast) == [denied]

    async def test_many_in_a_minute_are_one(self, asking, cast):
        ben = asking(cast.ben)
        await ben.patch(f"/organizations/{cast.slug}", json={"name": "Ben's"})
        await audit.keeper.write()
        for _ in range(20):
            await ben.patch(f"/organizations/{cast.slug}", json={"name": "Ben's"})
        await audit.keeper.write()  # not due yet
        assert [times for *_, times in await self._denied(asking, cast)] == [20, 1]

    async def test_a_change_to_what_one_cannot_see_is_one(self, asking, cast):
        cy = asking(cast.cy)
        there = f"/organizations/{cast.slug}/threads/{cast.offers}"
        assert (await cy.patch(there, json={"title": "Mine"})).status_code == 404
        assert (await cy.get(there)).status_code == 404  # looking for it is none
        assert [denied[:3] for denied in await self._denied(asking, cast)] == [
            ("Cy Lindqvist", "PATCH /organizations/{organization}/threads/{thread_id}", "not-found")
        ]

    async def test_a_wrong_password_is_one_about_its_person(self, asking, cast, has_password, admin):
        has_password(cast.ben)
        await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": "not it at all"})
        await audit.keeper.write(everything=True)
        statement = text("select name, user_id, details ->> 'refusal' from dfworx.audit_events where about = :id")
        row = admin.execute(statement, {"id": cast.ben.user_id}).one()
        assert row == ("POST /auth/sessions", None, "bad-credentials")

    async def test_being_asked_to_sign_in_is_none(self, asking, cast, admin):
        await audit.keeper.write(everything=True)
        await asking().patch(f"/organizations/{cast.slug}", json={"name": "Nobody's"})
        assert not audit.keeper.is_waiting

    async def test_a_flood_of_different_ones_is_counted_together(self, asking, cast, admin, monkeypatch):
        from dfworx.audit import service_denials
        from dfworx.core import denials

        monkeypatch.setattr(service_denials, "MOST", 3)
        keeper = service_denials.DenialKeeper()
        for number in range(50):
            keeper.hear(denials.Denial("too-many", "POST /x", address=f"192.0.2.{number}"))
        await keeper.write(everything=True)
        statement = text("select denied_times from dfworx.audit_events where details ->> 'refusal' = 'many'")
        assert admin.execute(statement).scalars().all()[-1] == 47


class TestExport:
    """GET …/audit/export."""

    async def test_as_lines_of_json_over_several_parts(self, asking, cast, monkeypatch):
        monkeypatch.setattr(audit, "EXPORT", 2)
        await _happen(asking, cast)
        answer = await asking(cast.ada).get(_url(cast, "/export"))
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert answer.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
        assert [line["name"] for line in lines][-1] == "organizations.OrganizationRenamed"
        assert len(lines) == 5  # and that it was exported
        assert lines[0]["name"] == "audit.AuditExported"

    async def test_as_csv_that_no_spreadsheet_runs(self, asking, cast):
        await asking(cast.ada).patch(f"/organizations/{cast.slug}", json={"name": "=1+1"})
        answer = await asking(cast.ada).get(_url(cast, "/export"), params={"format": "csv"})
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert rows[0][0] == "id"
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]

    @pytest.mark.parametrize(("caller", "status"), [(None, 401), ("eve", 404), ("ben", 403), ("dia", 200)])
    async def test_who_may(self, asking, cast, caller, status):
        client = asking(getattr(cast, caller) if caller else None)
        assert (await client.get(_url(cast, "/export"))).status_code == status
