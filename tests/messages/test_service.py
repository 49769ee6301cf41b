"""Messages: each verb, who may not, gapless numbers, retries, catching up."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from dfworx.channels import service as channels
from dfworx.channels.errors import ChannelArchived
from dfworx.core.errors import Forbidden, NotFound
from dfworx.messages import service as messages
from dfworx.messages.errors import MessageDeleted
from dfworx.messages.validators import MAX_SOURCE, MessageChange, NewMessage
from dfworx.threads import service as threads
from dfworx.threads import service_reading as reading
from tests.cast import say

pytestmark = pytest.mark.anyio


async def post(acting_as, member, thread_id, source="Hello", **options):
    """Post one message in a transaction of its own."""
    async with acting_as(member) as tx:
        return await messages.post(tx, thread_id, NewMessage(source=source, **options))


class TestPost:
    """Posting."""

    async def test_it_works(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries, "It **works**")
        assert (made.seq, made.author, made.html.strip()) == (1, "Ben Okafor", "<p>It <strong>works</strong></p>")

    async def test_a_retry_gives_the_first_one(self, acting_as, cast):
        key = uuid4()
        first = await post(acting_as, cast.ben, cast.retries, "Once", client_key=key)
        again = await post(acting_as, cast.ben, cast.retries, "Once", client_key=key)
        other = await post(acting_as, cast.ben, cast.retries, "Twice")
        assert (again.id, other.seq) == (first.id, 2)

    async def test_twenty_writers_and_their_retries_leave_no_gap_and_no_double(
        self, acting_as, cast, admin: Connection
    ):
        keys = [uuid4() for _ in range(20)]
        writers = [post(acting_as, cast.ben, cast.retries, f"n {key}", client_key=key) for key in keys * 2]
        await asyncio.gather(*writers)
        rows = admin.execute(
            text("select seq, version from dfworx.messages where thread_id = :id order by seq"), {"id": cast.retries}
        )
        assert [tuple(row) for row in rows] == [(n, n) for n in range(1, 21)]

    async def test_the_author_has_read_what_they_wrote(self, acting_as, cast):
        await post(acting_as, cast.ben, cast.retries)
        async with acting_as(cast.ben) as tx:
            assert (await threads.get(tx, cast.retries)).unread == 0
        async with acting_as(cast.cy) as tx:
            assert (await threads.get(tx, cast.retries)).unread == 1

    async def test_an_archived_channel_refuses(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            await channels.archive(tx, cast.general)
        with pytest.raises(ChannelArchived):
            await post(acting_as, cast.ben, cast.retries)

    async def test_a_stranger_and_an_outsider_find_no_thread(self, acting_as, cast):
        for member in (cast.eve, cast.gus):
            with pytest.raises(NotFound):
                await post(acting_as, member, cast.retries)
        with pytest.raises(NotFound):
            await post(acting_as, cast.cy, cast.offers)

    async def test_a_reply_stays_in_its_thread(self, acting_as, cast):
        first = await post(acting_as, cast.ben, cast.retries)
        reply = await post(acting_as, cast.cy, cast.retries, reply_to_id=first.id)
        assert reply.reply_to_id == first.id
        with pytest.raises(NotFound):
            await post(acting_as, cast.cy, cast.lobby, reply_to_id=first.id)

    @pytest.mark.parametrize("source", ["", "  \n ", "x" * (MAX_SOURCE + 1), "a\x00b"])
    def test_what_is_empty_or_too_long_is_refused(self, source):
        with pytest.raises(ValueError, match="source"):
            NewMessage(source=source)

    async def test_what_was_refused_leaves_nothing(self, acting_as, cast, admin: Connection):
        async def fail_after_posting():
            async with acting_as(cast.ben) as tx:
                await messages.post(tx, cast.retries, NewMessage(source="lost"))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail_after_posting()
        counts = """select (select count(*) from dfworx.messages where thread_id = :id), last_seq
            from dfworx.threads where id = :id"""
        assert admin.execute(text(counts), {"id": cast.retries}).one() == (0, 0)


class TestEdit:
    """Editing one's own."""

    async def test_the_old_text_is_kept(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries, "teh")
        async with acting_as(cast.ben) as tx:
            changed = await messages.edit(tx, made.id, MessageChange(source="the"))
        assert (changed.revision, changed.version, changed.edited_at is not None) == (2, 2, True)
        async with acting_as(cast.cy) as tx:
            assert [r.source for r in await messages.revisions(tx, made.id)] == ["teh"]
            assert (await messages.get(tx, made.id)).source == "the"

    async def test_nobody_edits_anothers_words_not_even_the_owner(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries)
        for member, refusal in ((cast.ada, Forbidden), (cast.cy, Forbidden), (cast.eve, NotFound)):
            with pytest.raises(refusal):
                async with acting_as(member) as tx:
                    await messages.edit(tx, made.id, MessageChange(source="Mine"))


