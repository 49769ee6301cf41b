"""Tries everything: what an actor really reaches in a table, in a transaction that is rolled back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from dfworx.core import ids
from tests.security.conftest import Database, Login
from tests.security.furnished import Furnished, copied
from tests.security.matrix import GRANTS, PEOPLE


@contextmanager
def acting(login: Login, furnished: Furnished, actor: str) -> Iterator[Database]:
    """A transaction of the actor, rolled back at its end."""
    with login("dfworx_dispatcher" if actor == "dispatcher" else "dfworx_app") as connection:
        if actor not in {"login", "dispatcher"}:
            claim(connection, furnished, actor)
        yield connection


def claim(connection: Database, furnished: Furnished, actor: str) -> None:
    """Set the role and the claims as `transaction()` does it."""
    if actor == "nobody":
        role, claims = "anon", None
    elif actor == "unclaimed":
        role, claims = "authenticated", None
    elif actor == "system":
        role, claims = "authenticated", {"sub": None, "organization_id": str(furnished.cast.acme), "actor": "system"}
    else:
        person = furnished.person(actor)
        inside = None if actor in {"nina", "leo"} else str(person.organization_id)
        role, claims = "authenticated", {"sub": str(person.user_id), "organization_id": inside, "actor": "person"}
    connection.execute(
        "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)",
        [role, json.dumps(claims) if claims else ""],
    )


def reach(connection: Database, furnished: Furnished, table: str, actor: str) -> tuple[str, ...]:
    """What the actor really reaches."""
    return (
        _selected(connection, furnished, table, actor),
        _inserted(connection, furnished, table, actor),
        _updated(connection, furnished, table, actor),
        _deleted(connection, furnished, table, actor),
    )


def _selected(connection: Database, furnished: Furnished, table: str, actor: str) -> str:
    known = {row["id"]: _label(furnished, table, label, row, actor) for label, row in furnished.everything(table)}
    found = attempt(connection, sql.SQL("select id from {}").format(named(table)))
    if isinstance(found, str):
        return found
    return _words({known.get(row["id"], "stray") for row in found} - _foreign_to(table, actor))


def _foreign_to(table: str, actor: str) -> set[str]:
    """The dispatcher empties everybody's outbox: the rows of other tests are no surprise to it."""
    return {"stray"} if (table, actor) == ("outbox", "dispatcher") else set()


def _updated(connection: Database, furnished: Furnished, table: str, actor: str) -> str:
    column = sql.Identifier(_changeable(table, actor))
    statement = sql.SQL("update {} set {} = {} where id = {{}}").format(named(table), column, column)
    return _row_by_row(connection, furnished, table, actor, statement.as_string(connection))


def _deleted(connection: Database, furnished: Furnished, table: str, actor: str) -> str:
    statement = sql.SQL("delete from {} where id = {{}}").format(named(table)).as_string(connection)
    return _row_by_row(connection, furnished, table, actor, statement)


def _row_by_row(connection: Database, furnished: Furnished, table: str, actor: str, statement: str) -> str:
    reached = set()
    for label, row in furnished.everything(table):
        done = attempt(connection, sql.SQL(statement).format(sql.Literal(row["id"])))
        if done == "x":
            return "x"
        if not isinstance(done, str) and done:
            reached.add(_label(furnished, table, label, row, actor))
    return _words(reached)


def _inserted(connection: Database, furnished: Furnished, table: str, actor: str) -> str:
    reached = set()
    for label, row in candidates(furnished, table, actor):
        columns = sql.SQL(", ").join(map(sql.Identifier, row))
        values = sql.SQL(", ").join(sql.Literal(Jsonb(v) if isinstance(v, dict | list) else v) for v in row.values())
        done = attempt(connection, sql.SQL("insert into {} ({}) values ({})").format(named(table), columns, values))
        if done == "x":
            return "x"
        if not isinstance(done, str):
            reached.add(label)
    return _words(reached)


def attempt(connection: Database, statement: sql.SQL | sql.Composed) -> Any:
    """Rows or their number; `x` where the grants refuse, `-` where a policy or a trigger does. Undone in any case."""
    try:
        with connection.transaction(force_rollback=True):
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else [{}] * cursor.rowcount
    except psycopg.errors.InsufficientPrivilege as refused:
        return "-" if "row-level security" in str(refused) else "x"
    except psycopg.errors.CheckViolation:
        return "-"  # a trigger knows better
    except psycopg.errors.UniqueViolation:
        return []  # there is one already: the policies had let it pass


def _words(labels: set[str]) -> str:
    order = ["own", "acme", "owner", "hidden", "personal", "other", "forged", "stray"]
    return " ".join(sorted(labels, key=order.index)) or "-"


