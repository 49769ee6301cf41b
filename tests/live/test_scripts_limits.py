"""What bounds a script: sockets, topics, words, reading too slowly; each ends or is refused with a reason."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Connection, insert, text
from websockets import ConnectionClosed, connect

from dfworx.api import create_api
from dfworx.live import script, scripts
from dfworx.live.hub import hub
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.threads.events import SomebodyTypes
from dfworx.threads.models import Thread
from dfworx.wiring import bus
from tests.cast import Cast, Member, say
from tests.live.listening import address, bearer, closed, listening, post, told
from tests.people import configured, fresh_limits
from tests.serving import Served

pytestmark = pytest.mark.anyio
__all__ = ["configured", "fresh_limits"]


class Call:
    """A socket of the application in this process: a deaf one takes the first word alone, one that is gone none."""

    def __init__(
        self, app: Any, member: Member, token: str | None = "", *, is_deaf: bool = False, is_gone: bool = False
    ) -> None:
        shown = [] if token is None else [(b"authorization", f"Bearer {token or bearer(member)}".encode())]
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "scheme": "ws", "http_version": "1.1", "root_path": "",
            "path": "/api/v1/live", "raw_path": b"/api/v1/live", "query_string": f"organization={member.slug}".encode(),
            "headers": shown, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "subprotocols": [],
        }  # fmt: skip
        self.is_gone = is_gone
        self.hears = asyncio.Event()
        if not is_deaf:
            self.hears.set()
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.said.put_nowait({"type": "websocket.connect"})
        self.told: list[dict[str, Any]] = []
        self.closed: tuple[int, str] | None = None
        self.task = asyncio.create_task(app(scope, self.said.get, self._take))

    async def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closed = (message["code"], message.get("reason") or "")
        if message["type"] == "websocket.send":
            if self.is_gone:
                raise OSError
            if self.told:
                await self.hears.wait()
            self.told.append(json.loads(message["text"]))

    def say(self, **words: object) -> None:
        """Send one object."""
        self.said.put_nowait({"type": "websocket.receive", "text": json.dumps(words)})

    def types(self) -> list[str]:
        """The kinds of what it was told."""
        return [each["type"] for each in self.told]


@pytest.fixture
async def calling(asking: Callable[..., httpx.AsyncClient]) -> AsyncIterator[Callable[..., Call]]:
    """`calling(cast.ben)` is a socket of Ben's in this process; gone before `asking` takes the database's leave."""
    app, calls = create_api(), []

    def call(member: Member, token: str | None = "", **how: bool) -> Call:
        calls.append(Call(app, member, token, **how))
        return calls[-1]

    delivering = asyncio.create_task(hub.deliver_forever())
    yield call
    for each in calls:
        each.said.put_nowait({"type": "websocket.disconnect", "code": 1001})
    await asyncio.gather(*(each.task for each in calls))
    delivering.cancel()


async def until(seen: Callable[[], object]) -> None:
    """Wait for something to be seen."""
    async with asyncio.timeout(20):
        while not seen():  # noqa: ASYNC110 - it is seen from outside
            await asyncio.sleep(0.01)


def patient(server: Served, member: Member, **how: Any) -> connect:
    """A socket whose answers may take their time."""
    headers = {"Authorization": f"Bearer {bearer(member)}"}
    return connect(address(server, member.slug), additional_headers=headers, proxy=None, **how)


class TestReading:
    """Who reads too slowly is cut off, and nobody else."""

    @pytest.mark.timeout(120)
    async def test_whoever_stops_reading_is_cut_off_while_others_hear(self, server, cast: Cast, admin: Connection):
        say(admin, cast.ada, cast.retries, *["x" * 40_000] * 300)
        where = urlsplit(server.base_url)
        narrow = sockets.socket()
        narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 8_192)
        narrow.connect((where.hostname, where.port))
        narrow.setblocking(False)
        while await self.open_sockets(server):  # noqa: ASYNC110 - the server has them
            await asyncio.sleep(0.1)
        async with listening(server, cast.ben, {"subscribe": f"thread:{cast.retries}"}) as ben:
            await told(ben, "subscribed")
            async with patient(server, cast.cy, sock=narrow, max_queue=1, ping_interval=None) as slow:
                assert json.loads(await slow.recv())["type"] == "ready"
                await slow.send(json.dumps({"subscribe": f"thread:{cast.retries}", "after": 0}))
                while await self.open_sockets(server) > 1:
                    await post(server, cast.ada, cast.retries, "on it goes")
                    assert (await told(ben, "frame"))["item"]["html"].strip() == "<p>on it goes</p>"
                    await asyncio.sleep(0.5)
                read = 0
                with suppress(ConnectionClosed):
                    while json.loads(await slow.recv()):
                        read += 1
                assert 0 < read < 300
                assert (slow.close_code, slow.close_reason) == (1013, "read faster")

    @staticmethod
    async def open_sockets(server: Served) -> float:
        """How many the server has."""
        async with httpx.AsyncClient(trust_env=False) as client:
            lines = (await client.get(f"{server.base_url}/metrics")).text.splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith("dfworx_live_sockets "))

    async def test_what_waits_is_bounded(self, calling, cast: Cast):
        deaf, ben = calling(cast.cy, is_deaf=True), calling(cast.ben)
        for each in (deaf, ben):
            each.say(subscribe=f"thread:{cast.retries}")
        await until(lambda: "subscribed" in ben.types())
        (its,) = [each for each in scripts.wire.scripts.values() if each.socket.actor.user_id == cast.cy.user_id]
        await until(lambda: f"thread:{cast.retries}" in its.heard)
        for n in range(2 * script.MOST_WAITING):
            await self.type(cast, f"name {n}")
            assert its.waiting.qsize() <= script.MOST_WAITING
        await until(lambda: deaf.closed)
        assert deaf.closed == (1013, "read faster")
        assert its.socket.key not in hub.sockets
        assert its not in scripts.wire.scripts.values()
        await until(lambda: ben.closed or ben.types().count("frame") == 2 * script.MOST_WAITING)
        names = [each["item"]["name"] for each in ben.told if each["type"] == "frame"]
        assert (names, ben.closed) == ([f"name {n}" for n in range(2 * script.MOST_WAITING)], None)

    async def type(self, cast: Cast, name: str) -> None:
        """Somebody writes, and whoever reads has heard of it."""
        bus.publish(uuid4(), SomebodyTypes(thread_id=cast.retries, membership_id=cast.ada.membership_id, person=name))
        for _ in range(5):
            await asyncio.sleep(0)

    async def test_much_at_once_cuts_off_nobody_who_reads(self, server, acting_as, cast: Cast):
        async with (
            listening(server, cast.ben, {"subscribe": f"thread:{cast.retries}"}) as ben,
            listening(server, cast.cy, {"subscribe": f"channel:{cast.general}"}) as cy,
        ):
            await told(ben, "subscribed")
            await told(cy, "subscribed")
            async with acting_as(cast.ada) as tx:
                for n in range(450):
                    await messages.post(tx, cast.retries, NewMessage(source=f"m{n}"))
            heard = [(await told(ben, "frame"))["version"] for _ in range(450)]
            grown = [(await told(cy, "frame"))["item"]["last_seq"] for _ in range(450)]
            assert heard == grown == list(range(1, 451))

    async def test_what_waited_while_a_thread_was_left_is_not_told_twice(
        self, calling, asking, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(script, "SLOW", 60.0)
        ben, topic = calling(cast.ben), f"thread:{cast.retries}"
        ben.say(subscribe=topic)
        await until(lambda: "subscribed" in ben.types())
        (waiting,) = [each.waiting for each in scripts.wire.scripts.values()]
        ben.hears.clear()
        await self.write(asking(cast.ada), cast, "one")
        ben.say(unsubscribe=topic)
        await until(lambda: waiting.qsize() == 1)
        await self.write(asking(cast.ada), cast, "two")
        await until(lambda: waiting.qsize() == 2)
        ben.say(subscribe=topic, after=1)
        await until(lambda: waiting.qsize() == 3)
        ben.hears.set()
        await self.write(asking(cast.ada), cast, "three")
        await until(lambda: ben.told[-1].get("version") == 3)
        assert [each["version"] for each in ben.told if each["type"] == "frame"] == [1, 2, 3]

    @staticmethod
    async def write(asking: httpx.AsyncClient, cast: Cast, words: str) -> None:
        """Ada writes, by way of this process."""
        path = f"/organizations/{cast.slug}/threads/{cast.retries}/messages"
        assert (await asking.post(path, json={"source": words})).status_code == 201


class TestTopics:
    """What one socket may follow."""

    async def test_a_hundred_and_not_one_more(self, server, cast: Cast, admin: Connection):
        threads = [
            Thread(place_id=cast.general, title=f"t{n}", organization_id=cast.acme, created_by=cast.ada.membership_id)
            for n in range(101)
        ]
        admin.execute(insert(Thread), [each.model_dump() for each in threads])
        topics = [f"thread:{each.id}" for each in threads]
        async with listening(server, cast.ben) as ben:
            for topic in topics[:25]:
                assert (await self.ask(ben, "subscribe", topic, 0))["type"] == "subscribed"
            for topic in topics[25:100]:
                assert (await self.ask(ben, "subscribe", topic))["type"] == "subscribed"
            refused = await self.ask(ben, "subscribe", topics[100])
            assert (refused["type"], refused["topic"]) == ("refused", topics[100])
            assert refused["problem"]["type"] == "urn:dfworx:problem:too-many-topics"
            assert refused["problem"]["title"] == "One socket follows 100 topics at most."
            assert (await self.ask(ben, "subscribe", topics[0]))["type"] == "subscribed", "it is followed already"
            assert (await self.ask(ben, "unsubscribe", topics[0]))["type"] == "unsubscribed"
            assert (await self.ask(ben, "subscribe", topics[100]))["type"] == "subscribed"

    @staticmethod
    async def ask(socket, verb: str, topic: str, pause: float = 1 / script.RATE) -> dict[str, Any]:
        """Say something, as fast as one may for long, and give the answer."""
        await asyncio.sleep(pause)
        await socket.send(json.dumps({verb: topic}))
        async with asyncio.timeout(10):
            while (answer := json.loads(await socket.recv()))["type"] == "heartbeat":
                pass
        return answer

    @pytest.mark.parametrize("kind", ["user", "session", "token", "present", "imports", "place", "nonsense"])
    async def test_other_kinds_are_refused(self, server, cast: Cast, kind):
        own = {"user": cast.ben.user_id, "session": cast.ben.session_id, "present": cast.ben.membership_id}
        topic = f"{kind}:{own.get(kind, cast.general)}"
        async with listening(server, cast.ben, {"subscribe": topic}, {"unsubscribe": topic}) as ben:
            for refused in (await told(ben, "refused"), await told(ben, "refused")):
                assert (refused["topic"], refused["problem"]["type"]) == (topic, "urn:dfworx:problem:not-found")

    async def test_only_threads_have_versions(self, server, cast: Cast):
        async with listening(server, cast.ben, {"subscribe": f"channel:{cast.general}", "after": 0}) as ben:
            refused = await told(ben, "refused")
        assert refused["problem"]["errors"] == {"after": "Only threads have versions."}


class TestSockets:
    """How many one person has."""

    async def test_twenty_and_not_one_more(self, server, cast: Cast):
        async with AsyncExitStack() as stack:
            mine = [await stack.enter_async_context(listening(server, cast.ben)) for _ in range(20)]
            async with patient(server, cast.ben) as late:
                assert await closed(late) == 4429
                assert late.close_reason == "one person has 20 sockets at most"
            async with listening(server, cast.cy, {"subscribe": f"thread:{cast.retries}"}) as cy:
                assert await told(cy, "subscribed")
            await mine[0].close()
            assert await self.is_let_in(server, cast.ben)

    @staticmethod
    async def is_let_in(server: Served, member: Member) -> bool:
        """Whether there is room, as soon as the server has seen one go."""
        async with asyncio.timeout(10):
            while True:
                async with patient(server, member) as socket:
                    with suppress(ConnectionClosed):
                        return json.loads(await socket.recv())["type"] == "ready"
                await asyncio.sleep(0.05)

    async def test_sent_away_each_ends_though_one_cannot_be_looked_at_and_another_leaves(
        self, calling, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ):
        async def looked_at(_script: script.Script) -> None:
            scripts.wire.scripts.clear()
            raise ConnectionError

        monkeypatch.setattr(script.Script, "look", looked_at)
        both = [calling(cast.ben) for _ in range(2)]
        await until(lambda: all("ready" in each.types() for each in both))
        await hub.reload(f"user:{cast.ben.user_id}")
        await until(lambda: all(each.closed for each in both))
        assert [each.closed for each in both] == [(4409, "connect again")] * 2

    async def test_one_that_has_gone_before_the_first_word_is_no_failure(self, calling, cast: Cast):
        ben = calling(cast.ben, is_gone=True)
        await ben.task
        assert (ben.closed, scripts.wire.scripts) == (None, {})

    async def test_a_mistake_of_ours_ends_it_and_is_not_hidden(
        self, calling, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ):
        async def fails(_script: script.Script, _asked: script.Asked) -> None:
            raise RuntimeError("ours")

        monkeypatch.setattr(script.Script, "_do", fails)
        ben = Call(create_api(), cast.ben)
        ben.say(subscribe=f"thread:{cast.retries}")
        with pytest.raises(RuntimeError, match="ours"):
            await ben.task
        assert ben.closed == (1011, "something went wrong on our side")

    async def test_coming_too_often_is_refused(self, calling, configured, cast: Cast):
        configured(RATE_READ="2/minute")
        early = [calling(cast.ben) for _ in range(2)]
        await until(lambda: all("ready" in each.types() for each in early))
        late = calling(cast.ben)
        await until(lambda: late.closed)
        assert late.closed
        assert (late.closed[0], late.closed[1][:18]) == (4429, "Too many attempts.")
        assert late.told == []

    async def test_who_says_nothing_has_come_too(self, calling, configured, cast: Cast):
        configured(RATE_READ="1/minute")
        silent = [calling(cast.ben, None) for _ in range(2)]
        await until(lambda: any(each.closed for each in silent))
        assert sorted(each.closed[0] if each.closed else 0 for each in silent) == [0, 4429]


class TestWords:
    """How much a script may say."""

    @pytest.mark.parametrize(("characters", "code"), [(8_000, None), (8_001, 1009)])
    async def test_one_message_has_8000_characters_at_most(self, server, cast: Cast, characters, code):
        async with listening(server, cast.ben) as ben:
            await ben.send(json.dumps({"subscribe": f"thread:{cast.retries}"}).ljust(characters))
            if code is None:
                assert await told(ben, "subscribed")
            else:
                assert await closed(ben) == code
                assert ben.close_reason == "say it in 8,000 characters"

    async def test_bytes_are_no_way_around(self, server, cast: Cast):
        async with listening(server, cast.ben) as ben:
            await ben.send(b"x" * 8_001)
            assert await closed(ben) == 1009

    async def test_the_first_message_has_the_same_limit(self, server, cast: Cast):
        async with connect(address(server, cast.slug), proxy=None) as stranger:
            await stranger.send("x" * 8_001)
            assert await closed(stranger) == 1009

    async def test_thirty_at_once_are_heard_and_many_more_are_not(self, server, cast: Cast):
        async with listening(server, cast.ben) as ben:
            for _ in range(30):
                await ben.send(json.dumps({"unsubscribe": f"thread:{cast.retries}"}))
            for _ in range(30):
                assert await told(ben, "unsubscribed")
            with suppress(ConnectionClosed):
                while True:
                    await ben.send(json.dumps({"unsubscribe": f"thread:{cast.retries}"}))
                    await ben.recv()
            assert ben.close_code == 4429
            assert ben.close_reason == "say less"


class TestTime:
    """How long it lasts."""

    async def test_it_ends_when_the_days_of_a_personal_token_are_over(
        self, calling, asking, cast: Cast, admin: Connection, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(script, "BEAT", 0.1)
        made = await asking(cast.ben).post("/account/tokens", json={"name": "listener", "days": 7})
        ben = calling(cast.ben, made.json()["token"])
        await until(lambda: ben.types().count("heartbeat") > 1)
        over = text("update dfworx.personal_tokens set expires_at = now() where user_id = :id")
        admin.execute(over, {"id": cast.ben.user_id})
        await until(lambda: ben.closed)
        assert ben.closed == (4401, "the session or token has ended")
