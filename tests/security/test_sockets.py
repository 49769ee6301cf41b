"""Sockets: who may open one, what it is told, and how fast it is cut off."""

import asyncio

import aiohttp
import httpx
import pytest
from sqlalchemy import Connection, text

from dfworx.accounts import service as accounts
from dfworx.channels import service as channels
from dfworx.web import identity
from tests.cast import Member
from tests.tabs import ROOT, Tab

pytestmark = pytest.mark.anyio
CUT_OFF = 5  # seconds: what revocation may take
SOCKET = "/_event/?EIO=4&transport=websocket&token=x"
CONVERSATION = f"{ROOT}.dfworx___messages___state____conversation"


def page(cast, thread):
    """The address of a thread."""
    return f"/o/{cast.slug}/t/{thread}"


def _cookie(member: Member) -> str:
    return f"{identity.cookie_name()}={identity.token(member)}"


async def say(client: httpx.AsyncClient, member: Member, thread, words: str) -> None:
    """Post a message over REST."""
    answer = await client.post(f"/api/v1/organizations/{member.slug}/threads/{thread}/messages", json={"source": words})
    assert answer.status_code == 201, answer.text


# -- who may open one


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "{base}.evil.example", "http://127.0.0.1:1", "{base}0"]
)
async def test_a_foreign_page_opens_no_socket(server, cast, origin):
    headers = {"Origin": origin.format(base=server.base_url), "Cookie": _cookie(cast.ben)}
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{server.base_url}{SOCKET}", headers=headers)


async def test_there_is_no_way_in_but_the_websocket(server, cast):
    """Polling would bring the caller's own headers past the one place that turns cookies into identities."""
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as client:
        forged = {"authorization": f"key {cast.ada.session_id}", "origin": server.base_url}
        answer = await client.get("/_event/?EIO=4&transport=polling&token=x", headers=forged)
    assert answer.status_code == 400


async def test_a_header_of_the_caller_is_no_identity(server, cast):
    async with Tab(server, None, page(cast, cast.lobby), Authorization=f"key {cast.ada.session_id}") as tab:
        await tab.enter()
        await tab.settle()
        assert tab.redirected
        assert not tab.value("name")


@pytest.mark.parametrize("damage", ["", "x", "cut"])
async def test_a_damaged_cookie_is_nobody(server, cast, damage):
    good = identity.token(cast.ben)
    cookie = {"": "", "x": "x" + good, "cut": good[:-3]}[damage]
    async with Tab(server, None, page(cast, cast.lobby), Cookie=f"{identity.cookie_name()}={cookie}") as tab:
        await tab.enter()
        assert tab.redirected


async def test_a_dead_session_is_let_in_as_nobody(server, cast, admin: Connection):
    admin.execute(text("update dfworx.sessions set revoked_at = now() where id = :id"), {"id": cast.ben.session_id})
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as tab:
        await tab.enter()
        assert tab.redirected
        assert not tab.value("name")


# -- secrets


async def test_no_cookie_and_no_session_reaches_pages_or_logs(server, cast):
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as tab:
        await tab.enter()
        for name in ("no.such.handler", f"{ROOT}.setvar", f"{CONVERSATION}.no_such", "x" * 200):
            await tab.send(name, {"a": 1})
        await tab.client.emit("event", "{not json", namespace="/_event")
        await tab.client.emit("event", '{"name": "no.such.handler", "payload": {}}', namespace="/_event")
        await tab.settle()
        told = tab.words()
    for secret in (identity.token(cast.ben), str(cast.ben.session_id), "authorization"):
        assert secret not in told
    assert identity.token(cast.ben) not in server.said()


# -- what it is told


async def test_the_readers_of_a_thread_hear_its_words_and_others_only_that_it_grew(server, cast, rest):
    async with (
        Tab(server, cast.ben, page(cast, cast.lobby)) as reader,
        Tab(server, cast.cy, page(cast, cast.retries)) as elsewhere,
        Tab(server, cast.gus, page(cast, cast.lobby)) as guest,
        Tab(server, cast.eve, page(cast, cast.lobby)) as stranger,
        Tab(server, None, page(cast, cast.lobby)) as nobody,
    ):
        for tab in (reader, elsewhere, guest, stranger, nobody):
            await tab.enter()
        await say(await rest(cast.ada), cast.ada, cast.lobby, "the words of the lobby")
        await reader.until(lambda: reader.frames("messages"))
        await elsewhere.until(lambda: elsewhere.frames("threads"))
        await asyncio.sleep(0.5)
        assert "the words of the lobby" in reader.words()
        for tab in (elsewhere, guest, stranger, nobody):
            assert tab.frames("messages") == []
            assert "the words of the lobby" not in tab.words()
        for tab in (guest, stranger, nobody):
            assert tab.frames() == []


async def test_a_room_is_not_joined_by_asking_for_its_page(server, cast, rest):
    """Cy and the moderator are colleagues, but not in #hiring; the address alone opens nothing."""
    async with (
        Tab(server, cast.ben, page(cast, cast.offers)) as invited,
        Tab(server, cast.cy, page(cast, cast.offers)) as colleague,
        Tab(server, cast.max, page(cast, cast.offers)) as moderator,
        Tab(server, cast.eve, f"/o/{cast.eve.slug}/t/{cast.offers}") as stranger,
    ):
        others = (colleague, moderator, stranger)
        for tab in (invited, *others):
            await tab.enter()
        await say(await rest(cast.ada), cast.ada, cast.offers, "a salary")
        await invited.until(lambda: invited.frames("messages"))
        await asyncio.sleep(0.5)
        for tab in others:
            assert tab.frames() == []
            assert "a salary" not in tab.words()


