"""Scripts on the live layer: the client of docs/api.md as it stands there, and who is told what for how long."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import pytest
from websockets import ConnectionClosed, InvalidStatus, connect

from dfworx.web import identity
from tests.cast import Cast, Member
from tests.serving import Served

pytestmark = pytest.mark.anyio
PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def bearer(member: Member) -> str:
    """An access token of their session."""
    return identity.access_token(member)[0]


def address(server: Served, slug: str) -> str:
    """Where scripts listen."""
    return f"{server.base_url.replace('http', 'ws', 1)}/api/v1/live?organization={slug}"


async def post(server: Served, member: Member, thread, words: str) -> None:
    """Write into a thread over REST."""
    headers = {"Authorization": f"Bearer {bearer(member)}"}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, trust_env=False) as client:
        path = f"/api/v1/organizations/{member.slug}/threads/{thread}/messages"
        assert (await client.post(path, json={"source": words})).status_code == 201


@asynccontextmanager
async def listening(server: Served, member: Member, *said: dict[str, object], **headers: str) -> AsyncIterator[Any]:
    """An open socket that has said something."""
    headers = {"Authorization": f"Bearer {bearer(member)}", **headers}
    async with connect(address(server, member.slug), additional_headers=headers, proxy=None) as socket:
        assert json.loads(await socket.recv())["type"] == "ready"
        for each in said:
            await socket.send(json.dumps(each))
        yield socket


async def told(socket, kind: str) -> dict[str, Any]:
    """The next thing of a kind that it is told."""
    async with asyncio.timeout(5):
        while True:
            thing = json.loads(await socket.recv())
            if thing["type"] == kind:
                return thing


async def closed(socket) -> int:
    """The code with which it is closed, soon."""
    async with asyncio.timeout(5):
        with suppress(ConnectionClosed):
            while True:
                await socket.recv()
    return socket.close_code


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
        there, back = await asyncio.open_connection(self.target.hostname, self.target.port)
        self.writers += [writer, back]
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
    cookies = {identity.cookie_name(): identity.token(cast.ben)}
    async with httpx.AsyncClient(
        base_url=f"{server.base_url}/api/v1", headers={"Origin": server.base_url}, cookies=cookies, trust_env=False
    ) as ben:
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


async def test_whoever_says_too_much_is_cut_off(server, cast: Cast):
    async with listening(server, cast.ben) as socket:
        with suppress(ConnectionClosed):
            for _ in range(60):
                await socket.send(json.dumps({"unsubscribe": f"thread:{cast.retries}"}))
        assert await closed(socket) == 4429


async def test_a_newer_token_of_the_same_person_is_taken_and_another_s_is_not(server, cast: Cast):
    async with listening(server, cast.ben, {"token": bearer(cast.ben)}) as socket:
        await socket.send(json.dumps({"subscribe": f"thread:{cast.retries}"}))
        assert (await told(socket, "subscribed"))["version"] == 0
        await socket.send(json.dumps({"token": bearer(cast.cy)}))
        assert await closed(socket) == 4401
