"""The operator's verbs: jobs, settings, figures; each by who may, and what it leaves behind."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dfworx.core import clock
from dfworx.infra import changed_settings, jobs, samples
from dfworx.infra.settings import change, settings
from tests.infra.test_jobs import Knocked, knock, work_for

pytestmark = pytest.mark.anyio

MINUTES = text(
    """insert into dfworx.samples
       select 'minute', date_trunc('hour', now()) - make_interval(mins => n), 'x', 5, 9, 2, 10, 1, n, 2 * n,
         0, 0, 0, 0.5
       from generate_series(1, 59) n"""
)


@pytest.fixture
def operator(cast, admin):
    """Cy looks after the server."""
    admin.execute(text("update dfworx.users set is_server_admin = true where id = :id"), {"id": cast.cy.user_id})
    yield cast.cy
    admin.execute(text("update dfworx.users set is_server_admin = false where id = :id"), {"id": cast.cy.user_id})


async def done_by(asking, operator):
    """What the audit has of the operator's."""
    items = (await asking(operator).get("/admin/audit", params={"user_id": str(operator.user_id)})).json()["items"]
    return [(item["name"], {k: v for k, v in item["details"].items() if k != "job_id"}) for item in items]


class TestJobs:
    """…/admin/jobs."""

    @pytest.fixture
    async def dead(self, acting_as, cast, admin, monkeypatch):
        """A job that has died, by its id."""

        async def answer(event: Knocked) -> None:
            raise RuntimeError(f"no answer for {event.who} at smtp://app:hunter22@mail")

        monkeypatch.setattr(jobs, "declared", [jobs.Declared("tests.answer", Knocked, answer)])
        monkeypatch.setattr(jobs, "ATTEMPTS", 1)
        admin.execute(text("delete from jobs.procrastinate_jobs"))
        await knock(acting_as, cast.ben, "Ben")
        await work_for(1)
        yield admin.execute(text("select id from jobs.procrastinate_jobs")).scalar_one()
        admin.execute(text("delete from jobs.procrastinate_jobs"))

    async def test_a_dead_one_says_why_and_nothing_of_what_it_carries(self, asking, operator, dead):
        (job,) = (await asking(operator).get("/admin/jobs", params={"status": "failed"})).json()["items"]
        assert (job["id"], job["name"], job["attempts"]) == (dead, "tests.answer", 1)
        assert job["error"] == "RuntimeError: no answer for Ben at smtp://app:[…]@mail"
        assert "payload" not in job
        assert (await asking(operator).get("/admin/queue")).json()["dead"] == 1

    async def test_it_is_retried_and_discarded_once_and_both_are_audited(self, asking, operator, dead):
        client = asking(operator)
        answers = [
            await client.put(f"/admin/jobs/{dead}/retry"),
            await client.put(f"/admin/jobs/{dead}/retry"),
            await client.delete(f"/admin/jobs/{dead}"),
            await client.delete(f"/admin/jobs/{dead}"),
        ]
        assert [answer.status_code for answer in answers] == [204, 404, 204, 404]
        assert await done_by(asking, operator) == [
            ("admin.JobDiscarded", {"job": "tests.answer"}),
            ("admin.JobRetried", {"job": "tests.answer"}),
        ]


