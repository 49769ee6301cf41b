"""The role x verb table: each cell is tried through the services, and the page about it is true."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from dfworx.admin import service_accounts as admin_accounts
from dfworx.admin import service_figures as figures
from dfworx.admin import service_jobs as jobs
from dfworx.admin import service_organizations as admin_organizations
from dfworx.admin import service_people as admin_people
from dfworx.admin import service_rules as admin_rules
from dfworx.admin import service_settings as admin_settings
from dfworx.admin.validators import OrganizationsAsked, PeopleAsked
from dfworx.admin.validators_figures import FiguresAsked
from dfworx.admin.validators_rules import Deed, RuleAsked
from dfworx.audit import service as audit
from dfworx.channels import service as channels
from dfworx.channels.validators import ChannelChange, NewChannel
from dfworx.core.actor import Actor
from dfworx.core.errors import Forbidden, Unauthenticated
from dfworx.core.permissions import SERVER_TABLE, TABLE, Role, ServerRole, ServerVerb, Verb
from dfworx.decisions import service as decisions
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_templates as templates
from dfworx.decisions.validators import Closing, NewConcern, NewDecision, Template
from dfworx.infra import access
from dfworx.infra.database import Tx, transaction
from dfworx.messages import policies as message_policies
from dfworx.messages import service as messages
from dfworx.messages.validators import MessageChange, NewMessage
from dfworx.organizations import policies as organization_policies
from dfworx.organizations import service as organizations
from dfworx.organizations.validators import NewInvitation, OrganizationChange, RoleChange
from dfworx.tags import service as tags
from dfworx.tags.validators import NewTag
from dfworx.threads import policies as thread_policies
from dfworx.threads import service as threads
from dfworx.threads.validators import Move, NewThread
from tests.security.furnished import Furnished
from tests.security.matrix import BOOKKEEPING, EVERYBODY, FUNCTIONS, SIGNED_IN

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
PEOPLE = {Role.OWNER: "ada", Role.ADMIN: "dia", Role.MODERATOR: "max", Role.MEMBER: "cy", Role.GUEST: "gil"}
Attempt = Callable[[Tx, Furnished], Awaitable[Any]]


def message_of(house: Furnished, nick: str) -> UUID:
    """What somebody has written in #general."""
    author = house.person(nick).membership_id
    return next(row["id"] for row in house.rows["messages"]["acme"] if row["author_id"] == author)


def own_message(tx: Tx, house: Furnished) -> UUID:
    """What the actor has written in #general."""
    return next(r["id"] for r in house.rows["messages"]["acme"] if r["author_id"] == tx.actor.membership_id)


async def rename_own_thread(tx: Tx, house: Furnished) -> None:
    """Open one and rename it."""
    opened = await threads.open_thread(tx, house.cast.general, NewThread(title="Mine"))
    await threads.rename(tx, opened.id, NewThread(title="Mine, renamed"))


async def move_own_thread(tx: Tx, house: Furnished) -> None:
    """Open one and take it elsewhere."""
    opened = await threads.open_thread(tx, house.cast.general, NewThread(title="Mine"))
    await threads.move(tx, opened.id, await elsewhere(tx, house))


async def elsewhere(tx: Tx, house: Furnished) -> Move:
    """Another channel, where the actor can make one."""
    may = tx.actor.may(Verb.CREATE_CHANNEL)
    made = await channels.create(tx, NewChannel(name="platform")) if may else None
    return Move(channel_id=made.id if made else house.cast.hiring)


async def move_any_thread(tx: Tx, house: Furnished) -> None:
    """Take what Ada opened elsewhere."""
    await threads.move(tx, house.cast.retries, await elsewhere(tx, house))


def judged_by_the_table(verb: Verb) -> Attempt:
    """What the house has nothing for, or the server itself begins: the table is asked alone."""

    async def ask(tx: Tx, _house: Furnished) -> None:
        tx.actor.must(verb)

    return ask


