"""Row-level security, cell by cell, and the ways round it."""

import asyncio
import random
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Connection, text

from dfworx.core import ids
from dfworx.core.actor import NOBODY
from dfworx.infra import database
from dfworx.infra.database import transaction
from tests.security.conftest import Database
from tests.security.furnished import Furnished, copied
from tests.security.matrix import ACTORS, BOOKKEEPING, FUNCTIONS, GRANTS, OF_THE_SERVER, SIGNED_IN, VERBS, declared
from tests.security.reach import acting, attempt, named, reach

# -- the matrix


@pytest.mark.parametrize("cell", list(declared()), ids=lambda cell: f"{cell.table}-{cell.actor}")
def test_an_actor_reaches_what_the_matrix_says_and_nothing_else(login, furnished, cell):
    with acting(login, furnished, cell.actor) as connection:
        found = reach(connection, furnished, cell.table, cell.actor)
    assert dict(zip(VERBS, found, strict=True)) == dict(zip(VERBS, cell.reach, strict=True))


def test_every_table_is_in_the_matrix_with_every_actor(admin: Connection):
    relations = text(
        "select relname from pg_class where relnamespace = 'dfworx'::regnamespace "
        "and relkind in ('r', 'p', 'v', 'm', 'f', 'S')"
    )
    tables = set(admin.scalars(relations)) - BOOKKEEPING - OF_THE_SERVER
    cells = [(cell.table, cell.actor) for cell in declared()]
    assert sorted(cells) == sorted({(table, actor) for table in tables for actor in ACTORS})


@pytest.mark.parametrize("actor", [actor for actor in ACTORS if actor not in {"login", "dispatcher"}])
def test_what_is_the_servers_is_changed_by_its_administrators_alone(login, furnished, admin, actor):
    admin.execute(text("insert into dfworx.changed_settings values ('probe', 'x', now()) on conflict do nothing"))
    with acting(login, furnished, actor) as connection:
        assert connection.execute("select value from dfworx.changed_settings where name = 'probe'").fetchall() == [
            {"value": "x"}
        ]
        for change in ("insert into dfworx.changed_settings values ('mine', 'x', now())",
                       "insert into dfworx.samples (step, at, source) values ('minute', now(), 'x')"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(change)
        if actor != "nobody":
            for change in ("update dfworx.changed_settings set value = 'y'", "delete from dfworx.changed_settings"):
                assert connection.execute(change).rowcount == 0
            assert connection.execute("select * from dfworx.samples").fetchall() == []
    admin.execute(text("delete from dfworx.changed_settings"))


def test_every_table_has_forced_row_level_security_and_a_policy(admin: Connection):
    bare = text(
        """
        select relname from pg_class c where relnamespace = 'dfworx'::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
        """
    )
    # These have no policy on purpose: no role may read them, only functions of the owner do.
    assert set(admin.scalars(bare)) == {"passwords", "decision_terms", "known_terms", "digests"} | BOOKKEEPING


def test_every_table_belongs_to_the_owner_who_cannot_log_in(admin: Connection):
    owners = text("select distinct pg_get_userbyid(relowner) from pg_class where relnamespace = 'dfworx'::regnamespace")
    assert list(admin.scalars(owners)) == ["dfworx_owner"]
    role = admin.execute(
        text("select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'dfworx_owner'")
    )
    assert role.one() == (False, False, True)


def test_the_grants_are_the_declared_ones(admin: Connection):
    assert _grants(admin) == GRANTS


def _grants(admin: Connection) -> dict[tuple[str, str], str]:
    """All grants on tables and columns to anybody but the owner, in the words of GRANTS."""
    found = text(
        """
        select relname, coalesce(grantee.rolname, 'public') as grantee, lower(a.privilege_type) as verb, '' as attname
        from pg_class c cross join aclexplode(c.relacl) a left join pg_roles grantee on grantee.oid = a.grantee
        where relnamespace = 'dfworx'::regnamespace and a.grantee <> c.relowner
        union all
        select relname, coalesce(grantee.rolname, 'public'), lower(a.privilege_type), attname
        from pg_class c join pg_attribute t on t.attrelid = c.oid cross join aclexplode(t.attacl) a
        left join pg_roles grantee on grantee.oid = a.grantee
        where relnamespace = 'dfworx'::regnamespace and a.grantee <> c.relowner
        order by 1, 2, 3, 4
        """
    )
    grants: dict[tuple[str, str], dict[str, list[str]]] = {}
    for table, grantee, verb, column in admin.execute(found):
        grants.setdefault((table, grantee), {}).setdefault(verb, []).append(column)
    return {key: " ".join(_said(verb, verbs[verb]) for verb in VERBS if verb in verbs) for key, verbs in grants.items()}


def _said(verb: str, columns: list[str]) -> str:
    return verb if "" in columns else f"{verb}({' '.join(columns)})"


# -- functions and roles


def test_every_function_is_declared_with_who_may_call_it(admin: Connection):
    found = text(
        """
        select proname, case when prosecdef then 'definer' else 'invoker' end, coalesce(proconfig, '{}'),
          pg_get_userbyid(proowner),
          array(select coalesce(r.rolname, 'public')::text from aclexplode(proacl) a
                left join pg_roles r on r.oid = a.grantee
                where a.privilege_type = 'EXECUTE' and a.grantee <> proowner order by 1)
        from pg_proc where pronamespace = 'dfworx'::regnamespace
        """
    )
    rows = admin.execute(found).all()
    assert {name: (kind, tuple(roles)) for name, kind, _, _, roles in rows} == FUNCTIONS
    assert len(rows) == len(FUNCTIONS)  # no second one of the same name
    assert {owner for *_, owner, _ in rows} == {"dfworx_owner"}
    assert [name for name, _, config, *_ in rows if config != ['search_path=""']] == []


@pytest.mark.parametrize("name", ["dfworx_app", "dfworx_dispatcher"])
@pytest.mark.parametrize("role", ["dfworx_owner", "dfworx_migrator", "postgres"])
def test_nobody_becomes_the_owner(login, name, role):
    with login(name) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))


