"""Roles and migrations: brings a database to the state that this release needs."""

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from alembic import command
from dfworx.infra.database import Tx
from dfworx.infra.settings import SettingsError

ROLES_SQL = Path(__file__).with_name("roles.sql")
ALEMBIC_INI = Path(__file__).parents[2] / "alembic.ini"


def prepare(admin_url: str | None, migration_url: str) -> None:
    """Create the roles (with a superuser's URL), the schema, and bring the tables up to date."""
    if admin_url:
        with _connect(admin_url) as connection:
            run_script(connection, ROLES_SQL.read_text())
    upgrade(migration_url)


def _connect(url: str) -> AbstractContextManager[Connection]:
    """One connection in one transaction, closed at its end."""
    return create_engine(url, poolclass=NullPool).begin()


def run_script(connection: Connection, script: str) -> None:
    """Run many statements as they are: no placeholders, so that a percent sign is only that."""
    connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]  # psycopg's connection


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations up to `revision`."""
    with _connect(url) as connection:
        try:
            connection.execute(text("set local role dfworx_owner"))
        except ProgrammingError:
            raise SettingsError(
                "DFWORX_DATABASE_DIRECT_URL: this login is not a member of dfworx_owner; "
                f"an administrator runs {ROLES_SQL.name} once (python -m dfworx roles prints it)"
            ) from None
        connection.execute(text("create schema if not exists dfworx"))
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Run the migrations back to `revision`."""
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise when the models and the migrated tables differ."""
    command.check(_config(url))


def _config(url: str) -> Config:
    config = Config(ALEMBIC_INI)
    config.attributes["url"] = url
    return config


@cache
def head() -> str | None:
    """The newest migration of this release."""
    return ScriptDirectory.from_config(Config(ALEMBIC_INI)).get_current_head()


@cache
def _known() -> frozenset[str]:
    return frozenset(s.revision for s in ScriptDirectory.from_config(Config(ALEMBIC_INI)).walk_revisions())


def suits(current: str | None) -> bool:
    """Whether this release can work with a database at `current`: its own, or one that only a later release knows.

    A later release's migrations work beside this one, so that servers can be replaced one after another.
    """
    return current == head() or (current is not None and current not in _known())


async def current(tx: Tx) -> str | None:
    """The migration that the database is at; anybody may ask, for the health check."""
    return await tx.scalar(str, text("select dfworx.migration()"))