ATTEMPTS: dict[Verb, Attempt] = {
    Verb.READ: lambda tx, h: channels.get(tx, h.cast.general),
    Verb.POST_MESSAGE: lambda tx, h: messages.post(tx, h.cast.retries, NewMessage(source="hello")),
    Verb.EDIT_OWN_MESSAGE: lambda tx, h: messages.edit(tx, own_message(tx, h), MessageChange(source="better")),
    Verb.DELETE_OWN_MESSAGE: lambda tx, h: messages.delete(tx, own_message(tx, h)),
    Verb.DELETE_ANY_MESSAGE: lambda tx, h: messages.delete(tx, message_of(h, "ben")),
    Verb.OPEN_THREAD: lambda tx, h: threads.open_thread(tx, h.cast.general, NewThread(title="New")),
    Verb.EDIT_OWN_THREAD: rename_own_thread,
    Verb.EDIT_ANY_THREAD: lambda tx, h: threads.rename(tx, h.cast.retries, NewThread(title="Another")),
    Verb.RESOLVE_THREAD: lambda tx, h: threads.resolve(tx, h.cast.retries),
    Verb.MOVE_OWN_THREAD: move_own_thread,
    Verb.MOVE_ANY_THREAD: move_any_thread,
    Verb.DRAFT_DECISION: lambda tx, h: decisions.draft(tx, NewDecision(title="One", channel_id=h.cast.general)),
    Verb.TAKE_POSITION: lambda tx, h: protocol.raise_concern(tx, h.one("decisions"), NewConcern(title="Who pays?")),
    Verb.DECIDE_ANY: lambda tx, h: protocol.reject(tx, h.one("decisions"), Closing(reason="It costs too much.")),
    Verb.CLOSE_COMMENT: lambda tx, h: protocol.accept_ended(tx, h.one("decisions")),
    Verb.CREATE_CHANNEL: lambda tx, _h: channels.create(tx, NewChannel(name="platform")),
    Verb.EDIT_CHANNEL: lambda tx, h: channels.change(tx, h.cast.general, ChannelChange(name="everything")),
    Verb.ARCHIVE_CHANNEL: lambda tx, h: channels.archive(tx, h.cast.general),
    Verb.MANAGE_CHANNEL_MEMBERS: lambda tx, h: channels.add_member(tx, h.cast.general, h.person("gus").membership_id),
    Verb.MANAGE_TEMPLATES: lambda tx, _h: templates.add(tx, Template(name="Two reviewers")),
    Verb.MANAGE_TAGS: lambda tx, _h: tags.create(tx, NewTag(name="security")),
    Verb.TAG: lambda tx, h: threads.tag(tx, h.cast.retries, h.one("tags")),
    Verb.LIST_MEMBERS: lambda tx, _h: organizations.members(tx),
    Verb.SEE_PRESENCE: lambda tx, _h: organizations.online(tx),
    Verb.LIST_INVITATIONS: lambda tx, _h: organizations.invitations(tx),
    Verb.INVITE: lambda tx, _h: organizations.invite(tx, NewInvitation()),
    Verb.CHANGE_ROLE: lambda tx, h: organizations.change_role(
        tx, h.person("ben").membership_id, RoleChange(role=Role.GUEST)
    ),
    Verb.REMOVE_MEMBER: lambda tx, h: organizations.remove(tx, h.person("gus").membership_id),
    Verb.ISSUE_RESET_LINK: lambda tx, h: organizations.issue_reset_link(tx, h.person("gus").membership_id),
    Verb.GRANT_OWNERSHIP: lambda tx, h: organizations.change_role(
        tx, h.person("ben").membership_id, RoleChange(role=Role.OWNER)
    ),
    Verb.RENAME_ORGANIZATION: lambda tx, _h: organizations.rename(tx, OrganizationChange(name="Acme Again")),
    Verb.READ_AUDIT: lambda tx, _h: audit.page(tx),
    Verb.END_SESSIONS: lambda tx, h: admin_accounts.sign_out(tx, h.person("gus").user_id),
    Verb.ADMINISTER: lambda tx, _h: admin_people.page(tx, PeopleAsked()),
    Verb.IMPORT: judged_by_the_table(Verb.IMPORT),
    Verb.CLAIM_AUTHOR: judged_by_the_table(Verb.CLAIM_AUTHOR),  # tests/organizations/test_claims.py tries them
    Verb.DECIDE_CLAIM: judged_by_the_table(Verb.DECIDE_CLAIM),
}


