"""The place: an installation of the drill's own, run by `python -m dfworx run` as anybody would, with people in it."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.pool import NullPool

from dfworx.infra import frontend
from dfworx.infra.postgres import EmbeddedPostgres
from dfworx.infra.postgres_cluster import PORT
from dfworx.infra.settings import settings
from dfworx.threads.models import Thread
from dfworx.web import identity
from tests.bench import stage
from tests.cast import Member
from tests.ports import free_port

SECRET = "a secret for drills that is long enough to sign with"
PATIENCE = 90.0
COUNTED = text(
    """select t.id, t.last_seq, count(m.id) as many, count(distinct m.source) as texts, coalesce(max(m.seq), 0) as last
       from dfworx.threads t left join dfworx.messages m on m.thread_id = t.id group by t.id"""
)


@dataclass
class Place:
    """A data directory, a port, a process, and a few people."""

    folder: Path
    port: int
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None
    people: list[Member] = field(default_factory=list)
    threads: list[UUID] = field(default_factory=list)

    @property
    def origin(self) -> str:
        """What a browser sends as Origin."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the installation says."""
        return self.folder / "log.txt"

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    def admin(self) -> Engine:
        """The superuser's door."""
        url = f"postgresql+psycopg://postgres@/dfworx?host={self.data / 'postgres' / 'socket'}&port={PORT}"
        return create_engine(url, poolclass=NullPool)

    def headers(self, member: Member) -> dict[str, str]:
        """What a browser of this member sends."""
        return {"Cookie": f"{identity.cookie_name()}={identity.token(member)}", "Origin": self.origin}

    def start(self, **more: str) -> None:
        """Run it, and wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dfworx", "run"],
                cwd=frontend.ROOT,
                env={**os.environ, **self.more, **more, "DFWORX_PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )
        self.until(self.is_ready)

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def is_ready(self) -> bool:
        """Whether it says that it can work."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=5)
        with suppress(OSError, HTTPException):
            line.request("GET", "/api/ready")
            return line.getresponse().status == 200  # HTTP
        return False

    def until(self, seen: Callable[[], bool]) -> float:
        """Wait for something; gives the seconds."""
        begun = time.monotonic()
        while not seen():
            if time.monotonic() - begun > PATIENCE or (self.process and self.process.poll() is not None):
                raise AssertionError(f"it did not come:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.02)
        return time.monotonic() - begun

    def parent(self) -> psutil.Process:
        """The server's first process."""
        assert self.process is not None
        children = psutil.Process(self.process.pid).children()
        return next(each for each in children if "dfworx.infra.warm" in each.cmdline())

    def postmaster(self) -> psutil.Process:
        """The database's first process."""
        pid = int((self.data / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        return psutil.Process(pid)

    def furnish(self, people: int = 30, threads: int = 2) -> None:
        """Put people with sessions into an organization, and open threads."""
        engine = self.admin()
        with engine.begin() as connection:
            self.people, channel = stage.gather(connection, people)
            opener = self.people[0]
            of = {"organization_id": opener.organization_id, "created_by": opener.membership_id, "place_id": channel}
            opened = [
                Thread(title=title, **of)
                for title in ("Retries", "Backoff", "Dead letters", "Quorum")[:threads]
            ]  # fmt: skip
            for thread in opened:
                connection.execute(insert(Thread).values(thread.model_dump()))
        self.threads = [thread.id for thread in opened]

    def api(self, path: str) -> str:
        """An address of the organization's REST API."""
        return f"{self.origin}/api/v1/organizations/{stage.SLUG}{path}"

    def counted(self) -> tuple[set[str], list[str]]:
        """The texts that are stored, and what is wrong with how they are stored."""
        wrong = []
        with self.admin().connect() as connection:
            for row in connection.execute(COUNTED):
                if row.many != row.texts:
                    wrong.append(f"{row.many - row.texts} messages twice")
                if not row.many == row.last == row.last_seq:
                    wrong.append(f"{row.many} messages, the last has number {row.last}, the thread says {row.last_seq}")
            stored = set(connection.execute(text("select source from dfworx.messages")).scalars())
        return stored, wrong

    def outbox(self) -> int:
        """How many events wait."""
        with self.admin().connect() as connection:
            return int(connection.execute(text("select count(*) from dfworx.outbox")).scalar_one())


def kill(*processes: psutil.Process) -> None:
    """SIGKILL, all of them."""
    for each in processes:
        with suppress(psutil.Error):
            each.kill()


def everything_of(first: psutil.Process) -> list[psutil.Process]:
    """A process and all below it."""
    return [first, *first.children(recursive=True)]


@contextmanager
def place(*, run: bool = True, folder: Path | None = None, **more: str) -> Iterator[Place]:
    """An installation with people in it; nothing of it is left behind."""
    made = folder or Path(tempfile.mkdtemp(prefix="dfworx-drill-", dir="/var/tmp"))
    made.chmod(0o755)
    for name in [name for name in os.environ if name.startswith("DFWORX_")]:
        del os.environ[name]
    os.environ |= {
        "DFWORX_DATA_DIR": str(made / "data"), "DFWORX_SECRET": SECRET, "DFWORX_LOG_FORMAT": "json",
        "DFWORX_RATE_WRITE": "1000000/minute", "DFWORX_RATE_READ": "1000000/minute",
    }  # fmt: skip
    here = Place(made, free_port(), more)
    os.environ["DFWORX_PORT"] = str(here.port)
    settings.cache_clear()
    try:
        if run:
            here.start()
            here.furnish()
        yield here
    finally:
        if here.process is not None and here.process.poll() is None:
            here.stop()
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def database_beside(here: Place) -> Iterator[Path]:
    """A durable database that the drill itself runs; gives its socket."""
    from dfworx.infra import migrations

    with EmbeddedPostgres(here.data) as postgres:
        migrations.prepare(postgres.url("postgres"), postgres.url("dfworx_migrator"))
        here.furnish()
        yield postgres.socket_dir / f".s.PGSQL.{PORT}"


async def pause(seconds: float) -> None:
    """Let the load go on."""
    await asyncio.sleep(seconds)
