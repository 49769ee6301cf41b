"""The workspace: people, organizations, channels, threads, messages, and who sees what.

Revision ID: 0001
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0001"
down_revision = None

HERE = Path(__file__).parent


def upgrade() -> None:
    """Create the tables, then grants, functions and policies, in one transaction."""
    for part in ("tables", "access"):
        run_script(op.get_bind(), (HERE / f"0001_workspace_{part}.sql").read_text())


def downgrade() -> None:
    """Remove everything; the schema itself stays, it belongs to the roles' bootstrap."""
    run_script(
        op.get_bind(),
        """do $$ declare t text; begin
        for t in select tablename from pg_tables where schemaname = 'dfworx' and tablename <> 'alembic_version' loop
          execute format('drop table dfworx.%I cascade', t);
        end loop;
        for t in select p.oid::regprocedure::text from pg_proc p where pronamespace = 'dfworx'::regnamespace loop
          execute 'drop function ' || t || ' cascade';
        end loop; end $$""",
    )
