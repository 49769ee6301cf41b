"""What administrators do to the accounts of others."""

import pytest
from sqlalchemy import text

from dfworx.accounts import service as own
from dfworx.accounts import service_identity as identities
from dfworx.accounts.errors import BadCredentials
from dfworx.accounts.validators import PasswordReset, SignIn
from dfworx.admin import service_accounts as accounts
from dfworx.admin.errors import LastServerAdmin
from dfworx.admin.validators import SessionsAsked
from dfworx.core.actor import NOBODY, Actor, Device
from dfworx.core.errors import Forbidden, NotFound
from dfworx.infra.database import transaction
from dfworx.organizations import service as organizations
from tests.admin.conftest import on_server, outside
from tests.people import SECRET

pytestmark = pytest.mark.anyio


def alive(admin, member):
    """Whether the person has a session left."""
    query = text("select count(*) from dfworx.sessions where user_id = :id and revoked_at is null")
    return admin.scalar(query, {"id": member.user_id}) > 0


def audited(admin, name, about):
    """Who did this to that, as the audit has it."""
    query = text("select user_id, organization_id from dfworx.audit_events where name = :name and about = :about")
    return [tuple(row) for row in admin.execute(query, {"name": name, "about": about})]


class TestDeactivate:
    """Letting somebody in no more."""

    async def test_it_ends_every_session_and_refuses_to_sign_in(self, acting_as, cast, nina, admin, has_password):
        has_password(cast.ben)
        async with transaction(on_server(nina)) as tx:
            assert (await accounts.deactivate(tx, cast.ben.user_id)).deactivated_at is not None
        assert not alive(admin, cast.ben)
        assert await identities.identify(cast.ben.session_id, cast.slug) == NOBODY
        with pytest.raises(BadCredentials):
            await own.sign_in(SignIn(email=cast.ben.email, password=SECRET), Device())
        assert audited(admin, "admin.PersonDeactivated", cast.ben.user_id) == [(nina.user_id, None)]

    async def test_who_is_let_in_again_can_sign_in(self, acting_as, cast, nina, has_password):
        has_password(cast.ben)
        async with transaction(on_server(nina)) as tx:
            await accounts.deactivate(tx, cast.ben.user_id)
            assert (await accounts.reactivate(tx, cast.ben.user_id)).deactivated_at is None
        assert (await own.sign_in(SignIn(email=cast.ben.email, password=SECRET), Device())).user_id == cast.ben.user_id

    async def test_twice_is_told_once(self, acting_as, cast, nina, admin):
        for _ in range(2):
            async with transaction(on_server(nina)) as tx:
                await accounts.deactivate(tx, cast.ben.user_id)
        assert len(audited(admin, "admin.PersonDeactivated", cast.ben.user_id)) == 1

    @pytest.mark.parametrize("nick", ["ada", "eve", "ben"])
    async def test_nobody_else_may(self, acting_as, cast, nick):
        async with transaction(outside(cast.people[nick])) as tx:
            with pytest.raises(Forbidden):
                await accounts.deactivate(tx, cast.cy.user_id)


class TestServerAdmins:
    """Making them and unmaking them."""

    async def test_one_makes_another(self, acting_as, cast, nina):
        async with transaction(on_server(nina)) as tx:
            made = await accounts.make_server_admin(tx, cast.ada.user_id)
            assert made.is_server_admin
            await accounts.unmake_server_admin(tx, cast.ada.user_id)

    @pytest.mark.parametrize("how", [accounts.deactivate, accounts.unmake_server_admin])
    async def test_the_last_one_stays(self, acting_as, nina, admin, how):
        admin.execute(text("update dfworx.users set is_server_admin = (id = :id)"), {"id": nina.user_id})
        async with transaction(on_server(nina)) as tx:
            with pytest.raises(LastServerAdmin):
                await how(tx, nina.user_id)
            await tx.session.rollback()

    async def test_the_command_line_makes_one_when_there_is_none(self, acting_as, cast, admin):
        async with transaction(Actor.server()) as tx:
            await accounts.make_server_admin(tx, cast.ben.user_id)
        assert audited(admin, "admin.ServerAdminMade", cast.ben.user_id) == [(None, None)]
        admin.execute(text("update dfworx.users set is_server_admin = false where id = :id"), {"id": cast.ben.user_id})