def test_the_logins_can_become_only_what_they_must(admin: Connection):
    members = text(
        "select m.rolname, r.rolname from pg_auth_members a join pg_roles m on m.oid = a.member "
        "join pg_roles r on r.oid = a.roleid where m.rolname like 'dfworx%'"
    )
    assert sorted(tuple(row) for row in admin.execute(members)) == [
        ("dfworx_app", "anon"), ("dfworx_app", "authenticated"), ("dfworx_migrator", "dfworx_owner"),
    ]  # fmt: skip
    strong = text(
        "select rolname from pg_roles where (rolname like 'dfworx%' or rolname in ('anon', 'authenticated')) "
        "and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls "
        "or (rolinherit and rolname like 'dfworx%'))"  # Supabase's own inherit, from nobody
    )
    assert set(admin.scalars(strong)) <= {"dfworx_owner"}


@pytest.mark.parametrize("function", [name for name, (_, roles) in FUNCTIONS.items() if roles == SIGNED_IN])
def test_nobody_calls_what_is_for_people(login, furnished, function):
    probe = text_of_call(function)
    with acting(login, furnished, "nobody") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(probe)


def text_of_call(function: str) -> sql.Composed:
    """A call with nulls for its arguments."""
    arguments = {
        "my_password_hash": 0,
        "change_my_password": 1,
        "create_organization": 4,
        "accept_invitation": 2,
        "is_my_new_place": 2,
        "keep_reset_link": 4,
        "find_threads": 3,
        "similar_decisions": 3,
        "admin_people": 7,
        "admin_keep_reset_link": 4,
        "admin_set_active": 2,
        "admin_set_server_admin": 2,
        "admin_sessions": 7,
        "admin_end_sessions": 3,
        "admin_tokens": 6,
        "admin_end_token": 2,
        "admin_organizations": 4,
        "admin_rename_organization": 2,
        "admin_set_role": 2,
        "admin_invitations": 6,
        "admin_facts": 4,
        "claim_author": 2,
        "is_said": 2,
        "late_askings": 1,
    }
    nulls = sql.SQL(", ").join([sql.NULL] * arguments.get(function, 1))
    return sql.SQL("select {}({})").format(named(function), nulls)


