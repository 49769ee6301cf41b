"""Decisions where people talk: which messages became evidence, what was decided out of a thread, what a link shows."""

import pytest
from sqlalchemy import text

from dfworx.core import clock
from dfworx.core.errors import NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_talk as talk
from dfworx.decisions.events import DecisionDrafted, DecisionNamed
from dfworx.decisions.live import changed, named
from dfworx.decisions.validators import Change, Closing, Drawn, NewDecision, Proposal, Stand
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.threads import live as threads_live
from dfworx.threads import service as threads
from dfworx.threads.errors import NamedByDecision
from dfworx.threads.events import ThreadOpened
from dfworx.threads.validators import NewThread
from dfworx.threads.views import ThreadView

pytestmark = pytest.mark.anyio


@pytest.fixture
async def said(acting_as, cast):
    """What Ben has said in #hiring, private to Ada and him."""
    async with acting_as(cast.ben) as tx:
        return [await messages.post(tx, cast.offers, NewMessage(source=f"Offer {n}.")) for n in range(3)]


@pytest.fixture
async def drawn(acting_as, cast, said):
    """A draft out of two of them."""
    async with acting_as(cast.ben) as tx:
        return await decisions.draw(tx, cast.offers, Drawn(message_ids=[said[0].id, said[2].id]))


async def propose(acting_as, cast, draft, **words):
    """Ben's proposal, which asks Ada and himself."""
    async with acting_as(cast.ben) as tx:
        content = (await showing.get(tx, draft.id)).model_dump(include=set(Change.model_fields)) | words
        revised = await decisions.revise(tx, draft.id, Change(**content))
        asked = [cast.ada.membership_id, cast.ben.membership_id]
        return await protocol.propose(tx, revised.id, Proposal(asked=asked))


class TestEvidenceInAThread:
    """GET /threads/{thread_id}/evidence."""

    async def test_it_works(self, acting_as, cast, said, drawn):
        """Each message with its decision, for whoever sees both."""
        async with acting_as(cast.ada) as tx:
            found = await talk.evidence_in(tx, cast.offers)
        assert [(each.message_id, each.decision.id) for each in found] == [
            (said[0].id, drawn.id), (said[2].id, drawn.id),
        ]  # fmt: skip

    async def test_stranger_guest_colleague_and_owner(self, asking, cast, drawn):
        """Only who sees the thread."""
        path = f"/organizations/{cast.slug}/threads/{cast.offers}/evidence"
        answers = {nick: await asking(cast.people[nick]).get(path) for nick in ("ada", "cy", "gus", "eve")}
        assert {nick: answer.status_code for nick, answer in answers.items()} == {
            "ada": 200, "cy": 404, "gus": 404, "eve": 404,
        }  # fmt: skip
        assert {each["decision"]["ref"] for each in answers["ada"].json()} == {""}
        assert (await asking().get(path)).status_code == 401

    async def test_a_decision_that_one_cannot_see_is_not_told_of(self, acting_as, cast):
        """Drawn out of an open thread into a private channel."""
        async with acting_as(cast.ben) as tx:
            await messages.post(tx, cast.retries, NewMessage(source="In the open."))
            await decisions.draw(tx, cast.retries, Drawn(channel_id=cast.hiring))
            assert len(await talk.evidence_in(tx, cast.retries)) == 1
        async with acting_as(cast.cy) as tx:
            assert await talk.evidence_in(tx, cast.retries) == []
            assert await talk.of_thread(tx, cast.retries) == []

    async def test_a_draft_that_was_taken_back_leaves_no_trace_in_the_talk(self, acting_as, cast, drawn):
        """But in its own thread."""
        async with acting_as(cast.ben) as tx:
            await protocol.withdraw(tx, drawn.id, Closing(reason="A slip."))
            assert await talk.evidence_in(tx, cast.offers) == []
            assert await talk.of_thread(tx, cast.offers) == []
            assert [each.id for each in await talk.of_thread(tx, drawn.thread_id)] == [drawn.id]

    async def test_a_thread_that_does_not_exist_is_not_found(self, acting_as, cast):
        """Nor is its evidence."""
        async with acting_as(cast.ben) as tx:
            with pytest.raises(NotFound):
                await talk.evidence_in(tx, cast.acme)


class TestSummary:
    """What a strip, a row or a card says."""

    async def test_it_counts_those_asked_who_have_answered_on_this_text(self, acting_as, cast, drawn):
        """Another text asks everybody anew; who is not asked does not count."""
        proposal = await propose(acting_as, cast, drawn, outcome="# We **make**\nthe `offer`.")
        async with acting_as(cast.ada) as tx:
            await protocol.stand(tx, proposal.id, Stand(stand="agree"))
        async with acting_as(cast.ada) as tx:
            [seen] = await talk.of_thread(tx, cast.offers)
        assert (seen.asked, seen.answered, seen.is_asked, seen.has_answered) == (2, 1, True, True)
        assert seen.gist == "We make the offer."

    async def test_a_chosen_option_says_it_shorter_than_the_outcome(self, acting_as, cast, drawn):
        """And a long outcome only begins."""
        proposal = await propose(acting_as, cast, drawn, outcome="word " * 100)
        async with acting_as(cast.ben) as tx:
            [seen] = await showing.some(tx, [proposal.number])
            assert seen.gist.endswith("word…")
            content = proposal.model_dump(include=set(Change.model_fields)) | {"chosen": "Make it"}
            await decisions.revise(tx, proposal.id, Change(**content))
            [seen] = await showing.some(tx, [proposal.number])
        assert (seen.gist, seen.decider) == ("Make it", "Ben Okafor")


