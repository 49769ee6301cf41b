"""What becomes of records: marks, confirmation, reviews, the register of the past."""

from datetime import timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from dfworx.core import clock
from dfworx.core.errors import Forbidden, Invalid
from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_graph as graph
from dfworx.decisions import service_inbox as inboxes
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.errors import DecisionChanged
from dfworx.decisions.models import Decision
from dfworx.decisions.models_aging import resting_on
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.validators import Amendment, Closing, Confirmation, NewConcern, NewDecision, Proposal, Rule, Stand
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.organizations import service as organizations


async def stale(acting_as, cast, *numbers) -> list[list[str]]:
    """For each what it rests on that holds no more."""
    async with acting_as(cast.ben) as tx:
        return [[each.because.ref for each in (await showing.numbered(tx, number)).stale] for number in numbers]


async def test_what_rests_on_it_grows_stale_with_it(acting_as, cast, deciding):
    """By way of others and in a circle, too; the record that takes its place does not, nor what names nothing."""
    one = await deciding("One database")
    two = await deciding("No second store", context=f"Follows from DEC-{one}.")
    three = await deciding("One backup", drivers=f"DEC-{two} and DEC-4")
    four = await deciding("Backups nightly", more=f"See DEC-{three}.")
    five = await deciding("Lunch at noon")
    async with acting_as(cast.cy) as tx:
        said = await messages.post(tx, cast.lobby, NewMessage(source=f"We do this because of DEC-{four}."))
        await messages.post(tx, cast.retries, NewMessage(source=f"And this because of DEC-{five}."))
    six = await deciding("Two databases", context=f"Instead of DEC-{one}.", supersedes=(one,))
    assert await stale(acting_as, cast, two, three, four, five, six) == [["DEC-1"], ["DEC-1"], ["DEC-1"], [], []]
    async with acting_as(cast.cy) as tx:
        assert [each.because.ref for each in await aging.why_stale(tx, said.thread_id)] == ["DEC-1"]
        assert await aging.why_stale(tx, cast.retries) == []
        await aging.confirm_thread(tx, said.thread_id)
        assert await aging.why_stale(tx, said.thread_id) == []


async def test_it_is_fixed_by_its_text_or_confirmed(acting_as, cast, deciding):
    """By whoever decides it, and nobody else."""
    one = await deciding("One database")
    two, three = await deciding("A", more=f"DEC-{one}"), await deciding("B", more=f"DEC-{one}")
    async with acting_as(cast.ben) as tx:
        await protocol.deprecate(tx, (await showing.numbered(tx, one)).id, Closing(reason="We have three."))
    assert await stale(acting_as, cast, two, three) == [["DEC-1"], ["DEC-1"]]
    async with acting_as(cast.cy) as tx:
        with pytest.raises(Forbidden):
            await aging.confirm(tx, (await showing.numbered(tx, two)).id, Confirmation())
    async with acting_as(cast.ben) as tx:
        assert [each.why for each in (await inboxes.inbox(tx)).stale] == ["rests on DEC-1"] * 2
        assert {each.ref: each.is_stale for each in (await showing.page(tx)).items} == {
            "DEC-1": False, "DEC-2": True, "DEC-3": True,
        }  # fmt: skip
        await aging.confirm(tx, (await showing.numbered(tx, two)).id, Confirmation())
        row = await showing.numbered(tx, three)
        content = {"title": "B", "outcome": "So it is.", "version": row.version, "note": "It named what is gone."}
        await decisions.amend(tx, row.id, Amendment(**content))
    assert await stale(acting_as, cast, two, three) == [[], []]


