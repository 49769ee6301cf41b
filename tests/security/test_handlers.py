"""Event handlers: each is a procedure that anybody's socket can call, so each is declared here with who may."""

import inspect
from typing import Any

import pytest
from sqlalchemy import Connection, text

from dfworx.ui import guard
from dfworx.ui.levels import MARK
from tests.tabs import ROOT, Tab, handlers

pytestmark = pytest.mark.anyio

# A new handler is declared here, or the test below fails. `anyone` handlers look at nothing that needs a right.
DECLARED = {
    "anyone": """
        accounts.Entrance: hold load
        accounts.Links: load verify
        organizations.Arrival: go_on hint join register set_up
        ui.Effects: show
        ui.Refused: load
        ui.Shell: enter enter_personal enter_server
    """,
    "person": """
        accounts.Account: ask_verification choose_digest load rename revoke show_presence sign_out_everywhere
        accounts.ScriptTokens: ask ask_revoke close create load revoke set_open
        organizations.Arrival: accept begin found
    """,
    "member": """
        channels.Channels: add archive ask change close create edit load remove restore set_asking set_editing
        channels.Channels: set_inviting show_people
        decisions.Drawing: draw draw_all
        decisions.AlreadyDecided: consider forget
        decisions.Changes: ask set_open
        decisions.Comparing: ask cast close set_open
        decisions.Discussing: ask close reply set_open
        decisions.DecisionTags: ask flip
        decisions.Proposing: ask ask_more ask_them choose close pick pick_channel propose seek set_open
        decisions.Record: ask_concern ask_end ask_stand close end explain look_back raise_concern restore say set_open
        decisions.Record: ask_confirm confirm visit
        decisions.Drafting: arrive ask ask_in_place_of close draft set_asking
        decisions.Register: ask_tags clear find flip load narrow seek show_narrowing travel widen
        decisions.StaleThread: confirm
        decisions.Waiting: load
        decisions.Writing: add_option arrive ask_channels begin choose close flip_channel insist keep keep_option
        decisions.Writing: discard remove_option save stay take
        messages.Conversation: ask_delete close delete set_deleting set_showing_history show_history
        organizations.Asking: ask_leave close leave set_open
        organizations.Authors: claim end load more
        organizations.Members: load more
        organizations.Organizations: load
        tags.Tags: ask ask_change ask_remove close remove save set_open visit
        threads.ChannelThreads: arrive ask clear flip seek
        threads.Home: load
        threads.ThreadTags: ask flip
        threads.Threads: ask ask_move ask_rename choose close move open_thread remove_demo rename reopen resolve
        threads.Threads: set_asking set_moving set_renaming visit
        ui.Picker: seek set_open
    """,
    "admin": """
        admin.OrganizationOverview: load
        decisions.Templates: ask_remove begin close move remove save set_open write
        decisions.Chain: verify
        imports.Imports: discard resume stop
        organizations.Asking: ask_invite ask_remove ask_reset invite make_reset_link remove rename
        organizations.Authors: approve
        organizations.Members: change_role revoke
    """,
    # Either an organization's administrators on its pages, or the server's on theirs.
    "operator": """
        admin.AdminAudit: load more narrow
        admin.AdminInvitations: load more narrow revoke
        admin.AdminPeople: load more narrow
        admin.AdminPerson: ask change_role close confirm end load set_asking
        admin.AdminRules: choose explain load
        admin.AdminSessions: end load more narrow
        admin.AdminTokens: end load more narrow
    """,
    "server": """
        admin.AdminHealth: load
        admin.AdminOverview: choose load
        admin.AdminOrganizations: ask close load more narrow rename set_asking
        admin.AdminJobs: ask_discard close discard load more narrow retry set_open
        admin.AdminSettings: load reset_setting save
    """,
}
HOSTILE: list[Any] = [
    None, True, 1.5, -1, 2**70, "", "x" * 5000, "' or 1=1 --", "\x00", "../../etc/passwd", [], {}, [[[[1]]]],
    {"a": {"b": "c"}}, "00000000-0000-0000-0000-000000000000", ["x"] * 1000, "<script>alert(1)</script>",
]  # fmt: skip
SECRETS = ("Ben Okafor", "Ada Ferreira", "hiring", "Offers")


