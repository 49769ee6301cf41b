"""nginx in front of two servers, with the configuration that is shipped: the real one, over TLS."""

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import httpx
import psutil
import pytest
from sqlalchemy import Connection, text

from dfworx.infra import frontend, serving
from dfworx.infra.settings import Settings
from dfworx.web import headers
from tests.cast import Cast
from tests.deploy import rolling
from tests.deploy.rolling import client
from tests.deploy.site import Site, opened
from tests.tabs import Tab

pytestmark = [pytest.mark.anyio, pytest.mark.embedded, pytest.mark.timeout(180), pytest.mark.xdist_group("site")]


@pytest.fixture(scope="module")
def site(environment: None) -> Iterator[Site]:
    """One for all tests here."""
    with opened() as site:
        yield site


def path(cast: Cast, rest: str = "messages") -> str:
    """An address of the thread about retries."""
    return f"/api/v1/organizations/{cast.slug}/threads/{cast.retries}/{rest}"


async def until(seen: Callable[[], Awaitable[object]]) -> None:
    """Ask again and again."""
    async with asyncio.timeout(30):
        while True:
            if await seen():
                return
            await asyncio.sleep(0.05)


def lines(site: Site) -> list[dict[str, object]]:
    """The access log."""
    return [json.loads(line) for line in (site.folder / "access.log").read_text().splitlines()]


async def test_plain_http_is_sent_to_https(site: Site):
    async with httpx.AsyncClient() as asking:
        answer = await asking.get(f"http://127.0.0.1:{site.plain_port}/o/acme?a=b")
    assert (answer.status_code, answer.headers["location"]) == (308, "https://127.0.0.1/o/acme?a=b")


async def test_the_servers_redirects_stay_on_https(site: Site):
    async with client(site) as asking:
        answer = await asking.get("/sign-in")
    assert answer.is_redirect
    assert answer.headers["location"].startswith(f"{site.origin}/sign-in") or answer.headers["location"][0] == "/"


async def test_a_socket_goes_through_it_and_hears_what_others_write(site: Site, cast: Cast):
    page = f"/o/{cast.slug}/t/{cast.retries}"
    async with Tab(site, cast.ada, page, Cookie=site.cookie(cast.ada)) as tab, client(site, cast.ben) as ben:
        await tab.enter()
        for n in range(4):  # both servers have a share
            answer = await ben.post(path(cast), json={"source": f"m{n}", "client_key": str(uuid4())})
            assert answer.status_code == 201
        await tab.until(lambda: len([f for f in tab.frames("messages") if f["op"] == "put"]) == 4)


async def test_both_servers_have_a_share(site: Site, cast: Cast):
    async with client(site, cast.ben) as ben:
        for _ in range(6):
            await ben.get("/api/v1/account")
    assert {f"127.0.0.1:{port}" for port in site.ports} <= {line["server"] for line in lines(site)}


@pytest.mark.parametrize("address", ["/", "/api/v1/account", "/sign-in", "/app.css", "/nowhere", "/metrics"])
async def test_every_answer_has_each_security_header_once(site: Site, address: str):
    async with client(site) as asking:
        answer = await asking.get(address)
    names = [*headers.ALWAYS, "Content-Security-Policy", "Strict-Transport-Security"]
    assert {name: len(answer.headers.get_list(name)) for name in names} == dict.fromkeys(names, 1)
    assert len(answer.headers.get_list("cache-control")) <= 1


