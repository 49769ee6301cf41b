"""What may be decided already is found among ten thousand, and by words with typing errors.

The trigrams of Postgres (pg_trgm) go into a schema of their own, unless the database has them somewhere.

Revision ID: 0024
"""

from pathlib import Path

from sqlalchemy import Connection, text

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0024"
down_revision = "0023"

TRIGRAMS = """
do $$
begin
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    create schema dfworx_extensions;
    create extension pg_trgm with schema dfworx_extensions;
  end if;
end
$$
"""
WHERE = text(
    "select quote_ident(nspname) from pg_extension e join pg_namespace n on n.oid = extnamespace"
    " where extname = 'pg_trgm'"
)


def upgrade() -> None:
    """Add the terms of every decision."""
    _run(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())


def _run(connection: Connection, script: str) -> None:
    run_script(connection, TRIGRAMS)
    run_script(connection, script.replace("TRIGRAMS", connection.execute(WHERE).scalar_one()))
