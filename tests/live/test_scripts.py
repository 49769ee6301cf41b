"""Scripts on the live layer: the client of docs/api.md as it stands there, and who is told what for how long."""

import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from websockets import InvalidStatus, connect

from dfworx.core import clock
from dfworx.web import identity
from tests.cast import Cast, Member
from tests.live.listening import address, asking, bearer, closed, listening, post, told
from tests.serving import Served

pytestmark = pytest.mark.anyio
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


class Line:
    """A line to the server that can be cut."""

    def __init__(self, server: Served) -> None:
        self.target = urlsplit(server.base_url)
        self.writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self.server.close()

    def cut(self) -> None:
        """Break every connection."""
        for writer in self.writers:
            writer.transport.abort()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)  # it can be cut from its first moment
        there, back = await asyncio.open_connection(self.target.hostname, self.target.port)
        self.writers.append(back)
        with suppress(OSError):
            await asyncio.gather(self._copy(reader, back), self._copy(there, writer))

    @staticmethod
    async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()


async def test_the_client_of_the_documentation_hears_each_message_once_whatever_the_line_does(server, cast: Cast):
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(block, names)
    heard: list[str] = []
    async with Line(server) as line:
        url = f"ws://127.0.0.1:{line.port}/api/v1/live?organization={cast.slug}"
        task = asyncio.create_task(
            names["follow"](url, bearer(cast.ben), str(cast.retries), 0, lambda m: heard.append(m["html"].strip()))
        )
        await post(server, cast.ada, cast.retries, "one")
        await until(lambda: len(heard) == 1, task)
        line.cut()
        await post(server, cast.ada, cast.retries, "two")
        await post(server, cast.cy, cast.retries, "three")
        await until(lambda: len(heard) == 3, task)
        await post(server, cast.ada, cast.retries, "four")
        await until(lambda: len(heard) == 4, task)
        await asyncio.sleep(0.5)  # the dispatcher has told everything a second time
        task.cancel()
    assert heard == ["<p>one</p>", "<p>two</p>", "<p>three</p>", "<p>four</p>"]


async def until(seen, task: "asyncio.Task[None]") -> None:
    """Wait for something to be seen."""
    async with asyncio.timeout(10):
        while not seen():
            assert not task.done(), task
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("nick", ["cy", "max", "gus", "eve"])
async def test_what_one_cannot_see_is_refused(server, cast: Cast, nick):
    async with listening(server, cast.people[nick], {"subscribe": f"thread:{cast.offers}"}) as socket:
        refused = await told(socket, "refused")
    assert (refused["topic"], refused["problem"]["type"]) == (
        f"thread:{cast.offers}",
        "urn:dfworx:problem:not-found",
    )


async def test_a_channel_tells_that_its_threads_grow_and_no_words(server, cast: Cast):
    async with listening(server, cast.ben, {"subscribe": f"channel:{cast.general}"}) as socket:
        await told(socket, "subscribed")
        await post(server, cast.ada, cast.retries, "the words")
        frame = await told(socket, "frame")
    assert (frame["list"], frame["op"], frame["item"]["id"]) == ("threads", "patch", str(cast.retries))
    assert "the words" not in str(frame)


async def test_the_first_message_may_show_the_token(server, cast: Cast):
    async with connect(address(server, cast.slug), proxy=None) as socket:
        await socket.send(json.dumps({"token": bearer(cast.ben)}))
        assert (await told(socket, "ready"))["expires_at"]


@pytest.mark.parametrize("token", ["nonsense", "dfx_pat_nonsense", "cookie"])
async def test_other_tokens_are_shown_the_door(server, cast: Cast, token):
    headers = {"Authorization": f"Bearer {identity.token(cast.ben) if token == 'cookie' else token}"}
    async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as socket:
        assert await closed(socket) == 4401


async def test_a_stranger_to_the_organization_is_shown_the_door(server, cast: Cast):
    headers = {"Authorization": f"Bearer {bearer(cast.eve)}"}
    async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as socket:
        assert await closed(socket) == 4404


async def test_a_foreign_page_gets_no_socket(server, cast: Cast):
    headers = {"Authorization": f"Bearer {bearer(cast.ben)}", "Origin": "https://evil.example"}
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address(server, cast.slug), additional_headers=headers, proxy=None):
            pass
    assert refused.value.response.status_code == 403