class TestSessions:
    """Where others are signed in."""

    async def test_an_administrator_sees_those_of_the_organization(self, acting_as, cast):
        async with acting_as(cast.dia) as tx:
            seen = {each.name for each in (await accounts.sessions(tx, SessionsAsked())).items}
        assert seen == {"Ben Okafor", "Cy Lindqvist", "Gus Visitor", "Max Stone"}  # not the owner's, nor the own

    async def test_it_goes_on(self, acting_as, cast, monkeypatch):
        monkeypatch.setattr(accounts, "PAGE", 2)
        async with acting_as(cast.ada) as tx:
            first = await accounts.sessions(tx, SessionsAsked())
            second = await accounts.sessions(tx, SessionsAsked(), first.next)
        assert len({each.id for each in (*first.items, *second.items)}) == 4

    async def test_ending_one_ends_it_alone(self, acting_as, cast, admin):
        async with acting_as(cast.dia) as tx:
            await accounts.end_session(tx, cast.ben.session_id)
        assert (alive(admin, cast.ben), alive(admin, cast.cy)) == (False, True)

    async def test_that_of_another_organization_does_not_exist(self, acting_as, cast, admin):
        async with acting_as(cast.ada) as tx:
            with pytest.raises(NotFound):
                await accounts.end_session(tx, cast.eve.session_id)
        assert alive(admin, cast.eve)

    async def test_a_server_admin_signs_anybody_out(self, acting_as, cast, nina, admin):
        async with transaction(on_server(nina)) as tx:
            await accounts.sign_out(tx, cast.eve.user_id)
        assert not alive(admin, cast.eve)

    async def test_a_member_may_not(self, acting_as, cast):
        async with acting_as(cast.cy) as tx:
            with pytest.raises(Forbidden):
                await accounts.sign_out(tx, cast.ben.user_id)


class TestReach:
    """An account is more than a membership."""

    @pytest.fixture
    def guest(self, cast, admin):
        """Eve, who owns Umbrella, is a guest of Acme too."""
        join = text(
            "insert into dfworx.memberships (id, created_at, organization_id, user_id, name, role) "
            "values (gen_random_uuid(), now(), :organization, :user, 'Eve', 'guest') returning id"
        )
        return admin.scalar(join, {"organization": cast.acme, "user": cast.eve.user_id})

    async def test_who_belongs_elsewhere_too_is_out_of_an_administrator_s_reach(self, acting_as, cast, guest, admin):
        async with acting_as(cast.ada) as tx:
            with pytest.raises(Forbidden):
                await accounts.sign_out(tx, cast.eve.user_id)
        async with acting_as(cast.ada) as tx:
            with pytest.raises(NotFound):
                await accounts.end_session(tx, cast.eve.session_id)
        assert alive(admin, cast.eve)

    async def test_nor_is_there_a_link_to_another_password(self, acting_as, cast, guest):
        """Inviting the owner of another organization as a guest would be the way into it."""
        async with acting_as(cast.ada) as tx:
            with pytest.raises(Forbidden):
                await organizations.issue_reset_link(tx, guest)

    async def test_a_server_admin_is_out_of_reach_of_the_own_organization_s_owner(self, acting_as, cast, admin):
        admin.execute(text("update dfworx.users set is_server_admin = true where id = :id"), {"id": cast.ben.user_id})
        async with acting_as(cast.ada) as tx:
            with pytest.raises(Forbidden):
                await organizations.issue_reset_link(tx, cast.ben.membership_id)
        admin.execute(text("update dfworx.users set is_server_admin = false where id = :id"), {"id": cast.ben.user_id})

    async def test_an_admin_does_not_sign_out_an_owner(self, acting_as, cast):
        async with acting_as(cast.dia) as tx:
            with pytest.raises(Forbidden):
                await accounts.sign_out(tx, cast.ada.user_id)


async def test_a_link_to_another_password_works_once(acting_as, cast, nina, has_password):
    has_password(cast.ben)
    async with transaction(on_server(nina)) as tx:
        made = await accounts.issue_reset_link(tx, cast.ben.user_id)
    token = made.link.rpartition("/")[2]
    await own.reset_password(PasswordReset(token=token, new_password="heron lantern 58 creek"))
