"""Templates: what every organization begins with, who changes it, and what a proposal takes of it."""

from itertools import product

import pytest

from dfworx.core import ids
from dfworx.core.errors import Forbidden, Invalid, NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_templates as templates
from dfworx.decisions.errors import LastTemplate, TemplateNameTaken
from dfworx.decisions.models_templates import DecisionTemplate
from dfworx.decisions.validators import Move, NewDecision, Proposal, Template
from dfworx.live.frames import frames_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("share", "least", "quorums"),
    [(0, 0, [0, 0, 0, 0]), (50, 1, [1, 1, 2, 3]), (100, 1, [1, 1, 3, 5]), (0, 2, [2, 1, 2, 2]), (34, 0, [0, 1, 2, 2])],
)
def test_the_quorum_follows_from_how_many_are_asked(share, least, quorums):
    """Of nobody (whoever answers), one, three, five."""
    template = DecisionTemplate(
        organization_id=ids.new_id(), position=1, name="x", quorum_share=share, quorum_least=least
    )
    assert [template.rule(asked).quorum for asked in (0, 1, 3, 5)] == quorums


async def test_every_organization_begins_with_four_and_an_admin_changes_them(acting_as, cast):
    """The others stay as they were, and a proposal takes what they say."""
    async with acting_as(cast.cy) as tx:
        consent, *others = await templates.all(tx)
        assert [each.name for each in (consent, *others)] == ["Consent", "Advice", "Consensus", "Majority"]
    same = consent.model_dump(include=set(Template.model_fields))
    async with acting_as(cast.dia) as tx:
        changed = await templates.change(tx, consent.id, Template(**{**same, "comment_hours": 24, "is_hidden": True}))
        (frame,) = frames_of(tx.events[-1][1])
        assert (frame.frame.list, frame.frame.op, frame.topics) == (
            "templates",
            "put",
            (f"organization:{cast.acme}",),
        )
    async with acting_as(cast.ben) as tx:
        assert await templates.all(tx) == [changed, *others]
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
        await protocol.propose(tx, draft.id, Proposal())
        proposed = await showing.get(tx, draft.id)
        assert (proposed.comment_hours, proposed.is_hidden, proposed.tally.quorum) == (24, True, 1)
    async with acting_as(cast.eve) as tx:
        assert [each.comment_hours for each in await templates.all(tx)] == [72] * 4


async def test_one_proposes_by_an_added_one_until_it_is_removed(acting_as, cast):
    """By its name, whatever the case; the last one stays."""
    two = Template(name="Two reviewers", quorum_share=0, quorum_least=2, share=100)
    async with acting_as(cast.ada) as tx:
        added = await templates.add(tx, two)
        with pytest.raises(TemplateNameTaken):
            async with tx.session.begin_nested():
                await templates.add(tx, Template(name="CONSENT"))
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
        asked = [each.membership_id for each in (cast.ada, cast.cy, cast.max)]
        await protocol.propose(tx, draft.id, Proposal(asked=asked, template="two REVIEWERS"))
        proposed = await showing.get(tx, draft.id)
        assert (proposed.tally.quorum, proposed.tally.share) == (2, 100)
    async with acting_as(cast.ada) as tx:
        (*others, last) = await templates.all(tx)
        assert last == added
        for each in others:
            await templates.remove(tx, each.id)
        with pytest.raises(LastTemplate):
            await templates.remove(tx, last.id)
        with pytest.raises(Invalid, match="no template “Consent”"):
            await templates.called(tx, "Consent")


async def test_one_proposes_by_the_first_one_as_an_admin_has_moved_them(acting_as, cast):
    """Each move is announced with both that changed places; beyond the ends nothing moves, and nothing is announced."""
    async with acting_as(cast.dia) as tx:
        consent, advice, *others = await templates.all(tx)
        moved = await templates.move(tx, advice.id, Move(to="up"))
        assert [each.id for each in moved] == [advice.id, consent.id, *(each.id for each in others)]
        assert [frame.frame.item["name"] for frame in frames_of(tx.events[-1][1])] == ["Advice", "Consent"]
        count = len(tx.events)
        assert await templates.move(tx, advice.id, Move(to="up")) == moved
        assert await templates.move(tx, others[-1].id, Move(to="down")) == moved
        assert len(tx.events) == count
    async with acting_as(cast.ben) as tx:
        assert await templates.all(tx) == moved
        assert (await templates.called(tx, None)).name == "Advice"
    async with acting_as(cast.eve) as tx:
        assert [each.name for each in await templates.all(tx)][:2] == ["Consent", "Advice"]
        with pytest.raises(NotFound):
            await templates.move(tx, advice.id, Move(to="up"))


