"""Threads: each verb, who may not, unread counts."""

import pytest
from sqlalchemy import Connection

from dfworx.channels import service as channels
from dfworx.core.errors import Forbidden, Invalid, NotFound
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from dfworx.threads.errors import DefaultThread, ThreadOpen, ThreadResolved
from dfworx.threads.validators import NewThread
from tests.cast import say

pytestmark = pytest.mark.anyio


class TestOpen:
    """Opening a thread."""

    async def test_it_works(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            made = await threads.open_thread(tx, cast.general, NewThread(title=" Failover "))
        async with acting_as(cast.cy) as tx:
            seen = await threads.get(tx, made.id)
        assert (seen.title, seen.opened_by, seen.channel.name) == ("Failover", "Ben Okafor", "general")

    async def test_a_stranger_finds_no_channel(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await threads.open_thread(tx, cast.general, NewThread(title="Hello"))

    async def test_a_colleague_outside_a_private_channel_finds_none_either(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.cy) as tx:
                await threads.open_thread(tx, cast.hiring, NewThread(title="Hello"))

    @pytest.mark.parametrize("title", ["", "   ", "x" * 201, "two\nlines", "\u200b", "\u3164 \ufe0f"])
    def test_a_title_is_one_line_of_at_most_200_characters_and_can_be_seen(self, title):
        with pytest.raises(ValueError, match="title"):
            NewThread(title=title)


class TestRename:
    """Giving a thread another title."""

    async def test_whoever_opened_it_may(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            assert (await threads.rename(tx, cast.retries, NewThread(title="Backoff"))).title == "Backoff"

    async def test_a_moderator_may(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            assert (await threads.rename(tx, cast.retries, NewThread(title="Backoff"))).title == "Backoff"

    async def test_another_member_may_not(self, acting_as, cast):
        with pytest.raises(Forbidden):
            async with acting_as(cast.ben) as tx:
                await threads.rename(tx, cast.retries, NewThread(title="Mine"))

    async def test_the_default_thread_keeps_its_name(self, acting_as, cast):
        with pytest.raises(DefaultThread):
            async with acting_as(cast.ada) as tx:
                await threads.rename(tx, cast.lobby, NewThread(title="Mine"))


class TestResolve:
    """A conversation is done, and goes on."""

    async def test_it_works_once_each_way(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            assert (await threads.resolve(tx, cast.retries)).resolved_at == tx.now
            with pytest.raises(ThreadResolved):
                await threads.resolve(tx, cast.retries)
            assert (await threads.reopen(tx, cast.retries)).resolved_at is None
            with pytest.raises(ThreadOpen):
                await threads.reopen(tx, cast.retries)

    async def test_a_guest_may_not_resolve_what_others_opened(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await channels.add_member(tx, cast.general, cast.gus.membership_id)
        with pytest.raises(Forbidden):
            async with acting_as(cast.gus) as tx:
                await threads.resolve(tx, cast.retries)


class TestReading:
    """Unread is what was said after the marker."""

    async def test_the_marker_moves_forward_and_never_back(self, acting_as, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abcde")
        for seq, unread in ((2, 3), (4, 1), (3, 1), (99, 0)):
            async with acting_as(cast.cy) as tx:
                await reading.mark_read(tx, cast.retries, seq)
            async with acting_as(cast.cy) as tx:
                assert (await threads.get(tx, cast.retries)).unread == unread

    async def test_the_sidebar_adds_up_the_threads_of_each_channel(self, acting_as, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abc")
        say(admin, cast.ben, cast.lobby, *"de")
        async with acting_as(cast.cy) as tx:
            await reading.mark_read(tx, cast.retries, 1)
            (general,) = await threads.sidebar(tx)
        assert (general.unread, general.default_thread_id) == (4, cast.lobby)

    async def test_everybody_has_their_own(self, acting_as, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abc")
        async with acting_as(cast.cy) as tx:
            await reading.mark_read(tx, cast.retries, 3)
        async with acting_as(cast.dia) as tx:
            assert (await threads.get(tx, cast.retries)).unread == 3

    async def test_a_stranger_marks_nothing(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await reading.mark_read(tx, cast.retries, 1)


class TestPage:
    """The list of a channel."""

    async def test_the_liveliest_come_first_and_pages_join_without_a_gap(self, acting_as, cast, monkeypatch):
        monkeypatch.setattr(threads, "PAGE", 3)
        async with acting_as(cast.ben) as tx:
            for n in range(7):
                await threads.open_thread(tx, cast.general, NewThread(title=f"Thread {n}"))
        seen: list[str] = []
        cursor = None
        async with acting_as(cast.ben) as tx:
            while True:
                page = await threads.page(tx, cast.general, cursor)
                seen += [thread.title for thread in page.items]
                cursor = page.next
                if cursor is None:
                    break
        assert sorted(seen) == sorted({*seen})
        assert len(seen) == 9

    async def test_a_damaged_cursor_is_refused(self, acting_as, cast):
        with pytest.raises(Invalid):
            async with acting_as(cast.ben) as tx:
                await threads.page(tx, cast.general, "nonsense")
