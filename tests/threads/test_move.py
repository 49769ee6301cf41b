"""Moving a thread to another channel: who may, who sees it then, what is said about it, what follows live."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from dfworx.channels import service as channels
from dfworx.channels.errors import ChannelArchived
from dfworx.channels.validators import NewChannel
from dfworx.core.errors import Forbidden, NotFound
from dfworx.live.frames import frames_of
from dfworx.live.hub import Hub
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange
from dfworx.threads import live
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.errors import AlreadyThere, DefaultThread, WouldReveal
from dfworx.threads.events import ThreadMoved
from dfworx.threads.validators import Move, NewThread
from tests.cast import say

pytestmark = pytest.mark.anyio


async def channel(acting_as: Any, member: Any, name: str = "platform", visibility: str = "organization") -> Any:
    """Another channel."""
    async with acting_as(member) as tx:
        return (await channels.create(tx, NewChannel(name=name, visibility=visibility))).id


class TestMove:
    """A thread goes to another channel."""

    async def test_its_address_stays_and_a_note_says_where_it_came_from(self, acting_as, cast):
        platform = await channel(acting_as, cast.ada)
        async with acting_as(cast.ada) as tx:
            await threads.move(tx, cast.retries, Move(channel_id=platform))
        async with acting_as(cast.ben) as tx:
            assert (await threads.get(tx, cast.retries)).place_id == platform
            (note,) = (await messages.page(tx, cast.retries)).items
        assert (note.kind, note.author) == ("system", cast.ada.name)
        assert "moved this thread from #general to #platform" in note.html

    async def test_unread_goes_with_it(self, acting_as, cast, admin: Connection):
        platform = await channel(acting_as, cast.ada)
        say(admin, cast.ben, cast.retries, *"abc")
        async with acting_as(cast.ada) as tx:
            await threads.move(tx, cast.retries, Move(channel_id=platform))
        async with acting_as(cast.cy) as tx:
            unread = {c.name: c.unread for c in await threads.sidebar(tx)}
        assert unread == {"general": 0, "platform": 4}

    async def test_whoever_opened_it_may_and_another_member_may_not(self, acting_as, cast):
        platform = await channel(acting_as, cast.ada)
        async with acting_as(cast.ben) as tx:
            own = await threads.open_thread(tx, cast.general, NewThread(title="Ben's"))
        async with acting_as(cast.ben) as tx:
            await threads.move(tx, own.id, Move(channel_id=platform))
        with pytest.raises(Forbidden):
            async with acting_as(cast.ben) as tx:
                await threads.move(tx, cast.retries, Move(channel_id=platform))

    async def test_a_channel_that_one_cannot_see_does_not_exist(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.dia) as tx:
                await threads.move(tx, cast.retries, Move(channel_id=cast.hiring))

    async def test_what_cannot_be_moved(self, acting_as, cast):
        platform = await channel(acting_as, cast.ada)
        async with acting_as(cast.ada) as tx:
            with pytest.raises(DefaultThread):
                await threads.move(tx, cast.lobby, Move(channel_id=platform))
            with pytest.raises(AlreadyThere):
                await threads.move(tx, cast.retries, Move(channel_id=cast.general))
            await channels.archive(tx, platform)
            with pytest.raises(ChannelArchived):
                await threads.move(tx, cast.retries, Move(channel_id=platform))

    async def test_what_was_private_is_shown_to_all_only_when_that_is_meant(self, acting_as, cast):
        with pytest.raises(WouldReveal):
            async with acting_as(cast.ada) as tx:
                await threads.move(tx, cast.offers, Move(channel_id=cast.general))
        async with acting_as(cast.ada) as tx:
            await threads.move(tx, cast.offers, Move(channel_id=cast.general, reveal=True))
        async with acting_as(cast.cy) as tx:
            (note,) = (await messages.page(tx, cast.offers)).items
        assert note.html == "<p>moved this thread from a private channel to #general</p>"

    async def test_whoever_is_not_in_the_private_channel_loses_it(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await threads.move(tx, cast.retries, Move(channel_id=cast.hiring))
        with pytest.raises(NotFound):
            async with acting_as(cast.cy) as tx:
                await threads.get(tx, cast.retries)

    async def test_over_rest(self, asking, acting_as, cast):
        platform = await channel(acting_as, cast.ada)
        path = f"/organizations/{cast.slug}/threads/{cast.retries}/channel"
        answer = await asking(cast.ada).put(path, json={"channel_id": str(platform)})
        assert answer.json()["place_id"] == str(platform)
        again = await asking(cast.ada).put(path, json={"channel_id": str(platform)})
        assert (again.status_code, again.json()["type"]) == (409, "urn:dfworx:problem:already-there")


class TestNotes:
    """What is done to a thread is said in it."""

    async def test_each_verb_leaves_one(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await threads.rename(tx, cast.retries, NewThread(title="Retries <b>"))
            await threads.rename(tx, cast.retries, NewThread(title="Retries <b>"))
            await threads.resolve(tx, cast.retries)
            await threads.reopen(tx, cast.retries)
        async with acting_as(cast.ben) as tx:
            page = await messages.page(tx, cast.retries)
        said = [item.html for item in page.items]
        assert said == [
            "<p>renamed this thread from “Retries on the ingest queue” to “Retries &lt;b&gt;”</p>",
            "<p>resolved this thread</p>",
            "<p>reopened this thread</p>",
        ]

    async def test_nobody_changes_or_deletes_it(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await threads.resolve(tx, cast.retries)
        async with acting_as(cast.ada) as tx:
            (note,) = (await messages.page(tx, cast.retries)).items
            with pytest.raises(Forbidden):
                await messages.edit(tx, note.id, MessageChange(source="I did not"))
            with pytest.raises(Forbidden):
                await messages.delete(tx, note.id)

    async def test_what_one_did_not_read_stays_unread(self, acting_as, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abc")
        async with acting_as(cast.ada) as tx:
            await threads.resolve(tx, cast.retries)
        async with acting_as(cast.ada) as tx:
            assert (await threads.get(tx, cast.retries)).unread == 4
            await reading.mark_read(tx, cast.retries, 4)
            await threads.reopen(tx, cast.retries)
        async with acting_as(cast.ada) as tx:
            assert (await threads.get(tx, cast.retries)).unread == 0


class TestLive:
    """What open pages hear."""

    async def moved(self, acting_as: Any, admin: Connection, cast: Any, thread: Any, target: Any) -> ThreadMoved:
        """Move it, and give what was announced."""
        async with acting_as(cast.ada) as tx:
            await threads.move(tx, thread, Move(channel_id=target, reveal=True))
            return next(event for _, event in tx.events if isinstance(event, ThreadMoved))

    async def test_it_leaves_one_list_and_joins_the_other(self, acting_as, cast, admin: Connection):
        event = await self.moved(acting_as, admin, cast, cast.retries, cast.hiring)
        told = [(a.frame.list, a.frame.op, a.frame.scope, set(a.topics)) for a in frames_of(event)]
        general = {f"place:{cast.general}", f"organization:{cast.acme}"}
        hiring = {f"place:{cast.hiring}"}
        assert told == [
            ("threads", "drop", str(cast.general), general),
            ("threads", "put", str(cast.hiring), hiring),
            ("threads", "stale", str(cast.hiring), {f"thread:{cast.retries}"}),
            ("channels", "stale", "", general | hiring),
        ]

    async def test_whoever_loses_sight_leaves_the_room(self, acting_as, cast, admin: Connection):
        event = await self.moved(acting_as, admin, cast, cast.retries, cast.hiring)
        hub = Hub()
        pages = {nick: hub.arrive(nick, nick, getattr(cast, nick).actor) for nick in ("ada", "cy")}
        for page in pages.values():
            hub.join(page, f"thread:{cast.retries}", str(cast.general))
        hub.join(pages["ada"], f"place:{cast.hiring}", str(cast.hiring))
        await live.follow(hub, event)
        assert hub.rooms[f"thread:{cast.retries}"] == {pages["ada"]}
        assert pages["ada"].scopes[f"thread:{cast.retries}"] == str(cast.hiring)
        assert "cy" not in hub.sockets

    async def test_it_is_audited_with_both_channels(self, acting_as, cast, admin: Connection):
        await self.moved(acting_as, admin, cast, cast.retries, cast.hiring)
        query = text("select details from dfworx.audit_events where about = :id and name = 'threads.ThreadMoved'")
        details = admin.scalar(query, {"id": cast.retries})
        assert (details["source"]["name"], details["target"]["name"]) == ("general", "hiring")