async def test_who_is_taken_out_of_a_private_channel_hears_no_more_of_it(server, cast, rest, acting_as):
    async with Tab(server, cast.ben, page(cast, cast.offers)) as tab:
        await tab.enter()
        ada = await rest(cast.ada)
        await say(ada, cast.ada, cast.offers, "before")
        await tab.until(lambda: tab.frames("messages"))
        async with acting_as(cast.ada) as tx:  # another process: the word comes over the outbox
            await channels.remove_member(tx, cast.hiring, cast.ben.membership_id)
        await tab.until(lambda: tab.reloads, CUT_OFF)
        seen = len(tab.frames())
        await say(ada, cast.ada, cast.offers, "afterwards")
        await asyncio.sleep(0.5)
        assert len(tab.frames()) == seen
        await tab.enter()  # asking again changes nothing
        await say(ada, cast.ada, cast.offers, "much later")
        await asyncio.sleep(0.5)
        assert "afterwards" not in tab.words()
        assert "much later" not in tab.words()


# -- the end of a session


async def test_a_revoked_session_ends_within_seconds_and_its_next_event_is_refused(server, cast, rest, acting_as):
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as tab:
        await tab.enter()
        async with acting_as(cast.ben) as tx:
            await accounts.revoke_session(tx, cast.ben.session_id)
        await tab.until(lambda: tab.reloads, CUT_OFF)
        seen = len(tab.updates)
        await tab.send(f"{CONVERSATION}.set_deleting", {"is_deleting": True})
        await say(await rest(cast.ada), cast.ada, cast.lobby, "not for ended sessions")
        await asyncio.sleep(0.5)
        assert tab.value("is_deleting") is not True
        assert tab.frames("messages") == []
        assert "not for ended sessions" not in repr(tab.updates[seen:])


async def test_signing_out_in_one_tab_ends_the_other(server, cast, rest):
    async with (
        Tab(server, cast.ben, page(cast, cast.lobby)) as one,
        Tab(server, cast.ben, "/account") as other,
        Tab(server, cast.cy, page(cast, cast.lobby)) as colleague,
    ):
        for tab in (one, other, colleague):
            await tab.enter()
        answer = await (await rest(cast.ben)).post("/auth/sign-out", headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 303
        await one.until(lambda: one.reloads, CUT_OFF)
        await other.until(lambda: other.reloads, CUT_OFF)
        assert colleague.reloads == []


async def test_another_role_is_another_page(server, cast, rest):
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as tab:
        await tab.enter()
        dia = await rest(cast.dia)
        answer = await dia.patch(
            f"/api/v1/organizations/{cast.slug}/members/{cast.ben.membership_id}", json={"role": "guest"}
        )
        assert answer.status_code == 200
        await tab.until(lambda: tab.reloads, CUT_OFF)
        await tab.enter()
        await say(await rest(cast.ada), cast.ada, cast.lobby, "not for guests")
        await asyncio.sleep(0.5)
        assert "not for guests" not in tab.words()


# -- a stolen token


async def test_a_stolen_tab_gives_nothing_away(server, cast):
    """Reflex keeps a tab's state under its token; the state belongs to a person all the same."""
    async with Tab(server, cast.ben, page(cast, cast.offers)) as own:
        await own.enter()
        assert own.value("name") is not None
        token = own.token
    for thief, path in (
        (None, page(cast, cast.offers)),
        (cast.eve, f"/o/{cast.eve.slug}"),
        (cast.cy, page(cast, cast.lobby)),
    ):
        for begins_politely in (True, False):
            async with Tab(server, thief, path, token=token) as tab:
                if begins_politely:
                    await tab.enter()
                await tab.send(f"{CONVERSATION}.set_showing_history", {"is_showing": True})
                await tab.settle()
                told = tab.words()
            for secret in ("Ben Okafor", str(cast.ben.membership_id)):
                assert secret not in told


async def test_an_open_tab_is_not_taken_over(server, cast, rest):
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as own:
        await own.enter()
        async with Tab(server, cast.eve, page(cast, cast.lobby), token=own.token) as thief:
            await thief.settle()
            assert thief.tokens  # a token of its own
            await say(await rest(cast.ada), cast.ada, cast.lobby, "still for Ben")
            await own.until(lambda: own.frames("messages"))
            assert thief.frames() == []


async def test_a_message_that_is_too_large_closes_only_its_socket(server, cast):
    ours = {"Origin": server.base_url}
    async with (
        aiohttp.ClientSession(server.base_url, headers=ours) as session,
        session.ws_connect(SOCKET) as socket,
    ):
        await socket.receive()
        await socket.send_str("4" + "x" * 1_100_000)
        assert (await socket.receive(timeout=5)).type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
    async with Tab(server, cast.ben, page(cast, cast.lobby)) as tab:
        await tab.enter()
        assert tab.value("ready") is True
