"""Backups: everything is deleted, garbage is written, and exactly the right rows come back."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from dfworx.core import clock
from dfworx.infra import backup, migrations
from dfworx.infra.backup_store import Store
from dfworx.infra.postgres import EmbeddedPostgres, PostgresError

pytestmark = pytest.mark.embedded

COUNT = "select count(*), coalesce(sum(hashtext(name)), 0) from dfworx.users"
ADD = """insert into dfworx.users (id, created_at, email, name, is_server_admin)
  select gen_random_uuid(), now(), %(what)s || n || '@example.org', %(what)s || n, false from generate_series(1, 500) n
"""

# A backup in a process of its own.
WORK = """
import sys
from pathlib import Path
from dfworx.infra.backup import make
from dfworx.infra.backup_store import Store
from dfworx.infra.postgres import EmbeddedPostgres
data, backups = map(Path, sys.argv[1:])
own = EmbeddedPostgres(data, durable=False, backups=backups)
with own:
    make(own, Store(backups, own.cluster))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, because of the socket's limit."""
    path = Path(tempfile.mkdtemp(prefix="dfworx-test-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def own(folder: Path) -> EmbeddedPostgres:
    """A database of the test's own, with a secret beside it."""
    data = folder / "data"
    data.mkdir(mode=0o711)
    (data / "secret").write_text("the secret that signs sessions")
    return EmbeddedPostgres(data, durable=False, backups=folder / "backups")


@pytest.fixture
def store(folder: Path, own: EmbeddedPostgres) -> Store:
    """Where its backups go."""
    return Store(folder / "backups", own.cluster)


Standing = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Standing:
    """`with standing():` the clock stands, each time at the moment of the first one."""
    first: list[datetime] = []

    @contextmanager
    def stand() -> Iterator[None]:
        first.append(clock.now())
        with monkeypatch.context() as still:
            still.setattr(clock, "now", lambda: first[0])
            yield

    return stand


def run(own: EmbeddedPostgres, statement: str, **values: str) -> tuple[object, ...]:
    """One statement as the superuser."""
    where = {"host": str(own.socket_dir), "user": "postgres", "dbname": "dfworx"}
    with psycopg.connect(**where, autocommit=True) as connection:
        cursor = connection.execute(statement, values)
        return (cursor.fetchone() or ()) if cursor.description else ()


def prepared(own: EmbeddedPostgres, store: Store) -> None:
    """Tables, 500 rows, a backup, 500 more."""
    migrations.prepare(own.url("postgres"), own.url("dfworx_migrator"))
    run(own, ADD, what="first")
    made = backup.make(own, store)
    assert made.bytes > 1_000_000
    run(own, ADD, what="second")


def test_everything_is_deleted_and_comes_back(folder: Path, own: EmbeddedPostgres, store: Store, standing: Standing):
    with own:
        prepared(own, store)
        backup.mark(own, store, "before-upgrade")
        good = run(own, COUNT)
        time.sleep(1.1)
        at = clock.now()
        time.sleep(1.1)
        run(own, ADD, what="bad")
        run(own, "delete from dfworx.users where name like 'second%%'")
        worse = run(own, COUNT)
        with pytest.raises(PostgresError, match="running"):
            backup.restore(own, store, "before-upgrade")
    assert good == (1000, good[1])

    with standing():
        done = backup.restore(own, store, at.isoformat())
    assert done.rows["users"] == 1000
    assert done.aside is not None
    with own:
        assert run(own, COUNT) == good

    with standing():  # in the same second
        again = backup.restore(own, store, "before-upgrade")
    assert again.aside is not None
    assert {path.exists() for path in (done.aside, again.aside)} == {True}
    with own:
        assert run(own, COUNT) == good
        run(own, ADD, what="third")  # it goes on from there, and archives on
        backup.mark(own, store, "later")
        later = run(own, COUNT)

    shutil.rmtree(own.cluster.data_dir)  # the disk is gone; the backups were on another one
    done = backup.restore(own, store, "latest")
    assert done.aside is None
    assert (own.cluster.data_dir / "secret").read_text() == "the secret that signs sessions"
    with own:
        assert run(own, COUNT) == later
        assert run(own, "select current_setting('data_checksums')") == ("on",)
    assert worse not in {good, later}


def test_what_the_archive_did_not_have_yet_is_taken_from_the_data_that_are_there(own: EmbeddedPostgres, store: Store):
    with own:
        prepared(own, store)
        last = run(own, COUNT)
    backup.restore(own, store, "latest")
    with own:
        assert run(own, COUNT) == last


def test_only_so_many_are_kept_and_every_kept_one_works(own: EmbeddedPostgres, store: Store, standing: Standing):
    with own:
        prepared(own, store)
        with standing():
            assert len({backup.make(own, store).folder for _ in range(2)}) == 2
        pieces = len(list(store.archive.glob("*.gz")))
        assert len(store.forget_all_but(1)) == 2
        assert len(store.all()) == 1
        assert len(list(store.archive.glob("*.gz"))) < pieces
        last = run(own, COUNT)
    backup.restore(own, store, f"after-{store.all()[0].folder}")
    with own:
        assert run(own, COUNT) == last


def test_what_a_killed_backup_left_goes_with_the_next_one_unless_somebody_writes_it(
    own: EmbeddedPostgres, store: Store
):
    """It is there while the backup lives, and while a program of it does that went on alone."""
    with own:
        prepared(own, store)
        command = [sys.executable, "-c", WORK, str(own.cluster.data_dir), str(store.folder)]
        with subprocess.Popen(command, start_new_session=True) as worker:
            partial = half_written(store)
            os.killpg(worker.pid, signal.SIGSTOP)
            backup.make(own, store)
            assert partial.exists()
            worker.kill()
        backup.make(own, store)
        assert partial.exists()
        os.killpg(worker.pid, signal.SIGKILL)
        with (store.folder / "writing.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # until the last of them is dead
        made = backup.make(own, store)
    assert not partial.exists()
    assert (len(store.all()), store.all()[-1]) == (4, made)


def half_written(store: Store) -> Path:
    """The copy that is being written, once something is in it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in store.folder.glob("base-*.partial"):
            if (path / "data").exists() and any((path / "data").iterdir()):
                return path
        time.sleep(0.002)
    raise TimeoutError


@pytest.mark.parametrize("to", ["yesterday", "no-such-name"])
def test_neither_a_time_nor_a_name_is_refused(own: EmbeddedPostgres, store: Store, to: str):
    with pytest.raises(PostgresError, match="neither a time"):
        backup.restore(own, store, to)


def test_before_the_first_backup_there_is_nothing(own: EmbeddedPostgres, store: Store):
    with own:
        prepared(own, store)
    with pytest.raises(PostgresError, match="no backup of before"):
        backup.restore(own, store, (clock.now() - timedelta(days=1)).isoformat())
    with own:
        assert run(own, COUNT)[0] == 1000, "nothing was touched"
