"""The migrated catalog as text: tables, policies, functions, grants. `python -m tests.infra.catalog` renews it."""

import tempfile
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

from dfworx.infra import migrations
from dfworx.infra.postgres import EmbeddedPostgres

SNAPSHOT = Path(__file__).with_name("catalog.sql")
RENEW = "python -m tests.infra.catalog"

QUESTIONS = {
    "tables": """
        select relname || ': ' || attname || ' ' || format_type(atttypid, atttypmod)
          || case when attnotnull then ' not null' else '' end
        from pg_attribute a join pg_class c on c.oid = attrelid
        where relnamespace = 'dfworx'::regnamespace and relkind in ('r', 'p', 'v', 'm')
          and attnum > 0 and not attisdropped
    """,
    "constraints": """
        select conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'dfworx'::regnamespace and contype <> 'n'
    """,
    "indexes": "select indexdef from pg_indexes where schemaname = 'dfworx'",
    "row-level security": """
        select relname || ': enabled ' || relrowsecurity || ', forced ' || relforcerowsecurity || ', owner '
          || pg_get_userbyid(relowner)
        from pg_class where relnamespace = 'dfworx'::regnamespace and relkind in ('r', 'p')
    """,
    "policies": """
        select tablename || ': ' || policyname || ' ' || lower(permissive) || ' for ' || lower(cmd) || ' to '
          || array_to_string(roles, ', ') || coalesce(' using ' || qual, '') || coalesce(' check ' || with_check, '')
        from pg_policies where schemaname = 'dfworx'
    """,
    "functions": "select pg_get_functiondef(oid) from pg_proc where pronamespace = 'dfworx'::regnamespace",
    "triggers": """
        select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid
        where relnamespace = 'dfworx'::regnamespace and not tgisinternal
    """,
    "grants on tables": """
        select relname || ': ' || lower(privilege_type) || ' to ' || pg_get_userbyid(grantee)
        from pg_class cross join aclexplode(relacl)
        where relnamespace = 'dfworx'::regnamespace and grantee <> relowner
    """,
    "grants on columns": """
        select relname || '.' || attname || ': ' || lower(privilege_type) || ' to ' || pg_get_userbyid(grantee)
        from pg_attribute join pg_class on pg_class.oid = attrelid cross join aclexplode(attacl)
        where relnamespace = 'dfworx'::regnamespace and grantee <> relowner
    """,
    "grants on functions": """
        select proname || ': to ' || pg_get_userbyid(grantee)
        from pg_proc cross join aclexplode(proacl)
        where pronamespace = 'dfworx'::regnamespace and grantee <> proowner
    """,
}


def catalog(connection: Connection) -> str:
    """What stands in the schema, in an order that does not change."""
    parts = [f"-- The migrated catalog; renew it with `{RENEW}` and read the difference."]
    for title, question in QUESTIONS.items():
        rows = sorted(" ".join(row.split()) for row in connection.scalars(text(question)))
        parts.append("\n".join([f"\n-- {title}", *rows]))
    return "\n".join(parts) + "\n"


def main() -> None:
    """Migrate a new database and keep its catalog."""
    with tempfile.TemporaryDirectory(prefix="dfworx-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder), durable=False) as postgres:
            migrations.prepare(postgres.url("postgres"), postgres.url("dfworx_migrator"))
            with create_engine(postgres.url("postgres")).connect() as connection:
                SNAPSHOT.write_text(catalog(connection))


if __name__ == "__main__":
    main()
