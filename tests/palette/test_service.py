"""Channels, threads, people and decisions by a few letters, and only those that one may see."""

import pytest
from sqlalchemy import Connection, text

from dfworx.decisions import service as drafting
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.validators import NewDecision, Proposal
from dfworx.palette import service as palette
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread
from tests.cast import Cast

pytestmark = pytest.mark.anyio

MANY = text(
    """insert into dfworx.threads
         (id, created_at, organization_id, place_id, title, is_default, last_seq, version, history_seq)
       select gen_random_uuid(), now() - n * interval '1 minute', :organization, :place,
         'Number ' || n || ' of ' || md5(n::text), false, 0, 0, 0 from generate_series(1, 20000) n"""
)
OLDEST = text("update dfworx.threads set created_at = '2001-01-01', title = 'Zanzibar retrospective' where id = :id")
READS = text(
    """select sum(seq_scan), (select sum(idx_scan) from pg_stat_user_indexes
         where indexrelname in ('threads_title_words_index', 'threads_organization_id_activity_index'))
       from pg_stat_user_tables where relname = 'threads'"""
)


class TestFind:
    """One question, three kinds of answers."""

    async def test_parts_of_words_in_any_order_find_a_thread(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            for query in ("retries", "RETR queue", "gest ries", "queue ingest"):
                (thread,) = (await palette.find(tx, query)).threads
                assert (thread.title, thread.channel) == ("Retries on the ingest queue", "general")
            assert (await palette.find(tx, "retries nonsense")).threads == []

    async def test_without_a_question_it_gives_the_liveliest(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            await threads.open_thread(tx, cast.general, NewThread(title="Just now"))
            found = await palette.find(tx, "")
        assert found.threads[0].title == "Just now"
        assert (found.channels, found.people) == ([], [])

    async def test_channels_and_people(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            assert [channel.name for channel in (await palette.find(tx, "hir")).channels] == ["hiring"]
            assert [person.name for person in (await palette.find(tx, "okaf")).people] == ["Ben Okafor"]

    async def test_decisions_by_number_and_title(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            for title in ("Retry with backoff", "Keep 1 database"):
                new = NewDecision(title=title, outcome="Yes.", channel_id=cast.general)
                await protocol.propose(tx, (await drafting.draft(tx, new)).id, Proposal())
        async with acting_as(cast.cy) as tx:
            for query, refs in (
                ("DEC-1", ["DEC-1"]),
                ("1", ["DEC-1", "DEC-2"]),
                ("DEC-2", ["DEC-2"]),
                ("back retr", ["DEC-1"]),
                ("x 1", []),
            ):
                assert [each.ref for each in (await palette.find(tx, query)).decisions] == refs
        async with acting_as(cast.gus) as tx:
            assert (await palette.find(tx, "DEC-1")).decisions == []

    @pytest.mark.parametrize("query", ["%", "_", "\\", "''", "a & b | !c :*", "<->", "x\x00y", "ü ß 漢字", "("])
    async def test_marks_are_only_letters(self, acting_as, cast, query):
        async with acting_as(cast.cy) as tx:
            assert (await palette.find(tx, query)).threads == []
            assert (await threads.page(tx, cast.general, title=query)).items == []

    async def test_what_one_cannot_see_is_not_found(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            for query in ("offers", "hiring"):
                found = await palette.find(tx, query)
                assert (found.channels, found.threads) == ([], [])
        async with acting_as(cast.gus) as tx:
            assert (await palette.find(tx, "")).threads == []

    async def test_a_stranger_finds_nothing_by_asking_the_database_itself(self, acting_as, cast):
        async with acting_as(cast.eve) as tx:
            query = text("select * from dfworx.find_threads(:other, array['retries'], 8)")
            assert (await tx.run(query, {"other": cast.acme})).all() == []


class TestAmongMany:
    """It stays fast."""

    async def test_the_oldest_of_many_is_found_by_indexes(self, acting_as, cast: Cast, admin: Connection):
        admin.execute(MANY, {"organization": cast.acme, "place": cast.general})
        admin.execute(OLDEST, {"id": cast.retries})
        admin.execute(text("analyze dfworx.threads"))
        admin.execute(text("select pg_stat_force_next_flush()"))
        before = admin.execute(READS).one()
        async with acting_as(cast.cy) as tx:
            (found,) = await threads.find(tx, ["zanz", "retro"], 8)
            await tx.run(text("select pg_stat_force_next_flush()"))
        assert found.id == cast.retries
        after = admin.execute(READS).one()
        assert after[0] == before[0], "the table was read from one end to the other"
        assert after[1] >= before[1] + 2

    async def test_a_channel_s_list_is_filtered_page_by_page(self, acting_as, cast: Cast, monkeypatch):
        monkeypatch.setattr(threads, "PAGE", 2)
        seen, cursor = [], None
        async with acting_as(cast.ben) as tx:
            for n in range(5):
                await threads.open_thread(tx, cast.general, NewThread(title=f"Rollout {n}"))
            while True:
                page = await threads.page(tx, cast.general, cursor, "roll")
                seen += [thread.title for thread in page.items]
                cursor = page.next
                if cursor is None:
                    break
        assert sorted(seen) == [f"Rollout {n}" for n in range(5)]