class TestSettings:
    """…/admin/settings."""

    @pytest.fixture(autouse=True)
    def as_before(self, admin):
        yield
        admin.execute(text("delete from dfworx.changed_settings"))
        change({})

    async def _of(self, asking, operator, name):
        return next(s for s in (await asking(operator).get("/admin/settings")).json() if s["name"] == name)

    async def test_one_that_is_changed_holds_and_says_where_it_comes_from(self, asking, operator):
        answer = await asking(operator).put("/admin/settings/registration", json={"value": "open"})
        assert (answer.status_code, answer.json()["value"]) == (200, "open")
        await changed_settings.load()
        assert settings().registration == "open"
        seen = await self._of(asking, operator, "registration")
        assert (seen["value"], seen["source"], seen["default"]) == ("open", "changed", "invitation")
        (event,) = await done_by(asking, operator)
        assert event == ("admin.SettingChanged", {"setting": "registration", "was": "invitation", "value": "open"})

    async def test_it_can_be_had_back(self, asking, operator):
        await asking(operator).put("/admin/settings/session_days", json={"value": "7"})
        await changed_settings.load()
        assert (await asking(operator).delete("/admin/settings/session_days")).status_code == 204
        await changed_settings.load()
        assert settings().session_days == 90
        assert (await asking(operator).delete("/admin/settings/session_days")).status_code == 404

    @pytest.mark.parametrize(
        ("name", "value"), [("session_days", "0"), ("session_days", "many"), ("rate_write", "often"),
                            ("registration", "closed"), ("log_level", "loud")]
    )  # fmt: skip
    async def test_the_rules_are_those_of_the_environment(self, asking, operator, name, value):
        answer = await asking(operator).put(f"/admin/settings/{name}", json={"value": value})
        assert (answer.status_code, list(answer.json()["errors"])) == (422 if name != "rate_write" else 409, [
            "value"] if name != "rate_write" else [])  # fmt: skip  # the tests' environment gives it

    async def test_what_the_environment_gives_wins(self, asking, operator, configured):
        await asking(operator).put("/admin/settings/registration", json={"value": "open"})
        configured(REGISTRATION="invitation")
        await changed_settings.load()
        assert settings().registration == "invitation"
        answer = await asking(operator).put("/admin/settings/registration", json={"value": "open"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:dfworx:problem:setting-is-given")

    @pytest.mark.parametrize("name", ["secret", "database_url", "env", "nothing"])
    async def test_others_cannot_be_changed(self, asking, operator, name):
        assert (await asking(operator).put(f"/admin/settings/{name}", json={"value": "x"})).status_code == 404

    async def test_no_secret_is_shown(self, asking, operator):
        text_ = (await asking(operator).get("/admin/settings")).text
        assert settings().secret not in text_
        seen = await self._of(asking, operator, "secret")
        assert (seen["value"], seen["is_secret"], seen["source"]) == ("is set", True, "environment")

    async def test_what_another_release_has_stored_is_let_be(self, admin):
        admin.execute(text("insert into dfworx.changed_settings values ('session_days', 'forever', now()),"
                           " ('secret', 'x', now()), ('gone', 'x', now())"))  # fmt: skip
        await changed_settings.load()
        assert settings().session_days == 90


class TestFigures:
    """…/admin/figures."""

    @pytest.fixture(autouse=True)
    def none_before(self, admin):
        admin.execute(text("delete from dfworx.samples"))
        yield
        admin.execute(text("delete from dfworx.samples"))

    async def test_a_minute_is_kept_with_what_came_in_it(self, asking, cast, operator):
        before = samples.counted()
        for _ in range(3):
            await asking(cast.ada).get(f"/organizations/{cast.slug}/members")
        now = clock.now()
        await samples.write(now, samples.counted().since(before))
        await samples.write(now, samples.counted().since(before))  # a second one in a minute changes nothing
        (point,) = (await asking(operator).get("/admin/figures", params={"span": "hour"})).json()
        assert point["requests"] == 3
        assert point["p95_ms"] >= point["p50_ms"] > 0
        assert 0 < point["disk_used"] < 1
        assert point["people"] >= 7

    async def test_hours_stay_when_minutes_go(self, asking, operator, admin):
        admin.execute(MINUTES)
        await samples.write(clock.now() - timedelta(hours=40), samples.Counted())
        hours = (await asking(operator).get("/admin/figures", params={"span": "month"})).json()
        assert sum(hour["requests"] for hour in hours) == 590
        assert [hour["p50_ms"] for hour in hours] == [30.0]
        oldest = admin.execute(text("select min(at) > now() - interval '25 hours' from dfworx.samples")).scalar_one()
        assert oldest

    async def test_an_organizations_days(self, asking, cast, acting_as):
        await asking(cast.ben).post(
            f"/organizations/{cast.slug}/threads/{cast.offers}/messages", json={"source": "private"}
        )
        for member, seen in ((cast.ada, 1), (cast.dia, 0)):
            days = (await asking(member).get(f"/organizations/{cast.slug}/admin/figures")).json()
            assert (len(days), days[-1]["messages"], days[-1]["people"]) == (30, seen, 6)

    def test_a_share_of_the_requests_is_read_from_the_buckets(self):
        buckets = {0.01: 50.0, 0.1: 100.0, float("inf"): 100.0}
        assert [samples.quantile(buckets, share) for share in (0.25, 0.5, 0.75)] == [5.0, 10.0, 55.0]
        assert samples.quantile({}, 0.5) is None


class TestHealth:
    """GET /admin/health."""

    async def test_it_says_what_the_doctor_finds_the_worst_first(self, asking, operator):
        seen = (await asking(operator).get("/admin/health")).json()
        levels = [finding["level"] for finding in seen["findings"]]
        assert levels == sorted(levels, key=("fail", "warn", "ok").index)
        about = {finding["about"]: finding for finding in seen["findings"]}
        assert about["migrations"]["level"] == "ok"
        assert {"database", "clock", "outbox", "jobs"} <= set(about)
        assert settings().secret not in str(seen)

    async def test_nobody_else_may(self, asking, cast):
        assert (await asking(cast.ada).get("/admin/health")).status_code == 403