def declared() -> dict[str, str]:
    """Every declared handler with its level."""
    found: dict[str, str] = {}
    for level, lines in DECLARED.items():
        for line in lines.strip().splitlines():
            state, _, names = line.strip().partition(":")
            found |= {f"{state}.{name}": level for name in names.split()}
    return found


def ours() -> dict[str, Any]:
    """The registered handlers that the project has written, by `slice.State.name`."""
    return {_short(fn): fn for fn in handlers().values() if fn.__module__.startswith("dfworx.")}


def _short(fn: Any) -> str:
    return f"{fn.__module__.split('.')[1]}.{fn.__qualname__}"


def test_every_handler_is_declared_with_its_level():
    assert {name: getattr(fn, MARK, None) for name, fn in ours().items()} == declared()


def test_nothing_of_ours_has_the_name_of_a_state_variable_setter():
    """`setvar` would call it; it is refused, and this is the belt to those braces."""
    assert [name for name in handlers() if name.rpartition(".")[2] == "set_value"] == []


def test_only_the_built_in_handlers_that_pages_call_are_let_through():
    passed = {
        name for name, fn in handlers().items() if fn.__module__ == "reflex.state" and fn.__name__ in guard.BUILT_IN
    }
    assert passed == {
        f"{ROOT}.hydrate_and_load",  # every page, at each connection
        f"{ROOT}.set_is_hydrated",  # what follows on it where a page loads nothing
        f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal",  # every move to another page
        f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated",  # what follows on that
    }


# -- over a real socket


async def storm(tab: Tab, names: list[str]) -> None:
    """Call each handler as it expects to be called, and as it does not."""
    for name in names:
        fn = handlers()[name]
        arguments = [each for each in inspect.signature(fn).parameters if each != "self"]
        await tab.send(name, dict.fromkeys(arguments, "00000000-0000-0000-0000-000000000000"))
        await tab.send(name, {})
        await tab.send(name, {"no_such_argument": 1})
        for value in HOSTILE if arguments else []:
            await tab.send(name, dict.fromkeys(arguments, value))


def fingerprint(admin: Connection) -> dict[str, str]:
    """Every table's rows as one hash, but for what looking alone may change and what the dispatcher clears."""
    tables = admin.scalars(text("select tablename from pg_tables where schemaname = 'dfworx'")).all()
    seen = {}
    # The outbox empties itself, the server samples itself and keeps what it refused, and jobs make links that another
    # test asked for, and bring in what another test uploaded.
    for table in set(tables) - {"outbox", "samples", "mailed_links", "alembic_version"}:
        row = "(to_jsonb(t) - 'last_seen_at')::text"
        done = "where denied_times is null" if table == "audit_events" else ""
        query = f"select md5(coalesce(string_agg({row}, '' order by {row}), '')) from dfworx.{table} t {done}"
        seen[table] = admin.scalar(text(query))
    return seen


def levels(*wanted: str) -> list[str]:
    """The full names of the handlers of these levels."""
    return [name for name, fn in handlers().items() if getattr(fn, MARK, None) in wanted]


async def test_nobody_gets_anything_from_any_handler(server, cast, admin):
    before = fingerprint(admin)
    async with Tab(server, None, f"/o/{cast.slug}/t/{cast.offers}") as tab:
        await storm(tab, levels("anyone", "person", "member", "admin", "operator", "server"))
        await tab.drain()
        told = tab.words()
    assert [secret for secret in SECRETS if secret in told] == []
    assert fingerprint(admin) == before


async def test_nobody_is_not_even_answered_by_what_is_for_people(server, cast):
    async with Tab(server, None, f"/o/{cast.slug}/t/{cast.lobby}") as tab:
        await storm(tab, levels("person", "member", "admin", "operator", "server"))
        assert [update for update in await tab.drain() if update.get("delta") or update.get("events")] == []