async def test_a_built_file_comes_from_the_disk_compressed_and_is_kept_for_ever(site: Site):
    built = min(frontend.BUILT.glob("assets/*.js.gz")).with_suffix("")
    name = f"/assets/{built.name}"
    before = len(lines(site))
    async with client(site) as asking:
        answer = await asking.get(name, headers={"Accept-Encoding": "gzip"})
        plain = await asking.get(name, headers={"Accept-Encoding": "identity"})
        again = await asking.get(name, headers={"If-None-Match": plain.headers["etag"], "Accept-Encoding": "identity"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == plain.content == built.read_bytes()
    assert again.status_code == 304
    for each in (answer, plain, again):
        assert each.headers.get_list("cache-control") == ["public, max-age=31536000, immutable"]
        assert each.headers.get_list("content-security-policy") == [headers.FOR_DATA]
        assert {name: each.headers.get(name) for name in headers.ALWAYS} == headers.ALWAYS
    assert "javascript" in answer.headers["content-type"]
    assert len(lines(site)) == before, "no server was asked, and nothing written down"


async def test_a_built_file_that_is_not_there_is_not_kept(site: Site):
    async with client(site) as asking:
        answer = await asking.get("/assets/of-the-release-before-Ab12Cd34.js")
    assert (answer.status_code, answer.headers.get_list("cache-control")) == (404, ["no-store"])


async def test_a_page_that_did_not_change_keeps_its_policy(site: Site):
    async with client(site) as asking:
        page = await asking.get("/")
        again = await asking.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    assert "content-security-policy" not in again.headers


async def test_a_forged_forwarded_for_is_ignored(site: Site, cast: Cast):
    forged = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
    }
    async with client(site, cast.cy) as cy:
        answer = await cy.get("/api/v1/account", headers=forged)
    assert answer.status_code == 200
    said = [*(site.folder / f"server-{port}.log" for port in site.ports), site.folder / "access.log"]
    assert all("203.0.113.9" not in each.read_text() and "198.51.100.7" not in each.read_text() for each in said)
    logged = "".join(each.read_text() for each in said[:2])
    assert '"address": "127.0.0.1"' in logged


async def test_what_opens_doors_is_in_no_log(site: Site, cast: Cast):
    secret = "s3cret-of-a-person"
    async with Tab(site, cast.ada, "/", token=f"{secret}-socket", Cookie=site.cookie(cast.ada)), client(site) as asking:
        await asking.get(f"/api/v1/account?token={secret}", headers={"Referer": f"{site.origin}/join/{secret}"})
        for each in ("join", "verify", "reset-password", "%6Aoin", "api/v1/invitations"):
            await asking.get(f"/{each}/{secret}")
        await asking.put(f"/api/v1/invitations/{secret}/acceptance")
    assert secret not in site.written()
    assert "/join/…" in site.written()


async def test_one_id_stands_in_the_lines_of_both(site: Site, cast: Cast):
    async with client(site, cast.ben) as ben:
        own = await ben.get("/api/v1/account", headers={"X-Request-ID": "the-one-that-ben-chose"})
        other = (await ben.get("/api/v1/account")).headers["x-request-id"]
    assert own.headers["x-request-id"] == "the-one-that-ben-chose"
    assert {"the-one-that-ben-chose", other} <= {line["correlation_id"] for line in lines(site)}


async def test_metrics_are_not_for_those_outside(site: Site):
    async with client(site) as asking:
        assert [(await asking.get(each)).status_code for each in ("/metrics", "/metrics/")] == [404, 404]
        assert (await asking.get("/api/health")).status_code == 200


async def test_too_large_a_body_is_refused(site: Site, cast: Cast):
    async with client(site, cast.ben) as ben:
        answer = await ben.post(path(cast), json={"source": "x" * 2_000_000, "client_key": str(uuid4())})
    assert answer.status_code == 413


@pytest.mark.parametrize("upload", ["imports?name=a.zip", "decisions/import"])
async def test_an_archive_may_be_larger(site: Site, cast: Cast, upload: str):
    async with client(site, cast.ada) as ada:
        answer = await ada.post(f"/api/v1/organizations/{cast.slug}/{upload}", content=bytes(2_000_000))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:dfworx:problem:not-an-archive")


async def test_a_server_that_leaves_says_so_and_goes_on_with_what_reaches_it(site: Site, cast: Cast):
    port = site.ports[0]
    direct = {"Origin": site.origin, "Cookie": site.cookie(cast.ben), "X-Forwarded-For": "192.0.2.1"}
    for each in psutil.Process(site.servers[port].pid).children(recursive=True):
        if not each.children():
            os.kill(each.pid, signal.SIGUSR1)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=direct) as past, client(site) as asking:

        async def leaves() -> bool:
            return (await past.get("/api/ready")).status_code == 503

        await until(leaves)
        assert (await past.get("/api/v1/account")).status_code == 200
        assert (await past.get("/api/v1/account", headers={"DFWorX-Proxy": "retries"})).status_code == 502
        last = await past.post(path(cast), json={"source": "last", "client_key": str(uuid4())})
        assert (last.status_code, last.headers["connection"]) == (201, "close")
        assert [(await asking.get("/api/ready")).status_code for _ in range(6)] == [200] * 6


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # clients cut off in their handshake
async def test_both_servers_are_replaced_under_load_and_no_request_fails(site: Site, cast: Cast, admin: Connection):
    load = await rolling.roll(site, cast.retries, (cast.ben, cast.ada, cast.cy, cast.dia))
    assert not load.failed
    assert load.read > 20
    stored = text("select source from dfworx.messages where thread_id = :id and source like 'rolling %'")
    assert sorted(admin.scalars(stored, {"id": cast.retries})) == sorted(load.sent)


async def test_a_request_that_has_begun_is_finished(site: Site, cast: Cast, admin: Connection):
    port = site.ports[1]
    hold = admin.engine.connect()
    hold.begin()
    hold.execute(text("select 1 from dfworx.threads where id = :id for update"), {"id": cast.retries})
    direct = {"Origin": site.origin, "Cookie": site.cookie(cast.ben)}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=direct, timeout=30) as past:
        key = str(uuid4())
        asked = asyncio.create_task(past.post(path(cast), json={"source": "patient", "client_key": key}))

        async def waits() -> object:
            return admin.scalar(text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"))

        async def lets_nobody_in() -> bool:
            return serving.status(Settings(host="127.0.0.1", port=port), "/api/health") == 0

        await until(waits)
        server = site.servers.pop(port)
        server.terminate()
        await until(lets_nobody_in)
        assert not asked.done()
        assert server.poll() is None
        hold.rollback()
        hold.close()
        assert (await asked).status_code == 201
    assert await asyncio.to_thread(server.wait, 30) == 0


async def test_without_any_server_the_answer_says_when_to_try_again(site: Site, cast: Cast):
    for port in list(site.servers):
        assert site.stop(port) == 0
    async with client(site, cast.ben) as ben:
        answer = await ben.get("/api/v1/account")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["content-type"] == "application/problem+json"
