"""Whether somebody may do something, and why: the explanation says what the services do."""

from contextlib import suppress

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from dfworx.admin import service_rules as rules
from dfworx.admin.validators_rules import Deed, RuleAsked
from dfworx.channels import service as channels
from dfworx.core.errors import Forbidden, NotFound, Refusal
from dfworx.core.permissions import Role
from dfworx.infra.database import transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import NewInvitation, RoleChange
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread
from tests.admin.conftest import on_server
from tests.cast import say

pytestmark = pytest.mark.anyio


class Undone(Exception):
    """Ends a transaction without a trace."""


async def asking(acting_as, cast, nick, deed, **about):
    """What Ada is told about somebody."""
    async with acting_as(cast.ada) as tx:
        asked = RuleAsked(membership_id=cast.people[nick].membership_id, deed=deed, **about)
        return await rules.explain(tx, asked)


async def really(acting_as, cast, nick, attempt):
    """Whether it is refused when they try."""
    with suppress(Undone):
        try:
            async with acting_as(cast.people[nick]) as tx:
                await attempt(tx)
                raise Undone
        except Refusal:
            return False
    return True


DEEDS = {
    Deed.READ: lambda tx, thread, _m: threads.get(tx, thread),
    Deed.POST: lambda tx, thread, _m: messages.post(tx, thread, NewMessage(source="hello")),
    Deed.RENAME: lambda tx, thread, _m: threads.rename(tx, thread, NewThread(title="Another")),
    Deed.RESOLVE: lambda tx, thread, _m: threads.resolve(tx, thread),
    Deed.EDIT: lambda tx, _t, message: messages.edit(tx, message, MessageChange(source="better")),
    Deed.DELETE: lambda tx, _t, message: messages.delete(tx, message),
}


@pytest.mark.parametrize("where", ["retries", "lobby", "offers", "archived"])
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name.lower())
async def test_it_says_what_the_services_do(acting_as, cast, admin, where, deed):
    thread = cast.retries if where == "archived" else getattr(cast, where)
    (message,) = say(admin, cast.ben, thread, "mine")
    if where == "archived":
        async with acting_as(cast.ada) as tx:
            await channels.archive(tx, cast.general)
    about = {"message_id": message} if deed in {Deed.EDIT, Deed.DELETE} else {"thread_id": thread}
    for nick in ("ada", "dia", "max", "ben", "cy", "gus"):
        told = await asking(acting_as, cast, nick, deed, **about)
        done = await really(acting_as, cast, nick, lambda tx: DEEDS[deed](tx, thread, message))
        assert (nick, told.is_allowed, told.because) == (nick, done, told.because)


async def test_each_reason_is_named(acting_as, cast, admin):
    (message,) = say(admin, cast.ben, cast.retries, "mine")

    async def why(nick, deed, **about):
        return (await asking(acting_as, cast, nick, deed, **about)).because

    assert await why("cy", Deed.READ, thread_id=cast.offers) == "was not added to its private channel"
    assert await why("gus", Deed.READ, thread_id=cast.retries) == "guests see only channels that they were added to"
    assert "keeps its name" in await why("ada", Deed.MOVE, thread_id=cast.lobby)
    moving = await why("cy", Deed.MOVE, thread_id=cast.retries)
    assert "did not open the thread" in moving
    assert "Members what they opened, moderators anything" in moving
    assert "the role moderator may move anybody's threads" in await why("max", Deed.MOVE, thread_id=cast.retries)
    assert "did not write the message" in await why("ada", Deed.EDIT, message_id=message)
    admin.execute(text("update dfworx.memberships set left_at = now() where id = :id"), {"id": cast.cy.membership_id})
    assert await why("cy", Deed.READ, thread_id=cast.retries) == "has left the organization"


@pytest.mark.parametrize("nick", ["ada", "dia", "max", "cy"])
async def test_inviting_and_roles(acting_as, cast, nick):
    for role in (Role.OWNER, Role.MEMBER):
        told = await asking(acting_as, cast, nick, Deed.INVITE, role=role)
        invite = NewInvitation(role=role)
        assert told.is_allowed is await really(acting_as, cast, nick, lambda tx, n=invite: organizations.invite(tx, n))
        told = await asking(acting_as, cast, nick, Deed.CHANGE_ROLE, of=Role.MEMBER, role=role)
        change = RoleChange(role=role)
        done = await really(
            acting_as, cast, nick, lambda tx, c=change: organizations.change_role(tx, cast.ben.membership_id, c)
        )
        assert told.is_allowed is done


async def test_a_link_names_the_thread():
    id_ = "01a213b1-e43e-73aa-b4d8-d781bce40881"
    asked = RuleAsked(membership_id=id_, deed=Deed.MOVE, thread_id=f"https://talk.acme.example/o/acme/t/{id_}?m=5#x")
    assert str(asked.thread_id) == id_


async def test_a_deed_is_about_something():
    with pytest.raises(ValidationError):
        RuleAsked(membership_id="01a213b1-e43e-73aa-b4d8-d781bce40881", deed=Deed.MOVE)


async def test_who_may_not_ask(acting_as, cast):
    asked = RuleAsked(membership_id=cast.ben.membership_id, deed=Deed.READ, thread_id=cast.retries)
    async with acting_as(cast.cy) as tx:
        with pytest.raises(Forbidden):
            await rules.explain(tx, asked)
    async with acting_as(cast.eve) as tx:
        with pytest.raises(NotFound):
            await rules.explain(tx, asked)


async def test_a_server_admin_asks_about_anybody(acting_as, cast, nina):
    asked = RuleAsked(membership_id=cast.cy.membership_id, deed=Deed.READ, thread_id=cast.offers)
    async with transaction(on_server(nina)) as tx:
        assert (await rules.explain(tx, asked)).is_allowed is False
        assert rules.table(tx).roles == ["owner", "admin", "moderator", "member", "guest"]
