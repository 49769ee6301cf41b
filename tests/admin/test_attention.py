"""What needs an administrator: failed imports, and addresses that stay unconfirmed."""

import pytest
from sqlalchemy import text

from dfworx.admin.repository_attention import attention
from dfworx.infra.database import transaction
from tests.admin.conftest import imported, on_server

pytestmark = pytest.mark.anyio

UNCONFIRMED = text(
    """update dfworx.users set email_verified_at = null, created_at = now() - make_interval(days => :days)
       where id = :id"""
)


@pytest.fixture
def mail(configured):
    """Mail can be sent."""
    configured(SMTP_URL="smtp://127.0.0.1:1")


async def needs(client, path):
    """What is said to need somebody, apart from the health of this machine."""
    found = (await client.get(path)).json()
    ours = [each for each in found if each["about"].startswith(("imports of", "e-mail addresses"))]
    return [(each["about"], each["says"], each["link"]) for each in ours]


async def test_nothing_needs_anybody(asking, cast, mail):
    assert await needs(asking(cast.dia), f"/organizations/{cast.slug}/admin/attention") == []


async def test_failed_imports_of_the_organization(asking, cast, admin):
    for within, state in ((cast.acme, "failed"), (cast.acme, "failed"), (cast.acme, "done"), (cast.umbrella, "failed")):
        imported(admin, within, state)
    ((_, says, link),) = await needs(asking(cast.dia), f"/organizations/{cast.slug}/admin/attention")
    assert (says, link) == ("2 imports have failed", f"/o/{cast.slug}/admin/imports")


async def test_a_server_admin_sees_those_of_all_and_who_can_go_on(asking, cast, admin, nina):
    for within in (cast.acme, cast.umbrella):
        imported(admin, within)
    links = [link for _, _, link in await needs(asking(nina), "/admin/attention")]
    for within, owner in ((cast.acme, cast.ada), (cast.umbrella, cast.eve)):
        (link,) = [each for each in links if str(within) in each]
        people = (await asking(nina).get(link)).json()["items"]
        assert [person["id"] for person in people] == [str(owner.user_id)]


async def test_addresses_that_are_not_confirmed_for_a_week_lead_to_their_list(asking, cast, admin, mail):
    for member, days in ((cast.ben, 8), (cast.cy, 6), (cast.eve, 8)):
        admin.execute(UNCONFIRMED, {"id": member.user_id, "days": days})
    client, inside = asking(cast.dia), f"/organizations/{cast.slug}/admin"
    ((about, says, link),) = await needs(client, f"{inside}/attention")
    assert (about, says) == ("e-mail addresses", "the address of an account was not confirmed for more than a week")
    assert link == f"/o/{cast.slug}/admin/people?state=unconfirmed"
    people = (await client.get(f"{inside}/people", params={"state": "unconfirmed"})).json()["items"]
    assert [person["id"] for person in people] == [str(cast.ben.user_id)]


async def test_without_mail_nobody_can_confirm_one(asking, cast, admin):
    admin.execute(UNCONFIRMED, {"id": cast.ben.user_id, "days": 8})
    assert await needs(asking(cast.dia), f"/organizations/{cast.slug}/admin/attention") == []


async def test_whoever_is_deactivated_is_not_asked_for(asking, cast, admin, mail):
    admin.execute(UNCONFIRMED, {"id": cast.ben.user_id, "days": 8})
    admin.execute(text("update dfworx.users set deactivated_at = now() where id = :id"), {"id": cast.ben.user_id})
    assert await needs(asking(cast.dia), f"/organizations/{cast.slug}/admin/attention") == []


async def test_the_database_counts_for_administrators_alone(acting_as, cast, nina):
    async with transaction(on_server(nina)) as tx:
        assert await attention(tx, cast.acme) is not None
    async with acting_as(cast.cy) as tx:
        with pytest.raises(Exception, match="InsufficientPrivilege"):
            await attention(tx, cast.acme)
        await tx.session.rollback()