@pytest.mark.parametrize("where", ["theirs", "own"])
async def test_a_stranger_gets_nothing_of_another_organization(server, cast, admin, where):
    """Eve calls everything, with Acme's ids: on Acme's pages and on her own, where she is the owner."""
    path = f"/o/{cast.slug}/t/{cast.lobby}" if where == "theirs" else f"/o/{cast.eve.slug}/t/{cast.lobby}"
    acme = text(
        "select md5(string_agg(md5((to_jsonb(t) - 'last_seen_at')::text), '' order by t.id)) from dfworx.messages t "
        "where organization_id = :id"
    )
    before = admin.scalar(acme, {"id": cast.acme})
    names = [name for name in levels("anyone", "member", "admin", "operator", "server") if "asking" not in name]
    async with Tab(server, cast.eve, path) as tab:
        await tab.enter()
        for name in names:
            for id_ in (cast.lobby, cast.general, cast.offers, cast.ben.membership_id, cast.ben.session_id):
                fn = handlers()[name]
                arguments = [each for each in inspect.signature(fn).parameters if each != "self"]
                await tab.send(name, dict.fromkeys(arguments, str(id_)))
                form = {"title": "x", "name": str(id_), "role": "owner"}
                await tab.send(name, dict.fromkeys(arguments, form))
        await tab.drain()
        told = tab.words()
    assert [secret for secret in (*SECRETS, cast.ben.email) if secret in told] == []
    assert admin.scalar(acme, {"id": cast.acme}) == before
    left = text("select count(*) from dfworx.sessions where id = :id and revoked_at is null")
    assert admin.scalar(left, {"id": cast.ben.session_id}) == 1


@pytest.mark.parametrize("nick", [None, "ben"])
async def test_the_framework_s_own_procedures_are_refused(server, cast, nick):
    """`setvar` on every state, the client storage, the error reports: none of them reaches a variable or the log."""
    member = nick and cast.people[nick]
    built_in = [name for name, fn in handlers().items() if fn.__module__.startswith("reflex")]
    allowed = [name for name in built_in if handlers()[name].__name__ in guard.BUILT_IN]
    async with Tab(server, member, f"/o/{cast.slug}/t/{cast.lobby}") as tab:
        await tab.enter()
        await tab.settle()
        seen = len(tab.updates)
        for name in set(built_in) - set(allowed):
            await tab.send(name, {"var_name": "role", "value": "owner"})
            await tab.send(name, {"var_name": "asking", "value": True})
            await tab.send(name, {"vars": {f"{ROOT}.dfworx___ui___state____shell.role": "owner"}})
            await tab.send(name, {"info": "a line\nforged: by the browser", "component_stack": "forged: stack"})
        await tab.settle(0.5)
        assert [update for update in tab.updates[seen:] if update.get("delta")] == []
    assert "forged: by the browser" not in server.said()


async def test_hydrating_with_variables_of_one_s_own_changes_none(server, cast):
    shell = f"{ROOT}.dfworx___ui___state____shell"
    forged = {f"{shell}.role_rx_state_": "owner", f"{shell}.role": "owner", f"{shell}.may": {"invite": True}}
    async with Tab(server, cast.gus, f"/o/{cast.slug}/t/{cast.lobby}") as tab:
        await tab.send(f"{ROOT}.hydrate_and_load", {"vars": forged, "hashes": ["x", None, 5]})
        await tab.send(f"{ROOT}.hydrate_and_load", {"vars": forged})
        await tab.until(lambda: tab.value("is_hydrated"))
        await tab.enter()
        assert tab.value("role") == "guest"
        assert tab.value("may")["invite"] is False


async def test_after_all_of_that_the_server_still_answers(server, cast, rest):
    answer = await (await rest(cast.ben)).get("/api/ready")
    assert answer.status_code == 200
