"""Tags: each verb, who may not, what hangs where, and who sees it."""

from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from dfworx.channels import service as channels
from dfworx.core import ids
from dfworx.core.errors import Forbidden, NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_tags as tagging
from dfworx.decisions.validators import NewDecision, Sought
from dfworx.live.frames import frames_of
from dfworx.tags import service as tags
from dfworx.tags.errors import TagNameTaken
from dfworx.tags.events import TagChanged, TagCreated, Tagged, TagRemoved, Untagged
from dfworx.tags.validators import Category, Color, NewTag, TagChange
from dfworx.tags.views import TagView
from dfworx.threads import service as threads
from dfworx.threads.validators import Move

pytestmark = pytest.mark.anyio

HAPPENED = text("select name, about from dfworx.audit_events where organization_id = :acme and name like 'tags.%'")

LET_IN = text(
    "insert into dfworx.place_members (id, created_at, organization_id, place_id, membership_id) "
    "values (:id, now(), :acme, :place, :gus)"
)


@pytest.fixture
async def billing(acting_as, cast) -> TagView:
    """A tag of Acme."""
    async with acting_as(cast.max) as tx:
        return await tags.create(tx, NewTag(name="Billing", category=Category.APP, color=Color.TEAL))


@pytest.fixture
async def urgent(acting_as, cast) -> TagView:
    """Another one."""
    async with acting_as(cast.max) as tx:
        return await tags.create(tx, NewTag(name="urgent", category=Category.PRIORITY, color=Color.RED))


@pytest.fixture
async def decision(acting_as, cast) -> UUID:
    """A draft in #general."""
    async with acting_as(cast.ben) as tx:
        return (await decisions.draft(tx, NewDecision(title="One database", channel_id=cast.general))).id


class TestCreate:
    """Creating a tag."""

    async def test_it_works(self, acting_as, cast, billing, urgent):
        async with acting_as(cast.gus) as tx:
            assert await tags.all(tx) == [billing, urgent]

    async def test_a_name_is_there_once_in_a_category_whatever_the_case(self, acting_as, cast, billing):
        async with acting_as(cast.max) as tx:
            await tags.create(tx, NewTag(name="billing", category=Category.TOPIC))
        with pytest.raises(TagNameTaken):
            async with acting_as(cast.max) as tx:
                await tags.create(tx, NewTag(name="BILLING", category=Category.APP))

    async def test_another_organization_has_names_of_its_own(self, acting_as, cast, billing):
        async with acting_as(cast.eve) as tx:
            made = await tags.create(tx, NewTag(name="Billing", category=Category.APP))
            assert await tags.all(tx) == [made]

    @pytest.mark.parametrize("nick", ["ben", "gus"])
    async def test_members_and_guests_may_not(self, acting_as, cast, nick):
        with pytest.raises(Forbidden):
            async with acting_as(cast.people[nick]) as tx:
                await tags.create(tx, NewTag(name="mine"))

    @pytest.mark.parametrize("name", ["", " ", "x" * 41, "two\nlines"])
    def test_a_name_is_one_short_line(self, name):
        with pytest.raises(ValidationError):
            NewTag(name=name)


class TestChange:
    """Renaming and recoloring."""

    async def test_what_is_absent_stays(self, acting_as, cast, billing):
        async with acting_as(cast.dia) as tx:
            changed = await tags.change(tx, billing.id, TagChange(name="Invoices"))
        assert changed == billing.model_copy(update={"name": "Invoices"})

    async def test_another_case_of_its_own_name_is_no_conflict(self, acting_as, cast, billing):
        async with acting_as(cast.max) as tx:
            assert (await tags.change(tx, billing.id, TagChange(name="billing"))).name == "billing"

    async def test_nothing_new_announces_nothing(self, acting_as, cast, billing, admin):
        async with acting_as(cast.max) as tx:
            await tags.change(tx, billing.id, TagChange(color=Color.TEAL))
        names = {name for name, _ in admin.execute(HAPPENED, {"acme": cast.acme})}
        assert TagChanged.name not in names

    async def test_a_taken_name_is_a_conflict(self, acting_as, cast, billing, urgent):
        with pytest.raises(TagNameTaken):
            async with acting_as(cast.max) as tx:
                await tags.change(tx, urgent.id, TagChange(name="billing", category=Category.APP))

    async def test_a_member_may_not(self, acting_as, cast, billing):
        with pytest.raises(Forbidden):
            async with acting_as(cast.ben) as tx:
                await tags.change(tx, billing.id, TagChange(name="Invoices"))

    async def test_a_stranger_does_not_even_see_it(self, acting_as, cast, billing):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await tags.change(tx, billing.id, TagChange(name="Invoices"))


