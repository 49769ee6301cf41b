"""What the operator's pages show: their states are asked as a page asks them, without a browser."""

import pytest
from sqlalchemy import text

from dfworx.admin.state_audit import AdminAudit
from dfworx.admin.state_health import AdminHealth
from dfworx.admin.state_jobs import AdminJobs
from dfworx.admin.state_overview import AdminOverview, OrganizationOverview
from dfworx.admin.state_person import AdminPerson
from dfworx.admin.state_settings import AdminSettings
from dfworx.audit import service as audit
from dfworx.core.actor import Actor
from dfworx.infra.settings import change
from dfworx.ui.identity import Caller, caller
from tests.admin.conftest import imported, on_server

pytestmark = pytest.mark.anyio


@pytest.fixture
def at():
    """`at(actor, "/admin/jobs")`: who is where in this test."""
    kept = []

    def go(actor: Actor, path: str) -> None:
        kept.append(caller.set(Caller(actor, None, path)))

    yield go
    caller.set(Caller())


async def run(state, handler: str, *arguments):
    """Call a handler of a page."""
    return await type(state).event_handlers[handler].fn(state, *arguments)


async def test_the_audit_has_words_and_links_that_narrow_it(asking, cast, at, acting_as):
    await asking(cast.dia).patch(
        f"/organizations/{cast.slug}/members/{cast.ben.membership_id}", json={"role": "moderator"}
    )
    await asking(cast.ben).patch(f"/organizations/{cast.slug}", json={"name": "Ben's"})
    await audit.keeper.write()
    at(cast.ada.actor, f"/o/{cast.slug}/admin/audit")
    state = AdminAudit()
    await run(state, "load")
    refused, changed = state.rows
    assert (changed["what"], changed["actor"]) == ("Role changed", "Dia Marsh")
    assert changed["actor_to"] == f"/o/{cast.slug}/admin/audit?user_id={cast.dia.user_id}"
    assert (refused["denied"], refused["actor"]) == ("forbidden", "Ben Okafor")
    assert state.copy == f"/api/v1/organizations/{cast.slug}/audit/export?format="
    at(cast.ada.actor, changed["actor_to"])
    await run(state, "load")
    assert [row["what"] for row in state.rows] == ["Role changed"]
    assert state.copy.endswith(f"?user_id={cast.dia.user_id}&format=")


async def test_a_persons_page_shows_what_happened_lately_by_or_about_them(asking, cast, at, nina, acting_as):
    theirs = f"/organizations/{cast.slug}"
    await asking(cast.dia).patch(f"{theirs}/members/{cast.ben.membership_id}", json={"role": "moderator"})
    await asking(cast.dia).patch(f"{theirs}/members/{cast.cy.membership_id}", json={"role": "moderator"})
    await asking(cast.ben).patch("/account", json={"name": "Ben O."})
    await asking(cast.ben).patch(theirs, json={"name": "Ben's"})
    await audit.keeper.write()
    at(cast.ada.actor, f"/o/{cast.slug}/admin/people/{cast.ben.user_id}")
    state = AdminPerson()
    await run(state, "load")
    shown = [(row["what"], row["actor"], bool(row["denied"])) for row in state.events]
    assert ("PATCH /organizations/{organization}", "Ben O.", True) in shown
    assert shown[-1] == ("Role changed", "Dia Marsh", False)
    assert len([row for row in shown if row[0] == "Role changed"]) == 1
    assert state.person["by_to"] == f"/o/{cast.slug}/admin/audit?user_id={cast.ben.user_id}"
    assert state.person["about_to"] == f"/o/{cast.slug}/admin/audit?about={cast.ben.membership_id}"
    at(on_server(nina), f"/admin/people/{cast.ben.user_id}")
    await run(state, "load")
    assert {"Role changed", "Person renamed"} <= {row["what"] for row in state.events}
    assert not any(row["details"] for row in state.events if row["what"] == "Role changed")


async def test_the_overviews_draw_their_charts(cast, at, nina, acting_as, admin):
    at(on_server(nina), "/admin")
    state = AdminOverview()
    await run(state, "load")
    for span in ("hour", "month", "ever"):
        await run(state, "choose", span)
    assert (len(state.charts), state.span) == (8, "day")
    at(cast.ada.actor, f"/o/{cast.slug}/admin")
    organization = OrganizationOverview()
    await run(organization, "load")
    assert "<title>Messages a day</title>" in organization.charts[0]


async def test_the_overviews_say_what_needs_somebody(cast, at, nina, acting_as, admin):
    imported(admin, cast.acme)
    at(cast.dia.actor, f"/o/{cast.slug}/admin")
    organization = OrganizationOverview()
    await run(organization, "load")
    assert [(each["says"], each["to"]) for each in organization.attention] == [
        ("an import has failed", f"/o/{cast.slug}/admin/imports")
    ]
    at(on_server(nina), "/admin")
    server = AdminOverview()
    await run(server, "load")
    owners = f"/admin/people?organization_id={cast.acme}&role=owner"
    assert owners in [each["to"] for each in server.attention]


async def test_health_is_shown_the_worst_first(at, nina, acting_as):
    at(on_server(nina), "/admin/health")
    state = AdminHealth()
    await run(state, "load")
    assert {"fail", "warn", "ok"} >= {finding["level"] for finding in state.findings}
    assert state.release["migration"]


async def test_a_dead_job_is_retried_from_its_row(at, nina, acting_as, admin):
    admin.execute(text("delete from jobs.procrastinate_jobs"))
    dead = admin.execute(
        text("insert into jobs.procrastinate_jobs (queue_name, task_name, args, status) values"
             " ('x', 'x.y', '{\"payload\": {}}', 'failed') returning id")
    ).scalar_one()  # fmt: skip
    at(on_server(nina), "/admin/jobs?status=failed")
    state = AdminJobs()
    await run(state, "load")
    assert [row["status"] for row in state.rows] == ["dead"]
    await run(state, "ask_discard", str(dead), "x.y")
    await run(state, "retry", str(dead))
    assert (state.rows, state.queue["dead"]) == ([], "0")
    await run(state, "discard", {})
    assert admin.execute(text("select count(*) from jobs.procrastinate_jobs")).scalar_one() == 0


async def test_a_setting_says_what_is_wrong_beside_it(at, nina, acting_as, admin):
    at(on_server(nina), "/admin/settings")
    state = AdminSettings()
    await run(state, "load")
    assert not [row for row in state.changeable if row["source"] == "environment"]
    await run(state, "save", {"setting": "session_days", "value": "0"})
    assert (state.wrong, bool(state.problem)) == ("session_days", True)
    await run(state, "save", {"setting": "session_days", "value": "45"})
    (row,) = [row for row in state.changeable if row["name"] == "session_days"]
    assert (row["value"], row["from"], state.wrong) == ("45", "changed here", "")
    await run(state, "reset_setting", "session_days")
    (row,) = [row for row in state.changeable if row["name"] == "session_days"]
    assert (row["value"], row["from"]) == ("90", "the default")
    admin.execute(text("delete from dfworx.changed_settings"))
    change({})
