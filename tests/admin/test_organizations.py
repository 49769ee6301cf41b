"""Organizations and invitations, as administrators see them."""

import pytest
from sqlalchemy import text

from dfworx.admin import service_organizations as organizations
from dfworx.admin.validators import InvitationsAsked, OrganizationsAsked
from dfworx.core.errors import Forbidden, NotFound
from dfworx.core.ids import new_id
from dfworx.core.permissions import Role
from dfworx.infra.database import transaction
from dfworx.organizations import service as own
from dfworx.organizations.errors import LastOwner
from dfworx.organizations.validators import NewInvitation, OrganizationChange, RoleChange
from tests.admin.conftest import on_server, outside
from tests.cast import say

pytestmark = pytest.mark.anyio


async def test_a_server_admin_sees_them_in_numbers(acting_as, cast, nina, admin):
    say(admin, cast.ben, cast.lobby, "one", "two")
    async with transaction(on_server(nina)) as tx:
        acme = await organizations.get(tx, cast.acme)
        page = await organizations.page(tx, OrganizationsAsked(q=cast.slug))
    assert (acme.people, acme.messages, acme.owners) == (6, 2, ["Ada Ferreira"])
    assert page.items == [acme]


async def test_an_owner_does_not(acting_as, cast):
    async with transaction(outside(cast.ada)) as tx:
        with pytest.raises(Forbidden):
            await organizations.page(tx, OrganizationsAsked())


async def test_renaming_one_is_in_its_own_audit(acting_as, cast, nina, admin):
    async with transaction(on_server(nina)) as tx:
        assert (await organizations.rename(tx, cast.acme, OrganizationChange(name="Acme Again"))).name == "Acme Again"
    query = text("select user_id from dfworx.audit_events where organization_id = :id and name = :name")
    values = {"id": cast.acme, "name": "organizations.OrganizationRenamed"}
    assert admin.scalars(query, values).all() == [nina.user_id]


async def test_one_that_does_not_exist_is_not_found(acting_as, nina):
    async with transaction(on_server(nina)) as tx:
        with pytest.raises(NotFound):
            await organizations.rename(tx, new_id(), OrganizationChange(name="None"))


async def test_a_role_is_changed_anywhere_and_each_keeps_an_owner(acting_as, cast, nina):
    async with transaction(on_server(nina)) as tx:
        changed = await organizations.change_role(tx, cast.ben.membership_id, RoleChange(role=Role.ADMIN))
        assert changed.role is Role.ADMIN
    async with transaction(on_server(nina)) as tx:
        with pytest.raises(LastOwner):
            await organizations.change_role(tx, cast.eve.membership_id, RoleChange(role=Role.MEMBER))
        await tx.session.rollback()


async def test_invitations_stand_where_they_stand(acting_as, cast, nina):
    async with acting_as(cast.ada) as tx:
        made = await own.invite(tx, NewInvitation())
        (listed,) = (await organizations.invitations(tx, InvitationsAsked(state="open"))).items
    assert (listed.id, listed.creator, listed.state) == (made.invitation.id, "Ada Ferreira", "open")
    async with transaction(on_server(nina)) as tx:
        await organizations.revoke_invitation(tx, made.invitation.id)
    async with acting_as(cast.ada) as tx:
        (listed,) = (await organizations.invitations(tx, InvitationsAsked())).items
        assert listed.state == "revoked"
        assert (await organizations.invitations(tx, InvitationsAsked(state="open"))).items == []


async def test_those_of_another_organization_are_not_among_them(acting_as, cast):
    async with acting_as(cast.ada) as tx:
        await own.invite(tx, NewInvitation())
    async with acting_as(cast.eve) as tx:
        assert (await organizations.invitations(tx, InvitationsAsked())).items == []
