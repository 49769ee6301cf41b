"""The embedded Postgres: it starts, is shared, survives what can happen to it, and lets nobody else in."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from dfworx.infra import postgres_cluster, postgres_errors
from dfworx.infra.postgres import EmbeddedPostgres, PostgresError

pytestmark = pytest.mark.embedded


@contextmanager
def new_folder() -> Iterator[Path]:
    """A data directory with a short path that a service account can reach."""
    parent = Path(tempfile.mkdtemp(prefix="dfworx-pg-", dir="/tmp"))
    parent.chmod(0o755)
    try:
        yield parent / "data"
    finally:
        shutil.rmtree(parent)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data directory of the test's own."""
    with new_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A started one, for tests that leave it as it is."""
    with new_folder() as folder, EmbeddedPostgres(folder, durable=False) as server:
        yield server


def ask(server: EmbeddedPostgres, question: str, login: str = "postgres") -> object:
    with psycopg.connect(host=str(server.socket_dir), user=login, dbname="dfworx", autocommit=True) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def test_it_works(server):
    assert ask(server, "select current_database()") == "dfworx"
    assert server.url("dfworx_app").startswith("postgresql+psycopg://dfworx_app@/dfworx?host=")


@pytest.mark.parametrize(
    ("name", "value"),
    [("listen_addresses", ""), ("data_checksums", "on"), ("TimeZone", "UTC"), ("password_encryption", "scram-sha-256")],
)
def test_it_is_configured(server, name, value):
    assert ask(server, f"select current_setting('{name}')") == value


def test_letters_are_letters_in_every_language(server):
    assert ask(server, "select lower('ÄÖÜ') || to_tsvector('simple', 'Überraschung')::text") == "äöü'überraschung':1"


def test_it_is_durable_unless_it_is_thrown_away(folder):
    with EmbeddedPostgres(folder) as server:
        assert {ask(server, f"show {name}") for name in postgres_cluster.DURABILITY} == {"on"}


def test_the_cluster_and_the_socket_are_private(server):
    for path in (server.cluster.data, server.socket_dir):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_parent_folders_keep_their_modes(folder):
    folder.parent.chmod(0o711)
    with EmbeddedPostgres(folder, durable=False):
        assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o711


def test_an_unknown_login_is_refused(server):
    with pytest.raises(psycopg.OperationalError, match="eer authentication failed|does not exist"):
        ask(server, "select 1", login="somebody")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_another_user_of_the_machine_is_refused(server):
    server.socket_dir.chmod(0o755)  # even if the folder were open
    stranger = next(entry for entry in pwd.getpwall() if entry.pw_uid not in {0, server.cluster.account.uid})
    attempt = [server.cluster.binaries / "psql", "-h", server.socket_dir, "-U", "postgres", "-c", "select 1", "dfworx"]
    done = subprocess.run(attempt, user=stranger.pw_uid, capture_output=True, text=True, check=False)
    server.socket_dir.chmod(0o700)
    assert done.returncode != 0
    assert "peer authentication failed" in done.stderr.lower()


def test_foreign_settings_of_the_environment_do_no_harm(folder, monkeypatch):
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    monkeypatch.setenv("PGPORT", "1")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert ask(server, "select 1") == 1


def test_the_second_joins_and_leaves_it_running(server):
    second = EmbeddedPostgres(server.cluster.data_dir)
    second.start()
    assert second.socket_dir == server.socket_dir
    second.stop()
    assert ask(server, "select 1") == 1


def ends(pid: int, within: float = 5.0) -> bool:
    """Whether a process is gone soon: its last act is to remove its pid file."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_the_last_one_stops_it(folder):
    first, second = EmbeddedPostgres(folder, durable=False), EmbeddedPostgres(folder)
    first.start()
    second.start()
    pid = first.cluster.recorded_pid()
    first.stop()
    assert ask(second, "select 1") == 1
    second.stop()
    assert ends(pid)


def test_stopping_is_quick_with_open_connections(folder):
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    with psycopg.connect(host=str(server.socket_dir), user="postgres", dbname="dfworx"):
        server.stop()
    assert not server.cluster.pid_file.exists()


def test_data_outlive_a_crash_of_the_server(folder):
    first = EmbeddedPostgres(folder)
    first.start()
    ask(first, "create table kept as select 42 as answer")
    os.kill(first.cluster.recorded_pid(), signal.SIGKILL)  # remains as our zombie
    with EmbeddedPostgres(folder) as second:
        assert ask(second, "select answer from kept") == 42
        first.stop()
        assert ask(second, "select 1") == 1


def test_it_copes_with_a_killed_application(folder):
    program = (
        "import os; from pathlib import Path; from dfworx.infra.postgres import EmbeddedPostgres; "
        f"EmbeddedPostgres(Path({str(folder)!r}), durable=False).start(); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program], check=False)
    with EmbeddedPostgres(folder, durable=False) as server:
        assert ask(server, "select 1") == 1
        pid = server.cluster.recorded_pid()
    assert ends(pid)


@pytest.mark.parametrize("pid", [os.getpid(), 999_999_999], ids=["another program", "nobody"])
def test_a_stale_pid_file_is_cleared(folder, pid):
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    server.stop()
    server.cluster.pid_file.write_text(f"{pid}\n{server.cluster.data}\n0\n5432\n/nowhere\n\n0 0\nready\n")
    with server:
        assert ask(server, "select 1") == 1


def test_a_long_path_gets_a_short_socket(folder):
    with EmbeddedPostgres(folder / ("long" * 30), durable=False) as server:
        short = server.socket_dir
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        assert ask(server, "select 1") == 1
    assert not short.exists()


def test_data_of_another_major_version_are_refused(folder):
    with EmbeddedPostgres(folder, durable=False) as server:
        pass
    (server.cluster.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(PostgresError, match=r"written by Postgres 17.*restore the dump"):
        server.start()


def test_a_full_disk_is_said():
    assert "The disk is full" in postgres_errors.explain("FATAL:  No space left on device", "here")


@pytest.mark.skipif(os.geteuid() != 0, reason="a normal user runs the server as itself")
def test_a_folder_out_of_reach_is_refused(folder):
    folder.parent.chmod(0o700)
    with pytest.raises(PostgresError, match="cannot enter"):
        EmbeddedPostgres(folder).start()


def test_a_folder_that_cannot_be_written_is_refused():
    with pytest.raises(PostgresError, match="DFWORX_DATA_DIR"):
        EmbeddedPostgres(Path("/proc/dfworx")).start()