async def administer(tx: Tx, _house: Furnished) -> None:
    """The pages themselves show nothing: the table is asked alone."""
    tx.actor.must_on_server(ServerVerb.ADMINISTER)


ON_SERVER: dict[ServerVerb, Attempt] = {
    ServerVerb.ADMINISTER: administer,
    ServerVerb.SEE_PEOPLE: lambda tx, _h: admin_people.page(tx, PeopleAsked()),
    ServerVerb.DEACTIVATE: lambda tx, h: admin_accounts.deactivate(tx, h.person("cy").user_id),
    ServerVerb.END_SESSIONS: lambda tx, h: admin_accounts.sign_out(tx, h.person("cy").user_id),
    ServerVerb.ISSUE_RESET_LINK: lambda tx, h: admin_accounts.issue_reset_link(tx, h.person("cy").user_id),
    ServerVerb.GRANT_SERVER_ADMIN: lambda tx, h: admin_accounts.make_server_admin(tx, h.person("cy").user_id),
    ServerVerb.CHANGE_ROLE: lambda tx, h: admin_organizations.change_role(
        tx, h.person("cy").membership_id, RoleChange(role=Role.MODERATOR)
    ),
    ServerVerb.SEE_ORGANIZATIONS: lambda tx, _h: admin_organizations.page(tx, OrganizationsAsked()),
    ServerVerb.RENAME_ORGANIZATION: lambda tx, h: admin_organizations.rename(
        tx, h.cast.umbrella, OrganizationChange(name="Umbrella Again")
    ),
    ServerVerb.MANAGE_INVITATIONS: lambda tx, h: admin_organizations.revoke_invitation(tx, h.invitation),
    ServerVerb.EXPLAIN: lambda tx, h: admin_rules.explain(
        tx, RuleAsked(membership_id=h.person("cy").membership_id, deed=Deed.READ, thread_id=h.cast.retries)
    ),
    ServerVerb.READ_AUDIT: lambda tx, _h: audit.page(tx),
    ServerVerb.MANAGE_JOBS: lambda tx, _h: jobs.overview(tx),
    ServerVerb.CHANGE_SETTINGS: lambda tx, _h: admin_settings.every(tx),
    ServerVerb.SEE_HEALTH: lambda tx, _h: figures.of_server(tx, FiguresAsked()),
}


class Undone(Exception):
    """Ends a transaction without a trace."""


@pytest.fixture
def trying(acting_as, furnished):
    """A transaction as the person of the cast with a role, undone at its end."""

    @asynccontextmanager
    async def act(role: Role) -> AsyncIterator[Tx]:
        with suppress(Undone):
            async with acting_as(furnished.person(PEOPLE[role])) as tx:
                yield tx
                raise Undone

    return act


def test_every_verb_is_tried():
    assert set(ATTEMPTS) == set(Verb) == set(TABLE)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("verb", Verb, ids=lambda verb: verb.name.lower())
async def test_each_cell_is_what_the_services_do(trying, furnished, verb, role):
    async with trying(role) as tx:
        if role in TABLE[verb]:
            await ATTEMPTS[verb](tx, furnished)
        else:
            with pytest.raises(Forbidden):
                await ATTEMPTS[verb](tx, furnished)


@pytest.mark.parametrize("verb", Verb, ids=lambda verb: verb.name.lower())
def test_a_stronger_role_may_everything_that_a_weaker_one_may(verb):
    allowed = [role in TABLE[verb] for role in PEOPLE]
    assert allowed == sorted(allowed, reverse=True)
    assert Role.SYSTEM in TABLE[verb]


# -- the server as a whole


def test_every_verb_on_the_server_is_tried():
    assert set(ON_SERVER) == set(ServerVerb) == set(SERVER_TABLE)