async def test_it_ends_with_its_session(server, cast: Cast):
    async with listening(server, cast.ben, {"subscribe": f"thread:{cast.retries}"}) as socket:
        await told(socket, "subscribed")
        headers = {"Authorization": f"Bearer {bearer(cast.ben)}"}
        async with httpx.AsyncClient(base_url=server.base_url, headers=headers, trust_env=False) as client:
            assert (await client.delete("/api/v1/auth/sessions/current")).status_code == 204
        assert await closed(socket) == 4401


async def test_it_ends_with_its_personal_token(server, cast: Cast):
    async with asking(server, cast.ben) as ben:
        made = (await ben.post("/account/tokens", json={"name": "listener"})).json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as socket:
            assert (await told(socket, "ready"))["type"] == "ready"
            assert (await ben.delete(f"/account/tokens/{made['id']}")).status_code == 204
            assert await closed(socket) == 4401


@pytest.mark.parametrize(
    ("said", "code"), [("{", 4400), ('{"shout": 1}', 4400), ("x" * 9_000, 1009)], ids=["no JSON", "unknown", "long"]
)
async def test_what_is_not_understood_ends_it(server, cast: Cast, said, code):
    async with listening(server, cast.ben) as socket:
        await socket.send(said)
        assert await closed(socket) == code


async def test_a_newer_token_of_the_same_person_is_taken_and_another_s_is_not(server, cast: Cast):
    async with listening(server, cast.ben, {"token": bearer(cast.ben)}) as socket:
        await socket.send(json.dumps({"subscribe": f"thread:{cast.retries}"}))
        assert (await told(socket, "subscribed"))["version"] == 0
        await socket.send(json.dumps({"token": bearer(cast.cy)}))
        assert await closed(socket) == 4401


@dataclass(frozen=True)
class Ending:
    """A session of somebody's that ends in a moment: what an access token needs."""

    user_id: UUID
    session_id: UUID
    expires_at: datetime


def short(member: Member, seconds: int = 3) -> str:
    """An access token that has almost ended."""
    ends_at = clock.now() + timedelta(seconds=seconds)
    return identity.access_token(Ending(member.user_id, member.session_id, ends_at))[0]


async def test_it_ends_with_its_access_token(server, cast: Cast):
    headers = {"Authorization": f"Bearer {short(cast.ben)}"}
    async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as socket:
        ends_at = (await told(socket, "ready"))["expires_at"]
        await socket.send(json.dumps({"subscribe": f"thread:{cast.retries}"}))
        assert await told(socket, "subscribed")
        assert await closed(socket) == 4401
        assert socket.close_reason == "the token has ended"
        assert clock.now().timestamp() >= ends_at
    async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as again:
        assert await closed(again) == 4401


async def test_a_newer_token_lets_it_go_on_when_the_first_one_ends(server, cast: Cast):
    headers = {"Authorization": f"Bearer {short(cast.ben)}"}
    async with connect(address(server, cast.slug), additional_headers=headers, proxy=None) as socket:
        first = (await told(socket, "ready"))["expires_at"]
        await socket.send(json.dumps({"token": bearer(cast.ben)}))
        assert (await told(socket, "ready"))["expires_at"] > first
        await socket.send(json.dumps({"subscribe": f"thread:{cast.retries}"}))
        await told(socket, "subscribed")
        await told(socket, "heartbeat")
        assert clock.now().timestamp() >= first
        await post(server, cast.ada, cast.retries, "still here")
        assert (await told(socket, "frame"))["item"]["html"].strip() == "<p>still here</p>"


async def test_a_token_that_has_ended_renews_nothing(server, cast: Cast):
    async with listening(server, cast.ben, {"token": short(cast.ben, seconds=-1)}) as socket:
        assert await closed(socket) == 4401


async def test_a_token_that_may_less_renews_nothing(server, cast: Cast):
    async with asking(server, cast.ada) as ada:
        made = (await ada.post("/account/tokens", json={"name": "reader", "scope": "read"})).json()
    async with listening(server, cast.ada, {"token": made["token"]}) as socket:
        assert await closed(socket) == 4409