def test_a_session_without_claims_gets_nothing_from_the_functions_for_people(login, furnished):
    with acting(login, furnished, "unclaimed") as connection:
        for function in ("my_organization_ids", "my_organization_ids_ever", "my_membership_ids", "my_place_ids"):
            rows = connection.execute(sql.SQL("select {}() as ids").format(named(function))).fetchall()
            assert rows == [{"ids": []}]
        assert connection.execute("select dfworx.my_password_hash() as hash").fetchall() == [{"hash": None}]
        for call in (
            "create_organization(gen_random_uuid(), 'x', 'x', gen_random_uuid())",
            "accept_invitation('x', gen_random_uuid())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute("select dfworx." + call)


@pytest.mark.parametrize("actor", ["eve", "nina", "leo", "gus", "ben", "max"])
def test_addresses_are_for_administrators(login, furnished, actor):
    with acting(login, furnished, actor) as connection:
        call = "select * from dfworx.member_emails(%s)"
        assert connection.execute(call, [furnished.cast.acme]).fetchall() == []


@pytest.mark.parametrize("actor", ["eve", "gil", "ben", "max", "ada"])
def test_only_the_demo_can_be_removed(login, furnished, actor):
    with acting(login, furnished, actor) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("select dfworx.remove_demo(%s)", [furnished.cast.retries])


# -- ways round


def test_a_row_never_moves_to_another_organization(login, furnished):
    for table in (
        "places",
        "place_members",
        "threads",
        "messages",
        "message_revisions",
        "read_markers",
        "memberships",
        "invitations",
        "audit_events",
    ):
        move = sql.SQL("update {} set organization_id = {}").format(named(table), sql.Literal(furnished.cast.umbrella))
        with acting(login, furnished, "ada") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(move)


@pytest.mark.parametrize("actor", ["ben", "cy", "max", "eve"])
def test_a_thread_never_moves_to_where_one_cannot_go(login, furnished, actor):
    """From #general to #hiring may move one who sees both; nobody moves anything to Umbrella."""
    for thread in (furnished.cast.lobby, furnished.cast.offers, furnished.plans):
        for place in (furnished.cast.hiring, furnished.private):
            with acting(login, furnished, actor) as connection:
                move = sql.SQL("update dfworx.threads set place_id = {} where id = {}")
                moved = attempt(connection, move.format(sql.Literal(place), sql.Literal(thread)))
                may = (actor == "ben" and place == furnished.cast.hiring and thread != furnished.plans) or (
                    actor == "eve" and place == furnished.private and thread == furnished.plans
                )
                assert (not isinstance(moved, str) and len(moved) == 1) is may


@pytest.mark.parametrize(
    ("actor", "role", "of", "allowed"),
    [
        ("gil", "member", "gil", False), ("ben", "admin", "ben", False), ("max", "owner", "max", False),
        ("dia", "owner", "dia", False), ("dia", "owner", "ben", False), ("dia", "member", "ada", False),
        ("dia", "admin", "ben", True), ("ada", "owner", "ben", True), ("max", "guest", "ben", False),
        ("eve", "owner", "ben", False), ("ada", "owner", "eve", False),
    ],
)  # fmt: skip
def test_nobody_raises_anybody_above_the_own_role(login, furnished, actor, role, of, allowed):
    change = sql.SQL("update dfworx.memberships set role = {} where id = {}")
    statement = change.format(sql.Literal(role), sql.Literal(furnished.person(of).membership_id))
    with acting(login, furnished, actor) as connection:
        changed = attempt(connection, statement)
    assert (not isinstance(changed, str) and len(changed) == 1) is allowed


def test_a_membership_is_never_handed_to_somebody_else(login, furnished):
    for actor in ("ben", "dia", "ada"):
        with acting(login, furnished, actor) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(
                "update dfworx.memberships set user_id = %s where id = %s",
                [furnished.person("eve").user_id, furnished.person("ben").membership_id],
            )


@pytest.mark.parametrize("actor", ["cy", "max", "dia", "gus", "gil", "eve"])
def test_a_private_channel_is_not_read_through_what_hangs_on_it(login, furnished, actor):
    hidden = furnished.one("messages", "hidden")
    probes = {
        "through a reply": "select m.source from dfworx.messages r join dfworx.messages m on m.id = r.reply_to_id",
        "through revisions": "select r.source from dfworx.message_revisions r where r.message_id = %(id)s",
        "through markers": "select 1 from dfworx.read_markers where thread_id = %(thread)s",
        "through counts": "select 1 from dfworx.messages where thread_id = %(thread)s having count(*) > 0",
        "through members": "select 1 from dfworx.place_members where place_id = %(place)s",
        "through the title": "select title from dfworx.threads where id = %(thread)s",
    }
    names = {"id": hidden, "thread": furnished.cast.offers, "place": furnished.cast.hiring}
    with acting(login, furnished, actor) as connection:
        _reply_to_it(connection, furnished, actor, hidden)
        for name, probe in probes.items():
            assert connection.execute(probe, names).fetchall() == [], name
        for change in (
            "update dfworx.messages set html = 'x' where id = %(id)s returning source",
            "update dfworx.threads set title = 'x' where id = %(thread)s returning title",
            "delete from dfworx.place_members where place_id = %(place)s returning membership_id",
        ):
            assert connection.execute(change, names).fetchall() == []


def _reply_to_it(connection: Database, furnished: Furnished, actor: str, hidden: UUID) -> None:
    """Write, where one may, a message that replies to the hidden one: the foreign key alone shows nothing of it."""
    label = "other" if actor == "eve" else "acme"
    me = furnished.person(actor)
    row = copied(
        furnished.rows["messages"][label][0],
        author_id=me.membership_id,
        seq=901,
        client_key=ids.new_id(),
        reply_to_id=hidden,
    )
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Literal, row.values()))
    statement = sql.SQL(
        "insert into dfworx.messages ({}) values ({}) returning (select source from dfworx.messages m "
        "where m.id = reply_to_id) as source"
    ).format(columns, values)
    try:
        with connection.transaction():
            assert connection.execute(statement).fetchall() == [{"source": None}]
    except psycopg.errors.InsufficientPrivilege:
        assert actor == "gus"


