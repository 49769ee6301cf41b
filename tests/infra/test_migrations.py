"""Migrations: up, down and up again, by a login without superuser rights, on every Postgres that is at hand."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dfworx.core import ids
from dfworx.infra import migrations
from dfworx.infra.postgres import EmbeddedPostgres
from dfworx.infra.settings import SettingsError
from tests.infra.catalog import RENEW, SNAPSHOT, catalog

DEBIAN = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Database:
    """An empty database, and how its administrator and its migrator reach it."""

    admin: str
    migrator: str

    @property
    def engine(self) -> Engine:
        """The administrator's engine."""
        return create_engine(self.admin, poolclass=NullPool)

    def prepare(self) -> None:
        """Create the roles, the schema and the tables."""
        migrations.prepare(self.admin, self.migrator)

    def tables(self) -> set[str]:
        """The tables that there are."""
        found = text("select tablename from pg_tables where schemaname = 'dfworx' and tablename <> 'alembic_version'")
        with self.engine.connect() as connection:
            return set(connection.scalars(found))


@pytest.fixture(scope="module")
def debian() -> Iterator[str]:
    """Debian's Postgres 15, by the folder of its socket."""
    if not (DEBIAN / "initdb").exists():
        print("Postgres 15 is not tried: apt install postgresql-15")
        pytest.skip(f"there is no {DEBIAN}")
    folder = Path(tempfile.mkdtemp(prefix="dfworx-15-", dir="/tmp"))
    account = _account()
    shutil.chown(folder, *account[:2])
    options = {"user": account[0], "group": account[1], "extra_groups": []} if os.geteuid() == 0 else {}
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **options}
    data = str(folder / "data")
    subprocess.run(
        [DEBIAN / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"], check=True, **quiet
    )
    settings = f"-k {folder} -c listen_addresses='' -c fsync=off"
    subprocess.run([DEBIAN / "pg_ctl", "-D", data, "-w", "-o", settings, "start"], check=True, **quiet)
    try:
        yield str(folder)
    finally:
        subprocess.run([DEBIAN / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], check=True, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> tuple[int, int]:
    """Whom a Postgres of the tests runs as: nobody special, never root."""
    if os.geteuid() != 0:
        return os.getuid(), os.getgid()
    entry = pwd.getpwnam("postgres" if any(each.pw_name == "postgres" for each in pwd.getpwall()) else "nobody")
    return entry.pw_uid, entry.pw_gid


@pytest.fixture(params=["embedded", "debian"])
def fresh(request: pytest.FixtureRequest, postgres: EmbeddedPostgres) -> Iterator[Database]:
    """A database of its own for this test."""
    name = f"migrated_{ids.new_id().hex[-12:]}"
    if request.param == "embedded":
        url = postgres.url
    else:
        folder = request.getfixturevalue("debian")

        def url(login: str, database: str = "postgres") -> str:
            return f"postgresql+psycopg://{login}@/{database}?host={folder}"

    with create_engine(url("postgres", "postgres"), isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"create database {name}"))
        yield Database(url("postgres", name), url("dfworx_migrator", name))
        connection.execute(text(f"drop database {name}"))  # not by force: no superuser may end autovacuum so
    connection.engine.dispose()


def test_up_down_and_up_again_is_the_same(fresh):
    fresh.prepare()
    with fresh.engine.connect() as connection:
        first = catalog(connection)
    migrations.downgrade(fresh.migrator)
    assert fresh.tables() == set()
    with fresh.engine.connect() as connection:
        left = text("select count(*) from pg_proc where pronamespace = 'dfworx'::regnamespace")
        assert connection.scalar(left) == 0
    migrations.upgrade(fresh.migrator)
    with fresh.engine.connect() as connection:
        assert catalog(connection) == first


def test_going_up_twice_changes_nothing(fresh):
    fresh.prepare()
    fresh.prepare()
    migrations.check(fresh.migrator)


def test_the_models_say_what_the_migrations_made(fresh):
    fresh.prepare()
    migrations.check(fresh.migrator)


def test_the_migrator_is_no_superuser(fresh):
    fresh.prepare()
    with create_engine(fresh.migrator, poolclass=NullPool).connect() as connection:
        rights = text("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user")
        assert tuple(connection.execute(rights).one()) == (False, False, False)


def test_the_catalog_is_the_one_that_was_read(fresh):
    fresh.prepare()
    with fresh.engine.connect() as connection:
        assert catalog(connection) == SNAPSHOT.read_text(), f"the schema has changed: {RENEW}, and read the difference"


def test_a_login_that_may_not_migrate_is_told_who_may(fresh):
    fresh.prepare()
    with pytest.raises(SettingsError, match="not a member of dfworx_owner"):
        migrations.upgrade(fresh.migrator.replace("dfworx_migrator", "dfworx_app"))


def test_a_migration_that_waits_for_a_lock_gives_up(fresh):
    """The running release must not stand still behind a migration."""
    fresh.prepare()
    migrations.downgrade(fresh.migrator)
    migrations.upgrade(fresh.migrator)
    with fresh.engine.begin() as connection:
        connection.execute(text("set local role dfworx_owner"))
        connection.execute(text("lock table dfworx.messages"))
        with pytest.raises(Exception, match="lock timeout"):
            migrations.downgrade(fresh.migrator)
