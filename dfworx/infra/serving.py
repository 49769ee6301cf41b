"""The server: granian with our app in processes of its own, watched until it is ready, stopped in time."""

import atexit
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from select import select
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from dfworx.infra import frontend, warm
from dfworx.infra.settings import Settings, SettingsError

ADDRESS_ERRORS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL}
APP = "dfworx.dfworx:app"
SERVING = 0x64667778  # the advisory lock that a server holds on its database
HOLD, SHARE = text("select pg_try_advisory_lock(:lock)"), text("select pg_try_advisory_lock_shared(:lock)")
READY_SECONDS = 60.0
CONNECT_SECONDS = 3
TERM_SECONDS = warm.NOTICE_SECONDS + warm.GRACE_SECONDS + 3.0
CLAIM_EVERY = 1.0  # seconds, of a database that is away
# Reflex's own: serve what is built, from this port, and notice dead connections soon.
ENVIRONMENT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_SOCKET_INTERVAL": "15s",
    "REFLEX_SOCKET_TIMEOUT": "20s",
    "REFLEX_IGNORE_REDIS_CONFIG_ERROR": "true",
}


class ServerError(Exception):
    """The server did not start, or ended by itself."""


def must_be_free(settings: Settings) -> None:
    """Refuse a port that another program holds, before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except PermissionError:
            raise SettingsError(f"DFWORX_PORT: only root may listen on port {settings.port}; choose another") from None
        except socket.gaierror:
            raise SettingsError(f"DFWORX_HOST: {settings.host!r} is not an address of this machine") from None
        except OSError as error:
            if error.errno in ADDRESS_ERRORS:
                raise SettingsError(f"DFWORX_HOST: {settings.host!r} is not an address of this machine") from None
            raise SettingsError(
                f"DFWORX_PORT: port {settings.port} on {settings.host} is taken; free it or choose another"
            ) from None


def free_port() -> int:
    """A port that nobody holds at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Child:
    """A process of ours that is started again when it dies."""

    young = 15.0  # the server loads for seconds before it can fail

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self._command = command
        self.process = _start(command)

    @property
    def pid(self) -> int:
        """Its process id, and that of its group."""
        return self.process.pid

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def revive(self) -> None:
        """Start it again, once nothing is left of its group."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process = _start(self._command)

    def gave_up(self) -> Exception:
        """It dies at every start."""
        return ServerError(f"{self.name} died again and again soon after its start: the lines above say why.")


class Server(Child):
    """The server's processes, and the claim to be the one that serves this database."""

    def __init__(self, settings: Settings, app: str) -> None:
        self.claim = _Claim(settings)
        self.claim.hold()
        super().__init__("The server", _command(settings, app))

    def is_alive(self) -> bool:
        """Whether it runs; ends the run when another one took its place while the database was away."""
        self.claim.hold()
        return super().is_alive()


@contextmanager
def server(settings: Settings, app: str = APP) -> Iterator[Server]:
    """A server that is ready; at the end it is stopped. The benchmark serves an app with a route more."""
    server = Server(settings, app)
    try:
        _wait_until_ready(settings, server.process)
        yield server
    finally:
        stop(server.process)
        server.claim.release()


@contextmanager
def worker() -> Iterator[Child]:
    """A worker beside several server processes; at the end it is stopped."""
    child = Child("The worker", [sys.executable, "-m", "dfworx", "worker"])
    try:
        yield child
    finally:
        stop(child.process)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=frontend.ROOT,
        env={**frontend.environment(), **ENVIRONMENT, "PROMETHEUS_MULTIPROC_DIR": _figures()},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
        preexec_fn=_end_with_us if sys.platform == "linux" else None,  # noqa: PLW1509  # no threads here
    )


@cache
def _figures() -> str:
    """Where the processes of this server add up what they count; gone with us."""
    folder = tempfile.mkdtemp(prefix="dfworx-metrics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class _Claim:
    """Without Valkey a second server on the same database is refused: pages of each would miss what the other tells.

    It is an advisory lock, which lasts as long as its connection, and is taken again when the database comes back.
    """

    def __init__(self, settings: Settings) -> None:
        self._engine = create_engine(
            settings.dispatcher_url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
        self._lock = SHARE if settings.valkey_url else HOLD
        self._connection: Connection | None = None
        self._asked = 0.0

    def hold(self) -> None:
        """Refuse when another server has it; a database that is away is asked again at the next look."""
        if self._connection is not None and not self._is_hung_up(self._connection):
            return
        self.release()
        if time.monotonic() - self._asked < CLAIM_EVERY:
            return
        self._asked = time.monotonic()
        with suppress(OperationalError):
            self._connection = self._engine.connect()
            if not self._connection.execute(self._lock, {"lock": SERVING}).scalar_one():
                raise ServerError(
                    "Another server serves this database; several need DFWORX_VALKEY_URL, the same for each."
                )

    def release(self) -> None:
        """Give it up."""
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None

    @staticmethod
    def _is_hung_up(connection: Connection) -> bool:
        """Nothing is ever said on it, but that the other end has gone."""
        driver: Any = connection.connection.driver_connection
        return connection.closed or driver.closed or bool(select([driver], [], [], 0)[0])


def _end_with_us() -> None:
    warm.end_with_parent(signal.SIGTERM)


def _command(settings: Settings, app: str) -> list[str]:
    words = [settings.host, str(settings.port), str(settings.workers), app]
    return [sys.executable, "-m", "dfworx.infra.warm", *words]


def _wait_until_ready(settings: Settings, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not is_ready(settings):
        if process.poll() is not None:
            raise ServerError("The server ended before it was ready: the lines above say why.")
        if time.monotonic() > deadline:
            raise ServerError(f"The server was not ready after {READY_SECONDS:.0f} s: the lines above may say why.")
        time.sleep(0.05)


def is_ready(settings: Settings) -> bool:
    """Whether the server says that it can work."""
    return status(settings, "/api/ready") == HTTPStatus.OK


def status(settings: Settings, path: str) -> int:
    """What the server answers there; 0 when none does."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    connection = HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server and whatever it started; what has begun may be finished."""
    process.terminate()
    try:
        process.wait(TERM_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