async def test_after_one_is_removed_the_others_move_past_its_place(acting_as, cast):
    """Down and up again is as before."""
    async with acting_as(cast.ada) as tx:
        consent, advice, consensus, majority = await templates.all(tx)
        await templates.remove(tx, advice.id)
        down = await templates.move(tx, consent.id, Move(to="down"))
        assert [each.id for each in down] == [consensus.id, consent.id, majority.id]
        up = await templates.move(tx, consent.id, Move(to="up"))
        assert [each.id for each in up] == [consent.id, consensus.id, majority.id]


@pytest.mark.parametrize(
    ("proposal", "name"),
    [
        ({}, "Consent"),
        ({"template": "majority"}, "Majority"),
        ({"rule": {}}, ""),
        ({"template": "Advice", "rule": {"quorum": 0}}, "Advice"),
        ({"template": "Advice", "rule": {"quorum": 0, "ballot": "score"}}, "Advice"),
        ({"template": "Advice", "rule": {"quorum": 0, "comment_hours": 24}}, ""),
        ({"template": "Consent", "rule": {"quorum": 0}}, ""),
    ],
    ids=["none named", "named", "a rule of its own", "as it says", "with a ballot", "other hours", "another quorum"],
)
async def test_a_record_says_by_which_template_it_was_proposed(acting_as, cast, proposal, name):
    """As that was called then, whatever becomes of it; nothing where the rule is another one."""
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
        assert (await showing.get(tx, draft.id)).template == ""
        await protocol.propose(tx, draft.id, Proposal.model_validate(proposal))
        assert (await showing.get(tx, draft.id)).template == name
    async with acting_as(cast.ada) as tx:
        for each in await templates.all(tx):
            same = each.model_dump(include=set(Template.model_fields))
            await templates.change(tx, each.id, Template(**{**same, "name": f"Old {each.name}"}))
        assert (await showing.get(tx, draft.id)).template == name


async def test_the_database_knows_the_rules_of_templates(acting_as, cast):
    """Of those that one begins with, and of those that are kept; for nobody, one and three who are asked."""
    people = [each.membership_id for each in (cast.ada, cast.cy, cast.max)]
    for more in ("Fifth", "Sixth"):
        async with acting_as(cast.ben) as tx:
            for name, asked in product(("Consent", "Advice", "Consensus", "Majority"), (0, 1, 3)):
                draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
                await protocol.propose(tx, draft.id, Proposal(asked=people[:asked], template=name))
                assert (await showing.get(tx, draft.id)).template == name
        async with acting_as(cast.ada) as tx:
            await templates.add(tx, Template(name=more))


async def test_a_template_that_is_changed_meanwhile_is_not_named(acting_as, cast, monkeypatch):
    """It said the rule of the proposal a moment ago."""
    number = ledger.number

    async def late(tx) -> int:
        async with acting_as(cast.ada) as other:
            consent = (await templates.all(other))[0]
            await templates.change(other, consent.id, Template(name="Consent", share=50))
        return await number(tx)

    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=cast.general))
    monkeypatch.setattr(ledger, "number", late)
    async with acting_as(cast.ben) as tx:
        await protocol.propose(tx, draft.id, Proposal())
        found = await showing.get(tx, draft.id)
        assert (found.template, found.tally.share) == ("", 0)


async def test_a_moderator_does_not_change_them(acting_as, cast):
    """Nor does whoever proposes."""
    for who in (cast.max, cast.ben):
        async with acting_as(who) as tx:
            with pytest.raises(Forbidden):
                await templates.add(tx, Template(name="Mine"))
            with pytest.raises(Forbidden):
                await templates.move(tx, (await templates.all(tx))[1].id, Move(to="up"))