class TestFrames:
    """What the open thread hears."""

    async def test_the_thread_that_it_was_drawn_from_is_told_to_ask(self, drawn, cast):
        """And learns nothing by it that somebody in there may not know."""
        event = DecisionDrafted(decision=drawn, audience=("organization:x",), source_thread_id=cast.offers)
        frame = [each for each in changed(event) if each.frame.list == "outcomes"]
        assert [(each.topics, each.frame.op, each.frame.item) for each in frame] == [
            ((f"thread:{cast.offers}",), "stale", {}),
        ]  # fmt: skip

    async def test_one_that_began_without_a_thread_tells_none(self, drawn):
        """There is nobody to tell."""
        event = DecisionDrafted(decision=drawn, audience=("organization:x",))
        assert [each.frame.list for each in changed(event)] == ["decisions", "decision"]


class TestNaming:
    """Where a record is named."""

    async def test_its_page_hears_of_it_and_of_nothing_else(self, acting_as, cast, drawn, admin):
        """Also where whoever names it does not see it; frames tell nobody who or where."""
        record = await propose(acting_as, cast, drawn, outcome="We make it.")

        def told() -> int:
            query = "select payload from dfworx.outbox where name = 'decisions.DecisionNamed' and organization_id = :id"
            rows = admin.execute(text(query), {"id": cast.acme}).scalars().all()
            hearing = {topic for each in rows for topic in each["audience"]}
            assert hearing <= {f"place:{cast.hiring}"}, "those who see the record, and no others"
            assert {each["decision_id"] for each in rows} <= {str(record.id)}
            return len(rows)

        async with acting_as(cast.cy) as tx:
            said = await messages.post(tx, cast.retries, NewMessage(source="As DEC-1 and DEC-9 say."))
            await messages.post(tx, cast.retries, NewMessage(source="As it says."))
        assert told() == 1
        for source, times in (("As DEC-1 says.", 1), ("As it says.", 2), ("As `DEC-1` and DEC-1 say.", 3)):
            async with acting_as(cast.cy) as tx:
                await messages.edit(tx, said.id, MessageChange(source=source))
            assert told() == times
        async with acting_as(cast.cy) as tx:
            await messages.delete(tx, said.id)
        assert told() == 4
        async with acting_as(cast.ben) as tx:
            new = NewDecision(title="Another", more="See DEC-1.", outcome="So.", channel_id=cast.general)
            other = await decisions.draft(tx, new)
        assert told() == 5
        async with acting_as(cast.ben) as tx:
            await protocol.propose(tx, other.id, Proposal())
        assert told() == 6, "it has a number now"
        (frame,) = named(DecisionNamed(decision_id=record.id, audience=(f"place:{cast.hiring}",)))
        assert (frame.frame.list, frame.frame.op, frame.frame.item) == ("decision", "stale", {})


class TestConversation:
    """The thread of a decision."""

    async def test_lists_show_it_once_something_is_said_there(self, acting_as, cast):
        """Drafts and records do not bury what people talk about; the palette shows the decision itself."""
        async with acting_as(cast.ben) as tx:
            draft = await decisions.draft(tx, NewDecision(title="Retry with backoff", channel_id=cast.general))
            assert draft.thread_id not in {each.id for each in (await threads.page(tx, cast.general)).items}
            await messages.post(tx, draft.thread_id, NewMessage(source="Is this enough?"))
            (listed,) = [each for each in (await threads.page(tx, cast.general)).items if each.is_record]
            assert listed.id == draft.thread_id
            assert draft.thread_id not in {each.id for each in await threads.find(tx, ["backoff"], 10)}

    async def test_it_is_called_as_its_decision(self, acting_as, cast):
        """Nobody renames it, and another text of the decision does."""
        async with acting_as(cast.ben) as tx:
            draft = await decisions.draft(tx, NewDecision(title="Retry", channel_id=cast.general))
            with pytest.raises(NamedByDecision):
                await threads.rename(tx, draft.thread_id, NewThread(title="Something else"))
            await decisions.revise(tx, draft.id, Change(title="Retry with backoff", version=1))
            assert (await threads.get(tx, draft.thread_id)).title == "Retry with backoff"

    def test_pages_learn_of_it_only_then(self, cast):
        """A page that does not list it takes no notice of its title."""
        facts = {"id": cast.retries, "place_id": cast.general, "title": "DEC-1", "is_default": False, "version": 0}
        quiet = ThreadView(
            **facts, is_record=True, last_seq=0, created_at=clock.now(), created_by=None, last_message_at=None,
            resolved_at=None,
        )  # fmt: skip
        ops = []
        for thread in (quiet, quiet.model_copy(update={"last_seq": 1})):
            (told,) = threads_live.changed(ThreadOpened(thread=thread, audience=("organization:1",)))
            ops.append(told.frame.op)
        assert ops == ["patch", "put"]
