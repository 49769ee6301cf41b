"""How migrations run: as the schema's owner, with time-outs, one transaction each."""

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from alembic import context
from dfworx.infra.settings import settings
from dfworx.tables import metadata


def run(connection: Connection) -> None:
    """Run the asked-for migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name == "dfworx",
        version_table_schema="dfworx",
        transaction_per_migration=True,
    )
    connection.execute(
        text(
            "select set_config('role', 'dfworx_owner', false), set_config('lock_timeout', '4s', false), "
            "set_config('statement_timeout', '60s', false)"
        )
    )
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()


url = context.config.attributes.get("url") or settings().migration_url
with create_engine(url, poolclass=NullPool).connect() as connection:
    run(connection)