def named(table: str) -> sql.Identifier:
    return sql.Identifier("dfworx", table)


def _changeable(table: str, actor: str) -> str:
    role = "dfworx_dispatcher" if actor == "dispatcher" else "authenticated"
    granted = GRANTS.get((table, role), "")
    return granted.partition("update(")[2].partition(")")[0].split()[0] if "update(" in granted else "created_at"


OWNED_BY = {
    "users": "id", "passwords": "user_id", "sessions": "user_id", "mailed_links": "user_id",
    "refresh_tokens": "user_id", "personal_tokens": "user_id", "memberships": "user_id", "audit_events": "user_id",
    "place_members": "membership_id", "read_markers": "membership_id", "messages": "author_id",
}  # fmt: skip


PERSONAL = {"sessions", "mailed_links", "refresh_tokens", "personal_tokens"}
FORGED = {
    "refresh_tokens": ("user_id", "user_id"),
    "personal_tokens": ("user_id", "user_id"),
    "sessions": ("user_id", "user_id"),
    "mailed_links": ("user_id", "user_id"),
    "audit_events": ("user_id", "user_id"),
    "messages": ("author_id", "membership_id"),
    "places": ("created_by", "membership_id"),
    "threads": ("created_by", "membership_id"),
    "taggings": ("tagged_by", "membership_id"),
    "decisions": ("created_by", "membership_id"),
    "decision_revisions": ("written_by", "membership_id"),
    "positions": ("membership_id", "membership_id"),
    "concerns": ("owner_id", "membership_id"),
    "concern_replies": ("author_id", "membership_id"),
    "ballots": ("membership_id", "membership_id"),
    "read_markers": ("membership_id", "membership_id"),
}


def _label(furnished: Furnished, table: str, label: str, row: dict[str, Any], actor: str) -> str:
    """`own` for what is the actor's, else the label of the row."""
    if actor not in PEOPLE or table not in OWNED_BY:
        return label
    person = furnished.person(actor)
    return "own" if row[OWNED_BY[table]] in {person.user_id, person.membership_id} else label


def candidates(furnished: Furnished, table: str, actor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows to insert: honest ones at home, in the private channel and at the stranger's, and one in another's name."""
    me = furnished.person(actor if actor in PEOPLE else "ada")
    not_me = furnished.person("ben" if actor == "ada" else "ada")
    fresh: dict[str, dict[str, Any]] = {
        "users": {"email": f"{ids.new_id()}@example.org"},
        "passwords": {"user_id": me.user_id},
        "organizations": {"slug": str(ids.new_id())},
        "memberships": {"user_id": None, "role": "guest", "origin": str(ids.new_id())},
        "invitations": {"token_hash": str(ids.new_id()), "created_by": me.membership_id},
        "places": {"name": str(ids.new_id()), "created_by": me.membership_id},
        "place_members": {"membership_id": furnished.person("max").membership_id},
        "threads": {"is_default": False, "created_by": me.membership_id},
        "tags": {"name": ids.new_id().hex},
        "taggings": {"tagged_by": me.membership_id},
        "messages": {"author_id": me.membership_id, "seq": 900, "client_key": ids.new_id()},
        "message_revisions": {"number": 900},
        "read_markers": {"membership_id": me.membership_id},
        "sessions": {"user_id": me.user_id},
        "mailed_links": {"user_id": me.user_id, "token_hash": ids.new_id().hex},
        "refresh_tokens": {"user_id": me.user_id, "session_id": me.session_id, "token_hash": ids.new_id().hex},
        "personal_tokens": {"user_id": me.user_id, "token_hash": ids.new_id().hex},
        "audit_events": {"user_id": me.user_id},
        "decisions": {"created_by": me.membership_id},
        "decision_revisions": {"version": 900, "written_by": me.membership_id},
        "decision_askings": {"membership_id": furnished.person("max").membership_id},
        "positions": {"membership_id": me.membership_id},
        "concerns": {"owner_id": me.membership_id},
        "concern_replies": {"author_id": me.membership_id},
        "ballots": {"membership_id": me.membership_id},
        "decision_templates": {"name": ids.new_id().hex},
        "citations": {"number": 900},
        "registers": {"numbers": 0, "entries": 0, "head": "0" * 64},
    }  # fmt: skip
    for label in ["own"] if table in PERSONAL else furnished.rows[table]:
        (*_, row) = furnished.rows[table][label] if label != "own" else furnished.rows[table]["acme"]
        yield label, copied(row, **fresh.get(table, {}))
    if table in FORGED:
        row = furnished.rows[table].get("acme", furnished.rows[table]["other"])[-1]
        column, attribute = FORGED[table]
        named = {**fresh[table], column: getattr(not_me, attribute)}
        yield "forged", copied(row, **named)
