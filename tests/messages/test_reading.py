"""Ways to read: by date, as Markdown, what a message said before; and what a reply answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from dfworx.core.errors import NotFound
from dfworx.messages import service as messages
from dfworx.messages.errors import TooManyMessages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.threads import service as threads
from tests.cast import say

pytestmark = pytest.mark.anyio

DAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
DATED = text("update dfworx.messages set created_at = :first + (seq - 1) * interval '1 day' where thread_id = :thread")


class TestAt:
    """The first message at a time, or later."""

    async def test_every_place_in_a_thread_of_ten_days(self, acting_as, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abcdefghij")
        admin.execute(DATED, {"first": DAY, "thread": cast.retries})
        async with acting_as(cast.cy) as tx:
            for day in range(-1, 12):
                for hours, seq in ((0, day + 1), (-1, day + 1), (1, day + 2)):
                    page = await messages.page(tx, cast.retries, at=DAY + timedelta(days=day, hours=hours))
                    assert page.found == min(max(seq, 1), 10), (day, hours)

    async def test_an_empty_thread_has_none(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            page = await messages.page(tx, cast.retries, at=DAY)
        assert (page.found, page.items) == (None, [])

    async def test_over_rest_with_a_zone(self, asking, cast, admin: Connection):
        say(admin, cast.ben, cast.retries, *"abc")
        admin.execute(DATED, {"first": DAY, "thread": cast.retries})
        path = f"/organizations/{cast.slug}/threads/{cast.retries}/messages"
        answer = await asking(cast.cy).get(path, params={"at": "2026-05-02T00:00:00Z"})
        assert answer.json()["found"] == 2
        assert (await asking(cast.cy).get(path, params={"at": "2026-05-02T00:00"})).status_code == 422


class TestMarkdown:
    """A thread written out."""

    async def test_who_said_what_when(self, acting_as, asking, cast, admin: Connection):
        _, gone, _ = say(admin, cast.ben, cast.retries, "**First**", "Second", "Third")
        admin.execute(DATED, {"first": DAY, "thread": cast.retries})
        async with acting_as(cast.ben) as tx:
            await messages.delete(tx, gone)
        async with acting_as(cast.ada) as tx:
            await threads.resolve(tx, cast.retries)
        path = f"/organizations/{cast.slug}/threads/{cast.retries}/markdown"
        answer = await asking(cast.cy).get(path)
        assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
        assert answer.text.startswith(
            "# Retries on the ingest queue\n\n**Ben Okafor** (2026-05-01 12:00 UTC)\n\n**First**\n\n"
            "**Ben Okafor** (2026-05-02 12:00 UTC)\n\n*deleted*\n\n**Ben Okafor** (2026-05-03 12:00 UTC)\n\nThird\n\n"
            "*Ada Ferreira resolved this thread ("
        )
        part = await asking(cast.cy).get(path, params={"first": 3, "last": 3})
        assert part.text.endswith("\n\nThird\n")
        assert "First" not in part.text

    async def test_too_much_at_once_is_refused(self, acting_as, cast, admin: Connection, monkeypatch):
        monkeypatch.setattr(messages, "WRITTEN_OUT", 2)
        say(admin, cast.ben, cast.retries, *"abc")
        async with acting_as(cast.cy) as tx:
            with pytest.raises(TooManyMessages):
                await messages.markdown(tx, cast.retries)
            assert "b" in await messages.markdown(tx, cast.retries, first=2)

    async def test_a_stranger_reads_nothing(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await messages.markdown(tx, cast.retries)


async def test_history_says_what_each_edit_changed(acting_as, cast):
    async with acting_as(cast.ben) as tx:
        posted = await messages.post(tx, cast.retries, NewMessage(source="we retry <twice>"))
    for source in ("we retry thrice", "they retry thrice"):
        async with acting_as(cast.ben) as tx:
            await messages.edit(tx, posted.id, MessageChange(source=source))
    async with acting_as(cast.cy) as tx:
        first, second = await messages.revisions(tx, posted.id)
    assert first.changes == "we retry <del>&lt;twice&gt;</del><ins>thrice</ins>"
    assert second.changes == "<del>we</del><ins>they</ins> retry thrice"


async def test_a_reply_knows_the_number_of_what_it_answers(acting_as, cast, admin: Connection):
    first, *_ = say(admin, cast.ben, cast.retries, *"abc")
    async with acting_as(cast.cy) as tx:
        posted = await messages.post(tx, cast.retries, NewMessage(source="to a", reply_to_id=first))
    async with acting_as(cast.ben) as tx:
        read = next(m for m in (await messages.page(tx, cast.retries)).items if m.id == posted.id)
    assert posted.reply_to_seq == read.reply_to_seq == 1
