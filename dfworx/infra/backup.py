"""Backups of the embedded database: a copy, and the log of every change since, so that any moment can be had back.

Base backups with continuous archiving of the write-ahead log, as chapter 25.3 of the PostgreSQL manual has it.
"""

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from dfworx import __version__
from dfworx.core import clock
from dfworx.infra.backup_store import MANIFEST, PARTIAL, Backup, Store
from dfworx.infra.postgres import DATABASE, EmbeddedPostgres
from dfworx.infra.postgres_cluster import PORT, Cluster
from dfworx.infra.postgres_errors import PostgresError, explain

ARCHIVED_SECONDS = 60.0  # that the last piece of the log may take into the archive
RECOVERY_SECONDS = 3600.0
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Restored:
    """What a restore did: which backup it began with, how many rows each table has, where the former data are."""

    base: str
    rows: dict[str, int]
    aside: Path | None


def make(postgres: EmbeddedPostgres, store: Store) -> Backup:
    """Copy the running database and everything else that the data directory holds, and see that the copy is whole."""
    store.prepare()
    with store.writing() as lock:
        folder = _free(store.folder / f"base-{clock.now().strftime(STAMP)}")
        partial = _partial(folder)
        partial.mkdir(mode=0o700)
        try:
            backup = _copy(postgres, store, partial, folder.name, lock)
            partial.rename(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    mark(postgres, store, f"after-{folder.name}")
    return backup


def _copy(postgres: EmbeddedPostgres, store: Store, partial: Path, name: str, lock: int) -> Backup:
    postgres.cluster.account.own(partial)
    where = ["--host", str(postgres.socket_dir), "--port", str(PORT), "--username", "postgres"]
    _run(
        postgres.cluster,
        lock,
        "pg_basebackup",
        *where,
        "--pgdata",
        str(partial / "data"),
        "--checkpoint=fast",
        "--no-password",
    )
    _run(postgres.cluster, lock, "pg_verifybackup", str(partial / "data"))
    _copy_files(postgres.cluster.data_dir, partial / "files", store.folder)
    size = sum(path.stat().st_size for path in partial.rglob("*") if path.is_file())
    backup = Backup(name, clock.now(), __version__, size)
    text = json.dumps(asdict(backup) | {"finished_at": backup.finished_at.isoformat()}, indent=1)
    (partial / MANIFEST).write_text(text)
    return backup


def mark(postgres: EmbeddedPostgres, store: Store, name: str) -> None:
    """Name this moment, and wait until the log up to it is in the archive."""
    with _connect(postgres) as connection:
        connection.execute("select pg_create_restore_point(%s)", [name])
        store.remember(name, clock.now())
        (last,) = connection.execute("select pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
        deadline = time.monotonic() + ARCHIVED_SECONDS
        while not (store.archive / f"{last}.gz").exists():
            if time.monotonic() > deadline:
                raise PostgresError(f"The log does not reach the archive {store.archive}: is its disk full?")
            time.sleep(0.1)


def restore(postgres: EmbeddedPostgres, store: Store, to: str = "latest") -> Restored:
    """Bring the database back as it was at a time, at a named moment, or at the end of the archive.

    What is there now is moved aside, never deleted. The server must not run.
    """
    if postgres.cluster.recorded_pid() is not None and postgres.is_running():
        raise PostgresError("The server is running on these data: stop it first.")
    target, at = _target(store, to)
    base = _base(store, at)
    postgres.cluster.make_home()
    aside = _put_aside(postgres.cluster.data)
    _lay_down(postgres.cluster, store.folder / base.folder)
    _ask_for(postgres.cluster, store, target, aside)
    with postgres:
        _wait_for_the_end(postgres)
        rows = count(postgres)
    return Restored(base.folder, rows, aside)


def count(postgres: EmbeddedPostgres) -> dict[str, int]:
    """How many rows each table has; reading them all also proves their checksums."""
    with _connect(postgres, DATABASE) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'dfworx' order by 1").fetchall()
        counted = {}
        for (table,) in tables:
            query = sql.SQL("select count(*) from {}").format(sql.Identifier("dfworx", str(table)))
            (counted[str(table)],) = connection.execute(query).fetchone() or (0,)
    return {table: int(str(many)) for table, many in counted.items()}


def _target(store: Store, to: str) -> tuple[dict[str, str], datetime | None]:
    """What the server is told to stop at, and when that was."""
    if to == "latest":
        return {}, None
    if to in store.points():
        return {"recovery_target_name": to}, store.points()[to]
    try:
        at = datetime.fromisoformat(to)
    except ValueError:
        known = ", ".join(store.points()) or "none"
        raise PostgresError(f"--to: {to!r} is neither a time such as 2026-11-23T14:05 nor a name ({known})") from None
    at = at.astimezone(UTC)  # one without an offset is of this machine's zone
    return {"recovery_target_time": at.isoformat()}, at


def _base(store: Store, at: datetime | None) -> Backup:
    before = [backup for backup in store.all() if at is None or backup.finished_at <= at]
    if not before:
        raise PostgresError(f"There is no backup of before that in {store.folder}: python -m dfworx backup --list")
    return before[-1]


def _put_aside(data: Path) -> Path | None:
    if not data.exists():
        return None
    return data.rename(_free(data.with_name(f"data-before-{clock.now().strftime(STAMP)}")))


def _free(path: Path) -> Path:
    """That path, numbered where there is something already, or at work: two may fall into one second."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in itertools.count(2))
    return next(p for p in itertools.chain([path], numbered) if not p.exists() and not _partial(p).exists())


def _partial(path: Path) -> Path:
    return path.with_name(path.name + PARTIAL)


def _lay_down(cluster: Cluster, base: Path) -> None:
    cluster.prepare_programs()
    partial = cluster.home / "data-partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(base / "data", partial)
    for path in (partial, *partial.rglob("*")):
        cluster.account.own(path)
    partial.chmod(0o700)
    partial.rename(cluster.data)
    for path in _files(base / "files"):
        there = cluster.data_dir / path.relative_to(base / "files")
        if not there.exists() or there.read_bytes() != path.read_bytes():
            there.parent.mkdir(parents=True, exist_ok=True)
            if there.exists():
                there.rename(_free(there.with_name(f"{there.name}.before-{clock.now().strftime(STAMP)}")))
            shutil.copy2(path, there)


def _ask_for(cluster: Cluster, store: Store, target: dict[str, str], aside: Path | None) -> None:
    fetch = f'gunzip < "{store.archive}/%f.gz" > "%p"'
    if aside is not None and not target:
        fetch += f' || cp "{aside}/pg_wal/%f" "%p"'  # what had not been archived yet
    wanted = {"restore_command": fetch, "recovery_target_action": "promote", **target}
    lines = "".join(f"{name} = '{value}'\n" for name, value in wanted.items())
    with (cluster.data / "postgresql.auto.conf").open("a") as file:
        file.write(lines)
    signal = cluster.data / "recovery.signal"
    signal.touch()
    cluster.account.own(signal)


def _wait_for_the_end(postgres: EmbeddedPostgres) -> None:
    deadline = time.monotonic() + RECOVERY_SECONDS
    with _connect(postgres) as connection:
        while connection.execute("select pg_is_in_recovery()").fetchone() == (True,):
            if time.monotonic() > deadline:
                raise PostgresError(f"The log is still being read after an hour: see {postgres.cluster.log}.")
            time.sleep(0.1)
        for name in ("restore_command", "recovery_target_action", "recovery_target_time", "recovery_target_name"):
            connection.execute(sql.SQL("alter system reset {}").format(sql.Identifier(name)))


def _copy_files(data_dir: Path, target: Path, store: Path) -> None:
    """Secrets and files of people: everything beside the database and the backups themselves."""
    target.mkdir(mode=0o700)
    for path in _files(data_dir):
        inside = path.relative_to(data_dir)
        if inside.parts[0] != "postgres" and not path.is_relative_to(store):
            (target / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / inside)


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _run(cluster: Cluster, lock: int, program: str, *arguments: str) -> None:
    command = [str(cluster.binaries / program), *arguments]
    options = {**cluster.account.process_options(), "pass_fds": [lock]}
    done = subprocess.run(command, **options, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise PostgresError(explain(done.stderr, f"{program} failed"))


def _connect(postgres: EmbeddedPostgres, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(postgres.socket_dir), port=PORT, user="postgres", dbname=database, connect_timeout=5, autocommit=True
    )
