"""The embedded Postgres: started from its wheel's programs, reached by a private socket, shared by our processes."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL

from dfworx.infra.postgres_cluster import PORT, Cluster
from dfworx.infra.postgres_errors import PostgresError, explain

__all__ = ["EmbeddedPostgres", "PostgresError"]

DATABASE = "dfworx"
START_SECONDS = 120.0  # crash recovery of a large database takes its time; a server that gives up is noticed at once
LEFTOVER_SECONDS = 10.0  # for the orphans of a killed server to notice and leave
FAST_SECONDS = 7.0  # of the ten that a stop may take


class EmbeddedPostgres:
    """One server for one data directory: whoever comes first starts it, whoever leaves last stops it."""

    name = "The database"
    young = 3.0  # seconds after a start

    def __init__(self, data_dir: Path, *, durable: bool = True, backups: Path | None = None) -> None:
        self.cluster = Cluster(data_dir.expanduser().resolve(), backups=backups and backups.expanduser().resolve())
        self._durable = durable  # False: throw-away clusters of tests
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_dir: Path | None = None
        self._in_use: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def socket_dir(self) -> Path:
        """Where the socket is."""
        if self._socket_dir is None:
            raise PostgresError("The embedded database is not started.")
        return self._socket_dir

    def url(self, login: str, database: str = DATABASE) -> str:
        """The SQLAlchemy URL for a login; no password, since the socket knows who we are."""
        where = {"host": str(self.socket_dir), "port": str(PORT)}
        return URL.create("postgresql+psycopg", login, host="", database=database, query=where).render_as_string()

    def is_running(self) -> bool:
        """Whether a server runs on these data."""
        return self._server() is not None

    def start(self) -> None:
        """Make the cluster if needed, start the server or join the running one, and see that it answers."""
        if self._in_use is not None:
            return
        _forget_foreign_settings()
        self.cluster.make_home()
        with self._alone(), ExitStack() as undo:
            self._socket_dir = self._join() or self._launch(undo)
            self._create_database()
            self._in_use = self._lock_file("in-use.lock")
            fcntl.flock(self._in_use, fcntl.LOCK_SH)  # gone with us, even after kill -9
            undo.pop_all()

    def is_alive(self) -> bool:
        """Whether the server that we use runs."""
        if self._process is not None and self._process.poll() is not None:
            self._process = None
        return self._process is not None or self.is_running()

    def revive(self) -> None:
        """Start the server again that died; its socket stays where it was."""
        with self._alone(), ExitStack() as undo:
            if self._join() is None:
                self._launch(undo)
            undo.pop_all()

    def gave_up(self) -> Exception | None:
        """It dies at every start; a full disk may get space again."""
        said = self.cluster.last_words()
        if "No space left on device" in said:
            return None
        return PostgresError(explain(said, "Postgres died again and again soon after its start"))

    def stop(self) -> None:
        """Leave; the last one stops the server."""
        if self._in_use is None:
            return
        with self._alone(), self._in_use as in_use:
            self._in_use = None
            if _is_last(in_use):
                self._shut_down()
            else:
                self._hand_over()
        self._socket_dir = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops this server meanwhile."""
        with self._lock_file("start.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _lock_file(self, name: str) -> IO[bytes]:
        return os.fdopen(os.open(self.cluster.home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")

    def _join(self) -> Path | None:
        """The socket of the server that already runs, once it answers; None when there is none."""
        deadline = time.monotonic() + START_SECONDS
        while (pid := self._server()) is not None:
            socket_dir = self.cluster.recorded_socket_dir()
            if socket_dir is not None and _answers(socket_dir):
                return socket_dir
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"Postgres (process {pid}) runs on {self.cluster.data} and does not answer: "
                    f"read {self.cluster.log}, stop that process, and start again."
                )
            time.sleep(0.05)
        return None

    def _server(self) -> int | None:
        """The process id of a living server; what a dead one left is cleared away where Postgres would believe it."""
        pid = self.cluster.recorded_pid()
        if pid is None or not psutil.pid_exists(pid):
            return None  # Postgres itself copes, and sees whether orphans still hold the memory
        if _is_server(pid, self.cluster.data):
            return pid
        self.cluster.pid_file.unlink(missing_ok=True)  # a zombie or another program
        return None

    def _launch(self, undo: ExitStack) -> Path:
        self.cluster.prepare(durable=self._durable)
        self._socket_dir = socket_dir = self.cluster.make_socket_dir(self._socket_dir)
        undo.callback(self._shut_down)
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while not self._launched(socket_dir):
            said = self.cluster.last_words()
            if "still in use" not in said or time.monotonic() > deadline:
                raise PostgresError(explain(said, f"Postgres did not start in {self.cluster.home}"))
            time.sleep(0.1)
        return socket_dir

    def _launched(self, socket_dir: Path) -> bool:
        """Start the server and wait until it answers; False when it gave up."""
        with self.cluster.open_log() as log:
            self._process = subprocess.Popen(
                self.cluster.server_command(socket_dir, durable=self._durable),
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us; the server stops last
                **self.cluster.account.process_options(),
            )
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            if _answers(socket_dir):
                return True
            time.sleep(0.02)
        return False

    def _create_database(self) -> None:
        with _connect(self.socket_dir) as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _hand_over(self) -> None:
        """Leave a server that others still use; the last of them stops it."""
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0  # or Popen complains when it is collected
        self._process = None

    def _shut_down(self) -> None:
        """Stop the server: fast, and if need be at once; either way committed data are safe."""
        pid = self._server()
        gone = pid is None or self._ended(pid, signal.SIGINT, FAST_SECONDS) or self._ended(pid, signal.SIGQUIT, 1.0)
        if pid is not None and not gone:
            os.kill(pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self._socket_dir is not None:
            self.cluster.drop_socket_dir(self._socket_dir)

    def _ended(self, pid: int, by: signal.Signals, seconds: float) -> bool:
        """Whether the server is gone within that time of the signal; a zombie is gone."""
        os.kill(pid, by)
        deadline = time.monotonic() + seconds
        while _is_server(pid, self.cluster.data):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True


def _forget_foreign_settings() -> None:
    """Drop PGHOSTADDR, PGOPTIONS and the like: they are about some other server, and libpq obeys them."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def _connect(socket_dir: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(socket_dir), port=PORT, user="postgres", dbname="postgres", connect_timeout=5, autocommit=True
    )


def _answers(socket_dir: Path) -> bool:
    try:
        with _connect(socket_dir) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _is_server(pid: int, data: Path) -> bool:
    """Whether the process is alive and a Postgres of this cluster."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except psutil.Error:
        return False


def _is_last(in_use: IO[bytes]) -> bool:
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