class TestDelete:
    """Deleting leaves a tombstone."""

    async def test_author_and_moderator_may(self, acting_as, cast):
        for member in (cast.ben, cast.max):
            made = await post(acting_as, cast.ben, cast.retries, "secret")
            async with acting_as(member) as tx:
                gone = await messages.delete(tx, made.id)
            assert (gone.html, gone.seq, gone.deleted_at is not None) == ("", made.seq, True)

    async def test_another_member_may_not(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries)
        with pytest.raises(Forbidden):
            async with acting_as(cast.cy) as tx:
                await messages.delete(tx, made.id)

    async def test_a_tombstone_cannot_be_changed(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries)
        async with acting_as(cast.ben) as tx:
            await messages.delete(tx, made.id)
        for verb in (messages.delete, lambda tx, id_: messages.edit(tx, id_, MessageChange(source="back"))):
            with pytest.raises(MessageDeleted):
                async with acting_as(cast.ben) as tx:
                    await verb(tx, made.id)

    async def test_what_it_said_is_seen_by_author_and_moderators_only(self, acting_as, cast):
        made = await post(acting_as, cast.ben, cast.retries, "secret")
        async with acting_as(cast.ben) as tx:
            await messages.delete(tx, made.id)
        async with acting_as(cast.max) as tx:
            assert [r.source for r in await messages.revisions(tx, made.id)] == ["secret"]
        with pytest.raises(Forbidden):
            async with acting_as(cast.cy) as tx:
                await messages.revisions(tx, made.id)


class TestPage:
    """Reading a long thread."""

    @pytest.fixture(autouse=True)
    def long_thread(self, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *[f"m{n}" for n in range(1, 131)])

    async def seqs(self, acting_as, cast, **where):
        async with acting_as(cast.cy) as tx:
            page = await messages.page(tx, cast.retries, **where)
        return [m.seq for m in page.items], page.has_before, page.has_after

    async def test_it_opens_where_the_unread_begins(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            await reading.mark_read(tx, cast.retries, 60)
        assert await self.seqs(acting_as, cast) == ([*range(36, 86)], True, True)

    async def test_it_opens_at_the_end_when_all_is_read(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            await reading.mark_read(tx, cast.retries, 130)
        assert await self.seqs(acting_as, cast) == ([*range(81, 131)], True, False)

    async def test_before_after_and_around(self, acting_as, cast):
        assert await self.seqs(acting_as, cast, before=21) == ([*range(1, 21)], False, True)
        assert await self.seqs(acting_as, cast, after=100) == ([*range(101, 131)], True, False)
        assert await self.seqs(acting_as, cast, around=3) == ([*range(1, 28)], False, True)


class TestChanges:
    """Catching up by version."""

    async def test_it_tells_what_was_posted_edited_and_deleted_and_nothing_else(self, acting_as, cast):
        first = await post(acting_as, cast.ben, cast.retries, "one")
        second = await post(acting_as, cast.ben, cast.retries, "two")
        async with acting_as(cast.ben) as tx:
            await messages.edit(tx, first.id, MessageChange(source="uno"))
            await messages.delete(tx, second.id)
        async with acting_as(cast.cy) as tx:
            changes = await messages.changes(tx, cast.retries, version=second.version)
        assert [(m.id, m.version) for m in changes.items] == [(first.id, 3), (second.id, 4)]
        assert (changes.version, changes.has_more) == (4, False)

    async def test_many_come_in_parts_that_join(self, acting_as, cast, admin: Connection, monkeypatch):
        monkeypatch.setattr(messages, "CHANGES", 4)
        say(admin, cast.ben, cast.retries, *"abcdefghij")
        seen, version, more = [], 0, True
        while more:
            async with acting_as(cast.cy) as tx:
                changes = await messages.changes(tx, cast.retries, version)
            seen += [m.seq for m in changes.items]
            version, more = changes.version, changes.has_more
        assert seen == [*range(1, 11)]
