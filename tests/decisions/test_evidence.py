"""Evidence: what a decision came from stays, and is seen by whoever may see where it was said."""

import pytest

from dfworx.core.errors import Forbidden, NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import Drawn
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage


@pytest.fixture
async def said(acting_as, cast):
    """What Ben has said in #hiring, private to Ada and him."""
    async with acting_as(cast.ben) as tx:
        return [await messages.post(tx, cast.offers, NewMessage(source=f"Offer *{n}*.")) for n in range(3)]


async def test_it_works(acting_as, cast, said):
    """The chosen messages in the order of the thread, as they were; the title is the thread's."""
    async with acting_as(cast.ben) as tx:
        drawn = Drawn(message_ids=[said[2].id, said[0].id])
        decision = await showing.get(tx, (await decisions.draw(tx, cast.offers, drawn)).id)
    assert [(each.seq, each.html.strip()) for each in decision.evidence] == [
        (said[0].seq, "<p>Offer <em>0</em>.</p>"), (said[2].seq, "<p>Offer <em>2</em>.</p>"),
    ]  # fmt: skip
    assert (decision.source_thread_id, decision.channel_id) == (cast.offers, cast.hiring)


async def test_the_whole_thread_is_evidence_when_nothing_is_chosen(acting_as, cast, said):
    """What was deleted is none."""
    async with acting_as(cast.ben) as tx:
        await messages.delete(tx, said[1].id)
        decision = await showing.get(tx, (await decisions.draw(tx, cast.offers, Drawn())).id)
    assert [each.message_id for each in decision.evidence] == [said[0].id, said[2].id]


async def test_the_snapshot_stays_and_says_that_something_changed(acting_as, cast, said):
    """An edit, and a deletion."""
    async with acting_as(cast.ben) as tx:
        decision = await decisions.draw(tx, cast.offers, Drawn(message_ids=[each.id for each in said]))
        await messages.edit(tx, said[0].id, MessageChange(source="Never said."))
        await messages.delete(tx, said[1].id)
        found = (await showing.get(tx, decision.id)).evidence
    assert [each.has_changed for each in found] == [True, True, False]
    assert "Offer" in found[0].html
    assert "Offer" in found[1].html


async def test_who_may_not_see_the_channel_sees_that_there_is_evidence(acting_as, cast, said):
    """And nothing of it."""
    async with acting_as(cast.ben) as tx:
        decision = await decisions.draw(tx, cast.offers, Drawn(channel_id=cast.general, title="How we hire"))
    async with acting_as(cast.cy) as tx:
        seen = await showing.get(tx, decision.id)
        assert [each.is_redacted for each in seen.evidence] == [True] * 3
        assert "Offer" not in seen.model_dump_json()
        assert str(said[0].id) not in seen.model_dump_json()
        assert str(cast.offers) not in seen.model_dump_json()


async def test_messages_of_elsewhere_are_no_evidence(acting_as, cast, said):
    """Nor can somebody draw from what they do not see, or as a guest."""
    async with acting_as(cast.ben) as tx:
        with pytest.raises(NotFound):
            await decisions.draw(tx, cast.lobby, Drawn(message_ids=[said[0].id]))
    async with acting_as(cast.cy) as tx:
        with pytest.raises(NotFound):
            await decisions.draw(tx, cast.offers, Drawn(message_ids=[said[0].id]))
    async with acting_as(cast.gus) as tx:
        with pytest.raises(Forbidden):
            await decisions.draw(tx, cast.lobby, Drawn())
