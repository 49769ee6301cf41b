"""The log of requests: who asked what, and nothing that opens a door."""

import json

import pytest
from sqlalchemy import text

from dfworx.infra.settings import settings
from dfworx.web import identity
from tests.people import SECRET

pytestmark = pytest.mark.anyio


def lines(capsys, logger="dfworx.access"):
    """What was written since the last look."""
    written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in written if line["logger"] == logger]


async def test_a_request_is_one_line_that_names_its_route_and_not_its_address(asking, cast, capsys):
    client = asking(cast.ben)
    answer = await client.get(f"/organizations/{cast.slug}/threads/{cast.retries}?x=1")
    (line,) = lines(capsys)
    assert line["event"] == "GET /api/v1/organizations/{organization}/threads/{thread_id}"
    assert (line["status"], line["organization"], line["address"]) == (200, cast.slug, "127.0.0.1")
    assert line["user_id"] == str(cast.ben.user_id)
    assert line["correlation_id"] == answer.headers["x-request-id"]
    assert str(cast.retries) not in str(line)
    assert line["ms"] > 0


async def test_a_refused_one_is_said_too(asking, cast, capsys):
    await asking().get(f"/organizations/{cast.slug}/audit")
    (line,) = lines(capsys)
    assert (line["status"], line["method"]) == (401, "GET")
    assert "user_id" not in line


async def test_what_is_asked_all_day_is_left_out(asking, capsys):
    await asking().get(f"{settings().origin}/api/health")
    assert lines(capsys) == []


async def test_no_password_cookie_or_link_is_in_the_log(asking, cast, has_password, capsys, configured, caplog):
    configured(LOG_LEVEL="debug")
    caplog.set_level("DEBUG")
    has_password(cast.ben)
    wrong = "heron window 44 quartz"
    here = f"/organizations/{cast.slug}"
    await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": wrong})
    await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": SECRET})
    form = {"email": cast.ben.email, "password": wrong}
    await asking().post(f"{settings().origin}/auth/sign-in", data=form)
    token = (await asking(cast.ada).post(f"{here}/invitations", json={})).json()["token"]
    await asking(cast.eve).put(f"/invitations/{token}/acceptance")
    await asking().get(f"/invitations/{token}?token={token}")
    reset = (await asking(cast.ada).post(f"{here}/members/{cast.ben.membership_id}/reset-link")).json()["link"]
    await asking().put("/auth/password-resets", json={"token": reset.rpartition("/")[2], "new_password": "short"})
    written = capsys.readouterr().err
    canaries = [wrong, SECRET, token, reset.rpartition("/")[2], identity.token(cast.ada), settings().secret]
    assert "POST /api/v1/auth/sessions" in written
    assert [canary for canary in canaries if canary in written] == []


async def test_the_database_knows_whose_request_a_query_is(acting_as, cast, asking, admin):
    from dfworx.core.correlation import correlation_id

    token = correlation_id.set("trace-77")
    async with acting_as(cast.ben) as tx:
        seen = (await tx.run(text("select current_setting('application_name')"))).scalar()
        others = admin.execute(text("select application_name from pg_stat_activity")).scalars().all()
    correlation_id.reset(token)
    assert seen == "dfworx trace-77"
    assert seen in others


async def test_a_slow_query_is_said_with_its_request_and_without_its_values(
    acting_as, cast, asking, configured, capsys
):
    from dfworx.core.correlation import correlation_id

    configured(SLOW_QUERY_MS=20)
    token = correlation_id.set("trace-78")
    async with acting_as(cast.ben) as tx:
        await tx.run(text("select pg_sleep(0.03), cast(:hidden as text)"), {"hidden": "plain as day"})
    correlation_id.reset(token)
    (line,) = [line for line in lines(capsys, "dfworx.infra.queries") if "pg_sleep" in line["statement"]]
    assert (line["correlation_id"], "plain as day" in str(line)) == ("trace-78", False)
