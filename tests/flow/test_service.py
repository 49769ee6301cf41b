"""A new organization opens with a channel and a demo that can be removed."""

import pytest
from sqlalchemy import text

from dfworx.core.errors import Forbidden, NotFound
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
    assert [m.author for m in page.items] == [demo.AUTHOR] * 3
    assert "New Shop" in page.items[0].html


async def test_its_owner_removes_it(founded):
    actor, thread = founded
    async with transaction(actor) as tx:
        await threads.remove_demo(tx, thread.id)
    async with transaction(actor) as tx:
        with pytest.raises(NotFound):
            await threads.get(tx, thread.id)


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