@pytest.mark.parametrize("verb", ServerVerb, ids=lambda verb: verb.name.lower())
async def test_only_who_looks_after_the_server_may(furnished, serving_admin, verb):
    for allowed in (serving_admin, Actor.server()):
        with suppress(Undone):
            async with transaction(allowed) as tx:
                await ON_SERVER[verb](tx, furnished)
                raise Undone
    for nick in ("ada", "eve", "cy"):  # owners of organizations are nobody on the server
        nobody_here = replace(furnished.person(nick).actor, organization_id=None, membership_id=None, role=None)
        async with transaction(nobody_here) as tx:
            with pytest.raises(Forbidden):
                await ON_SERVER[verb](tx, furnished)
    async with transaction() as tx:
        with pytest.raises(Unauthenticated):
            await ON_SERVER[verb](tx, furnished)


@pytest.fixture
def serving_admin(furnished, admin: Connection) -> Iterator[Actor]:
    """Nina, who belongs to no organization and looks after the server."""
    nina = furnished.person("nina")
    change = text("update dfworx.users set is_server_admin = :is_so where id = :id")
    admin.execute(change, {"is_so": True, "id": nina.user_id})
    yield Actor(user_id=nina.user_id, session_id=nina.session_id, name=nina.name, server_role=ServerRole.ADMIN)
    admin.execute(change, {"is_so": False, "id": nina.user_id})


# -- rules about the object


def actor(role: Role, membership: UUID) -> Actor:
    """Somebody with a role."""
    return Actor(user_id=UUID(int=9), organization_id=UUID(int=8), membership_id=membership, role=role)


ME, ANOTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("is_mine", [True, False])
def test_the_rules_about_messages_and_threads(role, is_mine):
    me, author = actor(role, ME), ME if is_mine else ANOTHER
    moderates = role in {Role.OWNER, Role.ADMIN, Role.MODERATOR}
    message: Any = SimpleNamespace(author_id=author, deleted_at=None, kind="message")
    note: Any = SimpleNamespace(author_id=author, deleted_at=None, kind="system")
    deleted: Any = SimpleNamespace(author_id=author, deleted_at="then", kind="message")
    thread: Any = SimpleNamespace(created_by=author, origin=None)
    demo: Any = SimpleNamespace(created_by=author, origin="demo")
    assert message_policies.may_edit(me, message) is is_mine
    assert message_policies.may_delete(me, message) is (is_mine or moderates)
    assert not message_policies.may_edit(me, note)
    assert not message_policies.may_delete(me, note)
    assert thread_policies.may_move(me, thread) is (moderates or (is_mine and role != Role.GUEST))
    assert message_policies.may_see_revisions(me, message) is True
    assert message_policies.may_see_revisions(me, deleted) is (is_mine or moderates)
    assert thread_policies.may_rename(me, thread) is (is_mine or moderates)
    assert thread_policies.may_resolve(me, thread) is (is_mine or role != Role.GUEST)
    assert thread_policies.may_remove_demo(me, demo) is (role in {Role.OWNER, Role.ADMIN})
    assert thread_policies.may_remove_demo(me, thread) is False


@pytest.mark.parametrize("role", PEOPLE)
@pytest.mark.parametrize("target", PEOPLE)
def test_only_owners_touch_owners(role, target):
    me = actor(role, ME)
    member: Any = SimpleNamespace(role=target)
    administers = role in {Role.OWNER, Role.ADMIN}
    may = administers and (role == Role.OWNER or target != Role.OWNER)
    assert organization_policies.may_remove(me, member) is may
    assert organization_policies.may_invite(me, target) is may
    for wanted in PEOPLE:
        may_both = may and (role == Role.OWNER or wanted != Role.OWNER)
        assert organization_policies.may_change_role(me, member, wanted) is may_both


# -- the page


def test_the_page_is_written_from_the_code():
    assert PAGE.read_text() == access.page(), "python -m dfworx permissions > docs/permissions.md"


def test_the_page_names_every_function_that_sees_more_than_its_caller():
    who = {EVERYBODY: "everybody", SIGNED_IN: "people", (): "nobody", ("dfworx_dispatcher",): "the worker"}
    definers = {name: who[roles] for name, (kind, roles) in FUNCTIONS.items() if kind == "definer"}
    assert {name: told for name, (told, _) in access.FUNCTIONS.items()} == definers


def test_the_page_names_every_table(admin: Connection):
    tables = set(admin.scalars(text("select tablename from pg_tables where schemaname = 'dfworx'")))
    assert set(access.TABLES) == tables - BOOKKEEPING