async def test_who_confirms_a_proposal_leaves_its_date_alone(acting_as, cast, deciding):
    """It is a part of the text, which people are asked about: only who writes another text sets another date."""
    one = await deciding("One database")
    async with acting_as(cast.ben) as tx:
        words = {"title": "Two", "outcome": "Two.", "more": f"As in DEC-{one}.", "review_on": "2031-01-01"}
        draft = await decisions.draft(tx, NewDecision(channel_id=cast.general, **words))
        await protocol.deprecate(tx, (await showing.numbered(tx, one)).id, Closing(reason="We have three."))
    async with acting_as(cast.ben) as tx:
        with pytest.raises(Invalid):
            await aging.confirm(tx, draft.id, Confirmation(review_on="2032-01-01"))
        await aging.confirm(tx, draft.id, Confirmation())
        after = await showing.get(tx, draft.id)
    assert (after.stale, after.version, str(after.review_on)) == ([], 1, "2031-01-01")


async def test_everybody_sees_beforehand_what_takes_the_place_of_what(acting_as, cast, deciding):
    """From the draft on; only who decides the old record can begin it, and who cannot see the draft sees nothing."""
    one = await deciding("One database", more="The first.")
    two = await deciding("Backups nightly", more=f"See DEC-{one}.")
    async with acting_as(cast.ben) as tx:
        new = NewDecision(title="Two", outcome="Two.", channel_id=cast.general, supersedes=[one])
        draft = await decisions.draft(tx, new)
        assert [each.number for each in (await showing.get(tx, draft.id)).replaces] == [one]
        assert (await showing.numbered(tx, one)).contested_by == []
        rule = Rule(quorum=1, comment_hours=0)
        await protocol.propose(tx, draft.id, Proposal(rule=rule, asked=[cast.cy.membership_id]))
        with pytest.raises(Invalid):
            await decisions.draft(tx, NewDecision(title="Three", channel_id=cast.general, supersedes=[three := 3]))
    async with acting_as(cast.cy) as tx:
        old = await showing.numbered(tx, one)
        assert [each.number for each in old.contested_by] == [three]
        assert [each.number for each in old.named_by] == [two]
        with pytest.raises(Forbidden):
            await decisions.draft(tx, NewDecision(title="Mine", channel_id=cast.general, supersedes=[one]))
        await protocol.stand(tx, draft.id, Stand(stand="agree"))
    assert await jobs.close_ended() >= 1
    async with acting_as(cast.cy) as tx:
        assert [each.number for each in (await showing.numbered(tx, three)).supersedes] == [one]
        assert (await showing.numbered(tx, three)).replaces == []
        gone = {each.ref: each.successor_ref for each in (await showing.page(tx)).items}
        assert gone == {"DEC-1": "DEC-3", "DEC-2": "", "DEC-3": ""}


async def test_a_due_review_waits_in_the_inbox_until_it_is_confirmed(acting_as, cast, deciding):
    """Nothing changes by itself."""
    today = clock.now().date()
    number = await deciding("One database", review_on=today)
    await deciding("Later", review_on=today + timedelta(days=1))
    async with acting_as(cast.ben) as tx:
        waiting = await inboxes.inbox(tx)
        assert ([each.number for each in waiting.reviews], waiting.count) == ([number], 1)
        assert [each.number for each in await showing.due(tx)] == [number]
        await aging.confirm(tx, waiting.reviews[0].id, Confirmation(review_on=today + timedelta(days=90)))
        again = await showing.get(tx, waiting.reviews[0].id)
        assert (again.status, again.is_due) == (Status.ACCEPTED, False)
        assert (await inboxes.inbox(tx)).count == 0


