"""The server: granian with our app in a child process, watched until it is ready, stopped in time."""

import atexit
import ctypes
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
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dfworx.infra import frontend
from dfworx.infra.settings import Settings, SettingsError

ADDRESS_ERRORS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL}
APP = "dfworx.dfworx:app"
PR_SET_PDEATHSIG = 1
SERVING = 0x64667778  # the advisory lock that a server holds on its database
HOLD, SHARE = text("select pg_try_advisory_lock(:lock)"), text("select pg_try_advisory_lock_shared(:lock)")
READY_SECONDS = 60.0
GRACE_SECONDS = 2  # for open requests, then granian ends its worker; sockets reconnect anyway
TERM_SECONDS = 4.0
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


@contextmanager
def server(settings: Settings, app: str = APP) -> Iterator["subprocess.Popen[bytes]"]:
    """A server that is ready; at the end it is stopped. The benchmark serves an app with a route more."""
    with _only_one(settings):
        process = _start(_command(settings, app))
        try:
            _wait_until_ready(settings, process)
            yield process
        finally:
            stop(process)


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A worker beside several server processes; at the end it is stopped."""
    process = _start([sys.executable, "-m", "dfworx", "worker"])
    try:
        yield process
    finally:
        stop(process)


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=frontend.ROOT,
        env={**frontend.environment(), **ENVIRONMENT, "PROMETHEUS_MULTIPROC_DIR": _figures()},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is for us; we stop it in order
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # no threads here
    )


@cache
def _figures() -> str:
    """Where the processes of this server add up what they count; gone with us."""
    folder = tempfile.mkdtemp(prefix="dfworx-metrics-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    """Without Valkey a second server on the same database is refused: pages of each would miss what the other tells."""
    engine = create_engine(settings.dispatcher_url, poolclass=NullPool)
    with engine.connect() as connection:
        if not connection.execute(SHARE if settings.valkey_url else HOLD, {"lock": SERVING}).scalar_one():
            raise ServerError("Another server serves this database; several need DFWORX_VALKEY_URL, the same for each.")
        yield


def _end_with_parent() -> None:
    """Even kill -9 of `run` leaves no server behind that would hold the port (Linux only)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _command(settings: Settings, app: str) -> list[str]:
    options = {
        "interface": "asgi",
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "backlog": 4096,  # granian admits as many connections at once, and each open page is one
        "workers-kill-timeout": GRACE_SECONDS,
        "log-level": "warning",
        "log-config": Path(__file__).with_name("granian_logs.json"),
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "granian", *words, "--factory", app]


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
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # compared, not bound
    connection = HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/api/ready")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server and whatever it started, within six seconds."""
    process.terminate()
    try:
        process.wait(TERM_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