class TestRemove:
    """Deleting a tag."""

    async def test_it_comes_off_everywhere_also_where_the_moderator_sees_nothing(
        self, acting_as, cast, billing, urgent, decision
    ):
        async with acting_as(cast.ben) as tx:
            for thread in (cast.retries, cast.offers):
                await threads.tag(tx, thread, billing.id)
            await threads.tag(tx, cast.offers, urgent.id)
            await tagging.tag(tx, decision, billing.id)
        async with acting_as(cast.max) as tx:
            await tags.remove(tx, billing.id)
        async with acting_as(cast.ben) as tx:
            assert (await threads.get(tx, cast.retries)).tags == []
            assert (await threads.get(tx, cast.offers)).tags == [urgent]
            assert (await showing.get(tx, decision)).tags == []
            assert await tags.all(tx) == [urgent]

    async def test_a_member_may_not(self, acting_as, cast, billing):
        with pytest.raises(Forbidden):
            async with acting_as(cast.ben) as tx:
                await tags.remove(tx, billing.id)

    async def test_a_stranger_does_not_even_see_it(self, acting_as, cast, billing):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await tags.remove(tx, billing.id)


class TestOnThreads:
    """Tagging threads."""

    async def test_it_is_seen_in_the_thread_and_in_the_lists(self, acting_as, cast, billing, urgent):
        async with acting_as(cast.ben) as tx:
            await threads.tag(tx, cast.retries, urgent.id)
            await threads.tag(tx, cast.retries, billing.id)
        async with acting_as(cast.cy) as tx:
            assert (await threads.get(tx, cast.retries)).tags == [billing, urgent]
            shown = {thread.id: thread.tags for thread in (await threads.page(tx, cast.general)).items}
        assert shown[cast.retries] == [billing, urgent]
        assert shown[cast.lobby] == []

    async def test_putting_it_on_twice_changes_nothing(self, acting_as, cast, billing, admin):
        for member in (cast.ben, cast.cy):
            async with acting_as(member) as tx:
                await threads.tag(tx, cast.retries, billing.id)
        async with acting_as(cast.cy) as tx:
            await threads.untag(tx, cast.retries, billing.id)
            assert (await threads.get(tx, cast.retries)).tags == []
        told = [(name, about) for name, about in admin.execute(HAPPENED, {"acme": cast.acme}) if about == cast.retries]
        assert sorted(told) == [(Tagged.name, cast.retries), (Untagged.name, cast.retries)]

    async def test_what_does_not_hang_there_is_not_taken_off(self, acting_as, cast, billing):
        with pytest.raises(NotFound):
            async with acting_as(cast.ben) as tx:
                await threads.untag(tx, cast.retries, billing.id)

    async def test_who_is_not_in_a_private_channel_finds_no_thread_there(self, acting_as, cast, billing):
        for verb in (threads.tag, threads.untag):
            with pytest.raises(NotFound):
                async with acting_as(cast.max) as tx:
                    await verb(tx, cast.offers, billing.id)

    async def test_a_stranger_finds_nothing(self, acting_as, cast, billing):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await threads.tag(tx, cast.retries, billing.id)

    async def test_a_tag_of_another_organization_is_not_found(self, acting_as, cast):
        async with acting_as(cast.eve) as tx:
            theirs = await tags.create(tx, NewTag(name="theirs"))
        with pytest.raises(NotFound):
            async with acting_as(cast.ada) as tx:
                await threads.tag(tx, cast.retries, theirs.id)

    async def test_a_guest_sees_tags_and_puts_none_on(self, acting_as, cast, billing, admin):
        row = {"id": ids.new_id(), "acme": cast.acme, "place": cast.general, "gus": cast.gus.membership_id}
        admin.execute(LET_IN, row)
        async with acting_as(cast.ben) as tx:
            await threads.tag(tx, cast.retries, billing.id)
        async with acting_as(cast.gus) as tx:
            assert (await threads.get(tx, cast.retries)).tags == [billing]
        for verb in (threads.tag, threads.untag):
            with pytest.raises(Forbidden):
                async with acting_as(cast.gus) as tx:
                    await verb(tx, cast.retries, billing.id)

    async def test_also_in_an_archived_channel(self, acting_as, cast, billing):
        async with acting_as(cast.max) as tx:
            await channels.archive(tx, cast.general)
            await threads.tag(tx, cast.retries, billing.id)
            assert (await threads.get(tx, cast.retries)).tags == [billing]

    async def test_a_list_of_threads_with_all_of_some_tags(self, acting_as, cast, billing, urgent):
        async with acting_as(cast.ben) as tx:
            await threads.tag(tx, cast.retries, billing.id)
            await threads.tag(tx, cast.retries, urgent.id)
            await threads.tag(tx, cast.lobby, urgent.id)
            both = await threads.page(tx, cast.general, tagged=[billing.id, urgent.id, urgent.id])
            one = await threads.page(tx, cast.general, tagged=[urgent.id])
        assert [thread.id for thread in both.items] == [cast.retries]
        assert {thread.id for thread in one.items} == {cast.retries, cast.lobby}

    async def test_what_moves_into_a_private_channel_takes_its_tags_out_of_sight(self, acting_as, cast, billing):
        async with acting_as(cast.ada) as tx:
            await threads.tag(tx, cast.retries, billing.id)
            await threads.move(tx, cast.retries, Move(channel_id=cast.hiring))
            assert (await threads.get(tx, cast.retries)).tags == [billing]
        async with acting_as(cast.cy) as tx:
            assert await tags.on(tx, "thread", [cast.retries]) == {cast.retries: []}