async def test_what_waits_for_a_decider_who_is_gone_waits_for_moderators(acting_as, cast, deciding, admin):
    """A concern, a review and a mark; for nobody else, and not as long as the decider is there."""
    one = await deciding("One database")
    await deciding("One backup", more=f"As in DEC-{one}.", review_on=clock.now().date())
    await deciding("Nothing waits")
    async with acting_as(cast.ben) as tx:
        await protocol.deprecate(tx, (await showing.numbered(tx, one)).id, Closing(reason="No more."))
        draft = await decisions.draft(tx, NewDecision(title="Three", outcome="Three.", channel_id=cast.general))
        await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))
    async with acting_as(cast.cy) as tx:
        await protocol.raise_concern(tx, draft.id, NewConcern(title="Who runs it?"))
    async with acting_as(cast.max) as tx:
        assert (await inboxes.inbox(tx)).orphaned == []
    shut = text("update dfworx.users set deactivated_at = case when :is_so then now() end where id = :id")
    admin.execute(shut, {"is_so": True, "id": cast.ben.user_id})
    async with acting_as(cast.max) as tx:
        assert len((await inboxes.inbox(tx)).orphaned) == 2
    admin.execute(shut, {"is_so": False, "id": cast.ben.user_id})
    async with acting_as(cast.max) as tx:
        assert (await inboxes.inbox(tx)).orphaned == []
    async with acting_as(cast.ada) as tx:
        await organizations.remove(tx, cast.ben.membership_id)
    async with acting_as(cast.max) as tx:
        waiting = await inboxes.inbox(tx)
        why = {each.title: each.why for each in waiting.orphaned}
        assert why == {"One backup": "a review is due · rests on DEC-1", "Three": "Who runs it?"}
        assert (waiting.count, waiting.orphaned[0].decider) == (2, "Ben Okafor")
        await aging.confirm(tx, waiting.orphaned[0].id, Confirmation())
        assert [each.title for each in (await inboxes.inbox(tx)).orphaned] == ["Three"]
    async with acting_as(cast.cy) as tx:
        assert (await inboxes.inbox(tx)).orphaned == []


async def test_the_register_as_it_stood(acting_as, cast, deciding, admin):
    """At every moment what was recorded then."""
    moments = []
    for step in ("a", "b"):
        await deciding(f"Number {step}")
        moments.append(admin.scalar(text("select clock_timestamp()")))
    async with acting_as(cast.ben) as tx:
        await protocol.deprecate(tx, (await showing.numbered(tx, 1)).id, Closing(reason="No more."))
    moments.append(admin.scalar(text("select clock_timestamp()")))
    stood = []
    for moment in moments:
        async with acting_as(cast.cy) as tx:
            stood.append([(each.ref, each.status.value) for each in await aging.as_of(tx, moment)])
    assert stood == [
        [("DEC-1", "accepted")],
        [("DEC-2", "accepted"), ("DEC-1", "accepted")],
        [("DEC-2", "accepted"), ("DEC-1", "deprecated")],
    ]


async def test_what_may_be_decided_already(acting_as, cast, deciding):
    """The nearest first, whatever the form of the words, with typing errors, too; nothing of what one cannot see."""
    await deciding("Retry with capped exponential backoff", drivers="Queues that fail.")
    await deciding("Postgres is the only database", drivers="One thing to back up.")
    async with acting_as(cast.cy) as tx:
        found = await showing.similar(tx, "Should we back off when retrying queues?")
        assert found[0].title.startswith("Retry")
        assert await showing.similar(tx, "the of and") == []
        for words, ref in (("Retyr with exponental bakcoff", "DEC-1"), ("Databsae", "DEC-2"), ("Postg", "DEC-2")):
            assert [each.ref for each in await showing.similar(tx, words)][:1] == [ref], words
        assert await showing.similar(tx, "Lunch 'at\\ noon") == []
    async with acting_as(cast.gus) as tx:
        assert await showing.similar(tx, "retry queues databsae") == []


@given(some.dictionaries(some.integers(0, 6), some.sets(some.integers(0, 6)), max_size=7), some.integers(0, 6))
def test_what_rests_on_a_record_is_all_that_leads_to_it(cites, gone):
    graph = {UUID(int=key): {UUID(int=each) for each in named} for key, named in cites.items()}
    target = UUID(int=gone)

    def leads(start: UUID) -> bool:
        seen: set[UUID] = set()
        ahead = [start]
        while ahead:
            for each in graph.get(ahead.pop(), set()) - seen:
                seen.add(each)
                ahead.append(each)
        return target in seen

    assert resting_on(target, graph) == {each for each in graph if each != target and leads(each)}


SVG = "{http://www.w3.org/2000/svg}"


