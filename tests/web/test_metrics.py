"""/metrics: who may read it, and what stands in it."""

import pytest

from dfworx.infra import metrics
from dfworx.infra.settings import settings
from tests.people import SECRET

pytestmark = pytest.mark.anyio
TOKEN = "a token for figures 4711"


def value(name: str, **labels: str) -> float:
    """What a figure is at the moment."""
    return metrics.registry.get_sample_value(f"dfworx_{name}", labels) or 0.0


def here() -> str:
    """Its address."""
    return f"{settings().origin}/metrics"


async def test_this_machine_may(asking):
    answer = await asking().get(here())
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    for name in ("dfworx_requests_total", "dfworx_live_sockets", "dfworx_outbox_entries", 'dfworx_jobs{state="dead"}',
                 "dfworx_build_info", "dfworx_database_up 1.0", "dfworx_process_resident_bytes"):  # fmt: skip
        assert name in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
async def test_a_proxy_on_this_machine_asks_for_somebody_else(asking, header):
    assert (await asking().get(here(), headers={header: "192.0.2.1"})).status_code == 404


async def test_whoever_has_the_token_may(asking, configured):
    configured(METRICS_TOKEN=TOKEN)
    far = {"X-Forwarded-For": "192.0.2.1"}
    answers = [await asking().get(here(), headers=far | {"Authorization": f"Bearer {t}"}) for t in (TOKEN, "guess")]
    assert [answer.status_code for answer in answers] == [200, 401]


async def test_without_a_token_none_is_right(asking):
    headers = {"X-Forwarded-For": "192.0.2.1", "Authorization": "Bearer "}
    assert (await asking().get(here(), headers=headers)).status_code == 404


async def test_a_request_counts_under_its_route(asking, cast):
    labels = {"method": "GET", "route": "/api/v1/organizations/{organization}/members", "status": "200"}
    before = value("requests_total", **labels)
    await asking(cast.ada).get(f"/organizations/{cast.slug}/members")
    assert value("requests_total", **labels) == before + 1


async def test_what_callers_make_up_makes_no_new_figures(asking, cast):
    for path in ("/api/v1/nothing", "/api/v1/nothing/else", "/nothing", "/nothing/else"):
        await asking().request("BREW", settings().origin + path)
    text = (await asking().get(here())).text
    assert "nothing" not in text
    assert "BREW" not in text


async def test_attempts_to_sign_in_are_counted(asking, cast, has_password):
    has_password(cast.ben)
    before = value("sign_ins_total", outcome="failed"), value("sign_ins_total", outcome="succeeded")
    for password in ("not it at all", SECRET):
        await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": password})
    after = value("sign_ins_total", outcome="failed"), value("sign_ins_total", outcome="succeeded")
    assert after == (before[0] + 1, before[1] + 1)


async def test_transactions_are_counted_by_how_they_end(acting_as, cast):
    before = value("transactions_total", outcome="rolled back")
    with pytest.raises(ZeroDivisionError):
        async with acting_as(cast.ben):
            raise ZeroDivisionError
    assert value("transactions_total", outcome="rolled back") == before + 1