class TestOnDecisions:
    """Tagging decisions."""

    async def test_it_is_seen_in_the_record_and_in_the_register(self, acting_as, cast, billing, decision):
        async with acting_as(cast.cy) as tx:
            await tagging.tag(tx, decision, billing.id)
            await tagging.tag(tx, decision, billing.id)
        async with acting_as(cast.ben) as tx:
            assert (await showing.get(tx, decision)).tags == [billing]
            (shown,) = (await showing.page(tx)).items
            assert shown.tags == [billing]
            assert (await threads.get(tx, shown.thread_id)).tags == []
            await tagging.untag(tx, decision, billing.id)
            assert (await showing.get(tx, decision)).tags == []

    async def test_the_part_of_the_register_with_all_of_some_tags(self, acting_as, cast, billing, urgent, decision):
        async with acting_as(cast.ben) as tx:
            await tagging.tag(tx, decision, billing.id)
            other = await decisions.draft(tx, NewDecision(title="Two databases", channel_id=cast.general))
            for tag in (billing, urgent):
                await tagging.tag(tx, other.id, tag.id)
            both = await showing.page(tx, Sought(tag=[billing.id, urgent.id]))
            one = await showing.page(tx, Sought(tag=[billing.id]))
        assert [each.id for each in both.items] == [other.id]
        assert [each.id for each in one.items] == [other.id, decision]

    async def test_who_does_not_see_it_finds_nothing(self, acting_as, cast, billing, decision):
        for member in (cast.eve, cast.gus):
            for verb in (tagging.tag, tagging.untag):
                with pytest.raises(NotFound):
                    async with acting_as(member) as tx:
                        await verb(tx, decision, billing.id)

    async def test_what_does_not_hang_there_is_not_taken_off(self, acting_as, cast, billing, decision):
        with pytest.raises(NotFound):
            async with acting_as(cast.ben) as tx:
                await tagging.untag(tx, decision, billing.id)


class TestFrames:
    """What open pages hear."""

    async def test_the_list_and_the_page_ask_anew(self, billing, cast):
        about = {"tag": billing, "kind": "thread", "subject_id": cast.retries, "scope": str(cast.general)}
        frames = frames_of(Tagged(**about, audience=("place:1",)))
        assert [(each.frame.list, each.frame.op, each.frame.scope) for each in frames] == [
            ("threads", "stale", str(cast.general)),
            ("thread", "stale", str(cast.retries)),
        ]
        assert {topic for each in frames for topic in each.topics} == {"place:1"}

    async def test_a_tag_itself_is_told_to_the_members(self, billing):
        told = {"tag": billing, "audience": ("organization:1",)}
        frames = [frames_of(event(**told)) for event in (TagCreated, TagChanged, TagRemoved)]
        assert [(each.frame.list, each.frame.op, each.topics) for (each,) in frames] == [
            ("tags", "put", ("organization:1",)),
            ("tags", "put", ("organization:1",)),
            ("tags", "drop", ("organization:1",)),
        ]
        assert frames[2][0].frame.item == {"id": str(billing.id)}