async def test_the_timeline_shows_what_took_whose_place(acting_as, cast, deciding):
    """As one picture, the newest on top, in which titles are text."""
    one = await deciding("One <database>")
    await deciding("Lunch at noon")
    await deciding("Two databases", supersedes=(one,))
    async with acting_as(cast.cy) as tx:
        drawn = ET.fromstring(await graph.timeline(tx))
    names = [each.text for each in drawn.iter(f"{SVG}text") if each.get("class") == "node-name"]
    assert names == ["DEC-3 Two databases", "DEC-2 Lunch at noon", "DEC-1 One <database>"]
    states = [(each.text or "").partition(" · ")[2] for each in drawn.iter(f"{SVG}text")][1::2]
    assert states == ["accepted", "accepted", "superseded by DEC-3"]
    assert len(list(drawn.iter(f"{SVG}path"))) == 1
    three, two, one_ = (each.get("cx") for each in drawn.iter(f"{SVG}circle"))
    assert three == one_ != two


@settings(deadline=None)  # on a busy machine
@given(replaced=some.lists(some.one_of(some.none(), some.integers(0, 11)), min_size=12, max_size=12))
def test_no_line_runs_through_a_record(replaced):
    """Whatever replaces what, also what has a later number than its successor, as imported records may."""
    ids = [UUID(int=number + 1) for number in range(12)]
    newest = [
        Decision(
            id=id_,
            organization_id=id_,
            thread_id=id_,
            created_by=id_,
            title="",
            superseded_by=None if by in {None, number} else ids[by],
        )
        for number, (id_, by) in enumerate(zip(ids, replaced, strict=True))
    ]
    places = graph.places_of(newest)
    assert sorted(row for row, _ in places.values()) == list(range(12))
    for old in newest:
        if old.superseded_by is None:
            continue
        (below, lane), (above, _) = places[old.id], places[old.superseded_by]
        crossed = [place for place in places.values() if above < place[0] < below and place[1] == lane]
        assert not crossed


async def test_confirming_stands_in_the_ledger_and_is_no_forgery(acting_as, cast, deciding):
    """Another date for the next review is another entry, and nobody who wrote meanwhile takes it back unseen."""
    one = await deciding("One database", review_on="2026-01-01")
    async with acting_as(cast.ben) as tx:
        record = await showing.numbered(tx, one)
        await aging.confirm(tx, record.id, Confirmation(review_on="2031-01-01"))
        texts = await showing.revisions(tx, record.id)
        assert [(each.version, each.note) for each in texts] == [(2, "Looked at again: it holds."), (1, "")]
        old = {"title": record.title, "outcome": "So it was.", "review_on": record.review_on, "note": "The tense."}
    with pytest.raises(DecisionChanged):
        async with acting_as(cast.ben) as tx:
            await decisions.amend(tx, record.id, Amendment(**old, version=record.version))
    async with acting_as(cast.ada) as tx:
        found = await ledger.verify(tx)
    assert (found.entries, found.altered, found.reason) == (2, None, "")


async def test_a_text_that_still_names_it_stays_stale_whoever_writes(acting_as, cast, deciding, admin):
    """Also who cannot see what it names."""
    one = await deciding("One database")
    two = await deciding("One backup", more=f"Follows from DEC-{one}.")
    await deciding("Two databases", supersedes=(one,))
    hide = (
        "update dfworx.threads set place_id = :place where id = (select thread_id from dfworx.decisions where id = :id)"
    )
    async with acting_as(cast.ben) as tx:
        ids = [(await showing.numbered(tx, number)).id for number in (one, two)]
    admin.execute(text(hide), {"place": cast.hiring, "id": ids[0]})
    marks = text("select count(*) from dfworx.stale_marks where decision_id = :id and cleared_at is null")
    assert admin.scalar(marks, {"id": ids[1]}) == 1
    async with acting_as(cast.max) as tx:
        change = Amendment(
            title="One backup!", outcome="So it is.", more=f"Follows from DEC-{one}.", version=1, note="!"
        )
        await decisions.amend(tx, ids[1], change)
    assert admin.scalar(marks, {"id": ids[1]}) == 1
