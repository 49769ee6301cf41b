"""Channels: each verb, and who may not."""

import pytest
from sqlalchemy import Connection, text

from dfworx.channels import service as channels
from dfworx.channels.errors import ChannelArchived, ChannelNameTaken
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.core.actor import Actor
from dfworx.core.errors import Forbidden, NotFound
from dfworx.core.permissions import Role
from dfworx.infra.database import transaction
from dfworx.organizations import service as organizations
from dfworx.organizations import service_arriving as arriving
from dfworx.organizations.validators import NewInvitation
from dfworx.threads import service as threads

pytestmark = pytest.mark.anyio


class TestCreate:
    """Creating a channel."""

    async def test_it_works(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            made = await channels.create(tx, NewChannel(name="platform", description="Servers"))
        async with acting_as(cast.cy) as tx:
            assert (await channels.get(tx, made.id)).name == "platform"

    async def test_it_has_a_default_thread_from_the_first_moment(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            made = await channels.create(tx, NewChannel(name="platform"))
        async with acting_as(cast.cy) as tx:
            (thread,) = (await threads.page(tx, made.id)).items
        assert thread.is_default

    async def test_a_private_one_is_seen_by_its_creator_alone(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            made = await channels.create(tx, NewChannel(name="secret", visibility="members"))
        async with acting_as(cast.cy) as tx:
            assert await channels.members(tx, made.id) == [cast.cy.membership_id]
        async with acting_as(cast.ada) as tx:
            with pytest.raises(NotFound):
                await channels.get(tx, made.id)

    async def test_two_of_one_name_conflict_whatever_the_case(self, acting_as, cast):
        with pytest.raises(ChannelNameTaken):
            async with acting_as(cast.ben) as tx:
                await channels.create(tx, NewChannel(name="General"))

    async def test_a_guest_may_not(self, acting_as, cast):
        with pytest.raises(Forbidden):
            async with acting_as(cast.gus) as tx:
                await channels.create(tx, NewChannel(name="platform"))


class TestChange:
    """Renaming and describing."""

    async def test_a_moderator_renames(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            changed = await channels.change(tx, cast.general, ChannelChange(name="lobby"))
        assert (changed.name, changed.description) == ("lobby", "")

    async def test_a_member_may_not(self, acting_as, cast):
        with pytest.raises(Forbidden):
            async with acting_as(cast.ben) as tx:
                await channels.change(tx, cast.general, ChannelChange(name="mine"))

    async def test_a_stranger_does_not_even_see_it(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.eve) as tx:
                await channels.change(tx, cast.general, ChannelChange(name="mine"))


class TestArchive:
    """Archiving keeps everything readable and takes nothing new."""

    async def test_it_takes_no_new_thread_until_it_is_restored(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            await channels.archive(tx, cast.general)
        with pytest.raises(ChannelArchived):
            async with acting_as(cast.ben) as tx:
                await channels.get_open(tx, cast.general)
        async with acting_as(cast.max) as tx:
            await channels.restore(tx, cast.general)
        async with acting_as(cast.ben) as tx:
            assert (await channels.get_open(tx, cast.general)).archived_at is None

    async def test_it_leaves_the_list_unless_asked_for(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            await channels.archive(tx, cast.general)
        async with acting_as(cast.ben) as tx:
            assert [c.name for c in await channels.all_visible(tx)] == ["hiring"]
            assert [c.name for c in await channels.all_visible(tx, archived=True)] == ["general", "hiring"]


class TestMembers:
    """Who was added sees a private channel; a guest sees nothing else."""

    async def test_an_added_guest_sees_the_channel_and_only_that(self, acting_as, cast):
        async with acting_as(cast.gus) as tx:
            assert await channels.all_visible(tx) == []
        async with acting_as(cast.max) as tx:
            await channels.add_member(tx, cast.general, cast.gus.membership_id)
        async with acting_as(cast.gus) as tx:
            assert [c.name for c in await channels.all_visible(tx)] == ["general"]

    async def test_a_removed_member_does_not_see_it_any_more(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await channels.remove_member(tx, cast.hiring, cast.ben.membership_id)
        async with acting_as(cast.ben) as tx:
            with pytest.raises(NotFound):
                await channels.get(tx, cast.hiring)

    async def test_a_creator_who_was_taken_out_does_not_see_it_either(self, acting_as, cast):
        async with acting_as(cast.max) as tx:
            made = await channels.create(tx, NewChannel(name="secret", visibility="members"))
        async with acting_as(cast.max) as tx:
            await channels.remove_member(tx, made.id, cast.max.membership_id)
        async with acting_as(cast.max) as tx:
            assert "secret" not in {c.name for c in await channels.all_visible(tx)}
        with pytest.raises(NotFound):
            async with acting_as(cast.max) as tx:
                await channels.add_member(tx, made.id, cast.max.membership_id)

    async def test_whoever_leaves_the_organization_comes_back_to_no_private_channel(self, acting_as, cast):
        async with acting_as(cast.ada) as tx:
            await organizations.remove(tx, cast.ben.membership_id)
            link = await organizations.invite(tx, NewInvitation(role=Role.MEMBER))
        async with transaction(Actor(user_id=cast.ben.user_id, session_id=cast.ben.session_id, name="Ben")) as tx:
            await arriving.accept(tx, link.token)
        async with acting_as(cast.ben) as tx:
            assert [c.name for c in await channels.all_visible(tx)] == ["general"]

    async def test_one_may_always_leave(self, acting_as, cast):
        async with acting_as(cast.ben) as tx:
            await channels.remove_member(tx, cast.hiring, cast.ben.membership_id)
        async with acting_as(cast.ada) as tx:
            assert await channels.members(tx, cast.hiring) == [cast.ada.membership_id]

    async def test_nobody_is_let_into_what_the_host_cannot_see(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.max) as tx:
                await channels.add_member(tx, cast.hiring, cast.max.membership_id)

    async def test_somebody_of_another_organization_is_not_found(self, acting_as, cast):
        with pytest.raises(NotFound):
            async with acting_as(cast.ada) as tx:
                await channels.add_member(tx, cast.hiring, cast.eve.membership_id)


async def test_what_was_done_stands_in_the_audit_with_it(acting_as, cast, admin: Connection):
    async with acting_as(cast.max) as tx:
        await channels.archive(tx, cast.general)
    rows = admin.execute(text("select name, user_id from dfworx.audit_events where about = :id"), {"id": cast.general})
    assert rows.all() == [("channels.ChannelArchived", cast.max.user_id)]
