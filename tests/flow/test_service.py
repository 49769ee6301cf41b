"""A new organization opens with a channel and a demo that can be removed."""

import pytest
from sqlalchemy import text

from dfworx.core.errors import Forbidden, NotFound
from dfworx.decisions import service as drafting
from dfworx.decisions import service_discussing as discussing
from dfworx.decisions import service_inbox as inboxes
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_tags as decisions
from dfworx.decisions import service_talk as talk
from dfworx.decisions.errors import DemoStays
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.validators import Drawn, NewConcern, NewDecision, NewReply, Proposal, Stand
from dfworx.flow import demo
from dfworx.infra.database import transaction
from dfworx.messages import service as messages
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import NewOrganization
from dfworx.tags import service as tags
from dfworx.tags.validators import NewTag
from dfworx.threads import service as threads

pytestmark = pytest.mark.anyio


@pytest.fixture
async def founded(acting_as, cast):
    """An organization that Eve has just founded: its actor, and the demo thread."""
    async with acting_as(cast.eve) as tx:
        await organizations.create(tx, NewOrganization(name="New Shop"))
        actor = tx.actor
    async with transaction(actor) as tx:
        (general,) = await threads.sidebar(tx)
        page = await threads.page(tx, general.id)
    return actor, next(thread for thread in page.items if thread.is_demo)


async def test_the_demo_says_how_a_thread_works(founded):
    actor, thread = founded
    async with transaction(actor) as tx:
        page = await messages.page(tx, thread.id)
    assert [m.author for m in page.items] == [demo.AUTHOR] * len(demo.MESSAGES)
    assert "New Shop" in page.items[0].html


async def test_it_asks_the_founder_for_a_position(founded):
    actor, thread = founded
    async with transaction(actor) as tx:
        (asked,) = (await inboxes.inbox(tx)).positions
        (outcome,) = await talk.of_thread(tx, thread.id)
        await protocol.stand(tx, asked.id, Stand(stand="agree"))
        held = await showing.get(tx, asked.id)
    assert (asked.ref, asked.title, outcome.id) == ("DEC-1", demo.DECISION["title"], asked.id)
    assert (held.status, len(held.evidence), held.decider) == (Status.FINAL_COMMENT, 2, actor.name)


async def test_its_owner_removes_it_without_a_trace(founded, admin):
    actor, thread = founded
    async with transaction(actor) as tx:
        (asked,) = (await inboxes.inbox(tx)).positions
        await protocol.stand(tx, asked.id, Stand(stand="disagree", reason="Not yet."))
        await protocol.raise_concern(tx, asked.id, NewConcern(title="Who reads it?"))
        concern = (await showing.get(tx, asked.id)).concerns[0]
        await discussing.reply(tx, concern.id, NewReply(source="Everybody."))
        await decisions.tag(tx, asked.id, (await tags.create(tx, NewTag(name="look"))).id)
    async with transaction(actor) as tx:
        await threads.remove_demo(tx, thread.id)
    async with transaction(actor) as tx:
        for gone in (thread.id, asked.thread_id):
            with pytest.raises(NotFound):
                await threads.get(tx, gone)
        general = (await threads.sidebar(tx))[0].id
        new = await drafting.draft(tx, NewDecision(title="Lunch", outcome="At noon.", channel_id=general))
        assert (await protocol.propose(tx, new.id, Proposal())).ref == "DEC-1"


async def test_once_another_number_is_given_it_is_withdrawn(founded):
    actor, thread = founded
    async with transaction(actor) as tx:
        general = (await threads.sidebar(tx))[0].id
        new = await drafting.draft(tx, NewDecision(title="Lunch", outcome="At noon.", channel_id=general))
        await protocol.propose(tx, new.id, Proposal())
    async with transaction(actor) as tx:
        await threads.remove_demo(tx, thread.id)
    async with transaction(actor) as tx:
        left = await showing.numbered(tx, 1)
    assert (left.status, left.closing, left.evidence) == (Status.WITHDRAWN, "The demo was removed.", [])


async def test_what_was_decided_out_of_it_keeps_it(founded):
    actor, thread = founded
    async with transaction(actor) as tx:
        await drafting.draw(tx, thread.id, Drawn())
    with pytest.raises(DemoStays):
        async with transaction(actor) as tx:
            await threads.remove_demo(tx, thread.id)


async def test_its_tags_go_with_it(founded, admin):
    actor, thread = founded
    hanging = text("select count(*) from dfworx.taggings where subject_id = :id")
    async with transaction(actor) as tx:
        await threads.tag(tx, thread.id, (await tags.create(tx, NewTag(name="look"))).id)
    assert admin.scalar(hanging, {"id": thread.id}) == 1
    async with transaction(actor) as tx:
        await threads.remove_demo(tx, thread.id)
    assert admin.scalar(hanging, {"id": thread.id}) == 0


async def test_nothing_else_can_be_removed_that_way(acting_as, cast):
    with pytest.raises(Forbidden):
        async with acting_as(cast.ada) as tx:
            await threads.remove_demo(tx, cast.retries)
