"""The stage: a durable Postgres in a temporary folder, an organization with many members, servers to measure."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import Connection, Engine, create_engine, insert, make_url, text

from dfworx.accounts.models import Session, User
from dfworx.channels.models import Place
from dfworx.core import clock, ids
from dfworx.core.permissions import Role
from dfworx.infra import frontend, provision, serving
from dfworx.infra.settings import Settings, settings
from dfworx.organizations.models import Membership, Organization
from dfworx.threads.models import Thread
from dfworx.web import identity
from tests.cast import Member
from tests.ports import free_port

SLUG = "acme"
REAL = "tests.bench.served:app"
BARE = "tests.bench.bare:app"
# Bare inserts go here; it belongs to the benchmark alone.
TABLE = """
create schema bench;
create table bench.rows (id uuid primary key, source text not null);
grant usage on schema bench to dfworx_app;
grant insert on bench.rows to dfworx_app;
"""


@dataclass(frozen=True)
class Size:
    """How much is measured: the whole, or a quick look."""

    sockets: int = 500
    rounds: int = 3
    seconds: float = 8.0  # of a round of fan-out
    send_seconds: float = 3.0  # of a round of sends
    openings: int = 60  # of each kind, per thread and round
    long: int = 100_000
    short: int = 1_000


QUICK = Size(sockets=100, rounds=1, seconds=4.0, send_seconds=1.5, openings=30)


@dataclass(frozen=True)
class Stage:
    """Everything that the parts need: settings, people with sessions, threads, the superuser's door."""

    settings: Settings
    size: Size
    admin: Engine
    place: UUID
    people: list[Member]  # the last ones are never in the crowd: they write

    def thread(self, title: str) -> UUID:
        """A new, empty thread."""
        opener = self.people[0]
        thread = Thread(
            organization_id=opener.organization_id, place_id=self.place, title=title, created_by=opener.membership_id
        )
        with self.admin.begin() as connection:
            connection.execute(insert(Thread).values(thread.model_dump()))
        return thread.id

    def headers(self, member: Member) -> dict[str, str]:
        """What a browser of this member sends."""
        origin = self.settings.origin
        return {"Cookie": f"{identity.cookie_name()}={identity.token(member)}", "Origin": origin}

    def api(self, path: str) -> str:
        """An address of the organization's REST API."""
        return f"{self.settings.origin}/api/v1/organizations/{SLUG}{path}"

    @contextmanager
    def server(self, app: str = REAL) -> Iterator["Served"]:
        """A server in a process of its own."""
        port = self.settings.port if app == REAL else free_port()
        own = self.settings.model_copy(update={"port": port})
        if app != REAL:  # it uses no database, and must not claim ours
            elsewhere = make_url(own.dispatcher_url).set(database="postgres")
            own = own.model_copy(update={"dispatcher_url": elsewhere.render_as_string(hide_password=False)})
        with serving.server(own, app) as process:
            yield Served(own.origin, psutil.Process(process.pid))


@dataclass(frozen=True)
class Served:
    """A running server, and what it has cost so far."""

    origin: str
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of CPU of the server and its children."""
        times = [process.cpu_times() for process in self._all()]
        return float(sum(each.user + each.system for each in times))

    def memory(self) -> float:
        """Proportional set size in bytes (resident size where the system tells no other)."""
        infos = [process.memory_full_info() for process in self._all()]
        return float(sum(getattr(info, "pss", info.rss) for info in infos))

    def _all(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def stage(size: Size) -> Iterator[Stage]:
    """Bring everything up; leave nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="dfworx-bench-", dir="/var/tmp" if Path("/var/tmp").is_dir() else None))
    folder.chmod(0o755)  # the database's service account passes through
    _settle(folder)
    try:
        with provision.database() as ready:
            frontend.build()
            admin = create_engine(make_url(ready.database_url).set(username="postgres"))
            with admin.begin() as connection:
                connection.connection.driver_connection.execute(TABLE)  # type: ignore[union-attr]  # psycopg's own
                people, place = gather(connection, size.sockets + 40)
            yield Stage(ready, size, admin, place, people)
            admin.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path) -> None:
    """The settings of an ordinary server, but for the rates, which no client of a benchmark could keep."""
    for name in [name for name in os.environ if name.startswith("DFWORX_")]:
        del os.environ[name]
    os.environ |= {
        "DFWORX_DATA_DIR": str(folder),
        "DFWORX_PORT": str(free_port()),
        "DFWORX_RATE_WRITE": "1000000/minute",
        "DFWORX_RATE_READ": "1000000/minute",
        "DFWORX_RATE_SIGN_IN_ACCOUNT": "1000000/minute",
        "DFWORX_RATE_SIGN_IN_ADDRESS": "1000000/minute",
    }
    settings.cache_clear()


def gather(connection: Connection, count: int) -> tuple[list[Member], UUID]:
    """An organization with one open channel and `count` members, each with a session."""
    organization = Organization(slug=SLUG, name="Acme Robotics")
    users = [User(email=f"member-{n}@example.org", name=f"Member {n}") for n in range(count)]
    now = clock.now()
    sessions = [Session.start(user.id, now, timedelta(days=1), "bench", "127.0.0.1") for user in users]
    hired = [
        Membership(organization_id=organization.id, user_id=user.id, name=user.name, role=Role.MEMBER) for user in users
    ]
    place = Place(organization_id=organization.id, name="general", created_by=hired[0].id)
    for model, rows in (
        (Organization, [organization]), (User, users), (Session, sessions), (Membership, hired), (Place, [place]),
    ):  # fmt: skip
        connection.execute(insert(model), [row.model_dump() for row in rows])
    connection.execute(text("analyze"))
    people = [
        Member(user.name, user.id, session.id, member.id, organization.id, SLUG, Role.MEMBER, user.email)
        for user, session, member in zip(users, sessions, hired, strict=True)
    ]
    return people, place.id


def fsync_seconds(folder: Path) -> float:
    """What one durable write of a page costs on this disk: the floor under every commit."""
    path = folder / f"fsync-{ids.new_id().hex}"
    with path.open("wb", buffering=0) as file:
        begun = time.perf_counter()
        for _ in range(50):
            file.write(bytes(8192))
            os.fsync(file.fileno())
        took = time.perf_counter() - begun
    path.unlink()
    return took / 50