def test_an_insert_that_hits_a_hidden_row_returns_nothing_of_it(login, furnished):
    """`on conflict do update` would show the row that is there: the policies refuse it."""
    row = furnished.rows["places"]["hidden"][0]
    statement = sql.SQL(
        "insert into dfworx.places (id, created_at, organization_id, kind, visibility, name, description, created_by) "
        "values ({}, now(), {}, 'channel', 'members', 'x', '', {}) on conflict (id) do update set name = excluded.name "
        "returning name, description"
    ).format(*map(sql.Literal, (row["id"], furnished.cast.acme, furnished.person("cy").membership_id)))
    with acting(login, furnished, "cy") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("actor", ["cy", "ada", "eve"])
def test_a_tag_hangs_on_what_is_of_its_own_organization_and_of_its_kind(login, furnished, actor):
    home, abroad = ("other", "acme") if actor == "eve" else ("acme", "other")
    tagging = furnished.rows["taggings"][home][-1]
    mine = copied(tagging, tagged_by=furnished.person(actor).membership_id)
    wrong = [
        {"tag_id": furnished.one("tags", abroad)},
        {"subject_id": furnished.one("threads", abroad)},
        {"subject_id": ids.new_id()},
        {"kind": "decision"},
        {"organization_id": furnished.rows["taggings"][abroad][0]["organization_id"]},
    ]
    with acting(login, furnished, actor) as connection:
        for values in wrong:
            row = {**mine, **values}
            columns, said = map(sql.Identifier, row), map(sql.Literal, row.values())
            statement = sql.SQL("insert into dfworx.taggings ({}) values ({})").format(
                sql.SQL(", ").join(columns), sql.SQL(", ").join(said)
            )
            assert attempt(connection, statement) == "-", values


def test_the_system_acts_in_one_organization(login, furnished):
    with acting(login, furnished, "system") as connection:
        for table in ("places", "threads", "messages", "memberships"):
            rows = connection.execute(sql.SQL("select distinct organization_id as id from {}").format(named(table)))
            assert rows.fetchall() == [{"id": furnished.cast.acme}], table


# -- claims belong to one transaction


@pytest.mark.anyio
async def test_two_hundred_people_at_once_each_see_only_themselves(furnished):
    """On ten shared connections, some of them rolled back or cancelled in the middle."""
    await database.dispose()
    dice = random.Random(7)
    people = [*furnished.cast.people.values(), None]
    turn = asyncio.Semaphore(40)  # of those who come; on a busy machine the last of more would be sent away

    async def look(member, ending):
        async with turn, transaction(member.actor if member else NOBODY) as tx:
            if member is None:
                return set()
            await tx.run(text("select pg_sleep(0.002)"))
            seen = set((await tx.run(text("select id from dfworx.users"))).scalars())
            assert seen == {member.user_id}
            if ending == "fails":
                raise LookupError
            if ending == "hangs":
                this = asyncio.current_task()
                assert this
                asyncio.get_running_loop().call_later(0.1, this.cancel)  # as when somebody leaves
                await asyncio.sleep(60)
            return seen

    endings = dice.choices(["commits", "fails", "hangs"], [8, 1, 1], k=200)
    who = dice.choices(people, k=200)
    results = await asyncio.gather(*map(look, who, endings), return_exceptions=True)
    assert not [result for result in results if isinstance(result, AssertionError)]
    done = [member is None or ending == "commits" for member, ending in zip(who, endings, strict=True)]
    assert [isinstance(result, set) for result in results] == done
    await _nothing_is_left()


async def _nothing_is_left() -> None:
    """Connections come back as nobody's: the login itself, without claims, and without rights."""
    connections = [await database.engine().connect() for _ in range(8)]
    for connection in connections:
        left = text("select current_user = session_user, coalesce(current_setting('request.jwt.claims', true), '')")
        assert (await connection.execute(left)).one() == (True, "")
        await connection.close()
    await database.dispose()