async def test_it_ends_when_a_browser_ends_its_session(server, cast: Cast):
    async with listening(server, cast.ben) as bens, listening(server, cast.cy) as cys:
        async with asking(server, cast.ben) as ben:
            assert (await ben.delete(f"/auth/sessions/{cast.ben.session_id}")).status_code in {200, 204}
        assert await closed(bens) == 4401
        await cys.send(json.dumps({"subscribe": f"thread:{cast.retries}"}))
        assert await told(cys, "subscribed"), "another person's goes on"


class TestOrganization:
    """What a script hears that follows an organization."""

    async def test_threads_and_channels_that_are_open(self, server, cast: Cast):
        async with listening(server, cast.ben, {"subscribe": f"organization:{cast.acme}"}) as socket:
            assert (await told(socket, "subscribed"))["topic"] == f"organization:{cast.acme}"
            async with asking(server, cast.ada, cast) as ada:
                channel = (await ada.post("/channels", json={"name": "robots"})).json()
                made = await told(socket, "frame")
                assert (made["list"], made["op"], made["item"]["name"]) == ("channels", "put", "robots")
                thread = (await ada.post(f"/channels/{channel['id']}/threads", json={"title": "Arms"})).json()
                opened = await told(socket, "frame")
                assert (opened["list"], opened["op"], opened["item"]["id"]) == ("threads", "put", thread["id"])
            await post(server, cast.ada, thread["id"], "the words")
            frame = await told(socket, "frame")
            assert (frame["list"], frame["op"], frame["scope"]) == ("threads", "patch", channel["id"])
            assert (frame["item"]["id"], frame["item"]["last_seq"]) == (thread["id"], 1)
            assert "the words" not in str(frame)

    async def test_nothing_of_private_channels(self, server, cast: Cast):
        for member in (cast.ben, cast.cy):  # one who is in it, one who is not
            async with listening(server, member, {"subscribe": f"organization:{cast.acme}"}) as socket:
                await told(socket, "subscribed")
                await post(server, cast.ada, cast.offers, "in private")
                await post(server, cast.ada, cast.retries, "in the open")
                assert (await told(socket, "frame"))["item"]["id"] == str(cast.retries)

    async def test_a_thread_that_is_followed_too_tells_its_message_alone(self, server, cast: Cast):
        topics = [{"subscribe": f"organization:{cast.acme}"}, {"subscribe": f"thread:{cast.retries}"}]
        async with listening(server, cast.ben, *topics) as socket:
            for _ in topics:
                await told(socket, "subscribed")
            await post(server, cast.ada, cast.retries, "one")
            await post(server, cast.ada, cast.lobby, "two")
            lists = [(await told(socket, "frame"))["list"] for _ in range(2)]
            assert lists == ["messages", "threads"]

    async def test_nothing_after_it_is_left(self, server, cast: Cast):
        topics = [{"subscribe": f"organization:{cast.acme}"}, {"subscribe": f"thread:{cast.lobby}"}]
        async with listening(server, cast.ben, *topics, {"unsubscribe": f"organization:{cast.acme}"}) as socket:
            assert (await told(socket, "unsubscribed"))["topic"] == f"organization:{cast.acme}"
            await post(server, cast.ada, cast.retries, "one")
            await post(server, cast.ada, cast.lobby, "two")
            frame = await told(socket, "frame")
            assert (frame["list"], frame["scope"]) == ("messages", str(cast.lobby))

    @pytest.mark.parametrize("nick", ["gus", "eve"])
    async def test_not_for_guests_and_strangers(self, server, cast: Cast, nick):
        async with listening(server, cast.people[nick], {"subscribe": f"organization:{cast.acme}"}) as socket:
            refused = await told(socket, "refused")
            assert refused["topic"] == f"organization:{cast.acme}"
            assert refused["problem"]["type"] == "urn:dfworx:problem:not-found"

    async def test_it_ends_when_one_is_removed(self, server, cast: Cast):
        async with listening(server, cast.ben, {"subscribe": f"organization:{cast.acme}"}) as socket:
            await told(socket, "subscribed")
            async with asking(server, cast.ada, cast) as ada:
                assert (await ada.delete(f"/members/{cast.ben.membership_id}")).status_code == 204
            assert await closed(socket) == 4409
