"""The doctor at the database: reachable, of this release, safe, durable, and everything written there is told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from dfworx.core import clock
from dfworx.infra import migrations, preflight, queue
from dfworx.infra.backup_store import Store
from dfworx.infra.doctor.finding import Check, Finding, better, examine, worse
from dfworx.infra.postgres import EmbeddedPostgres
from dfworx.infra.settings import Settings, SettingsError

LATE, TOO_LATE = timedelta(seconds=15), timedelta(minutes=2)  # of an event that nobody was told of
ASKEW, TOO_ASKEW = timedelta(seconds=2), timedelta(seconds=30)
STALE = timedelta(hours=30)  # of a daily backup
ABSENT = timedelta(seconds=60)  # of a worker, which is heard of every 10 s
CONNECTIONS_BESIDE = 12  # of a process: overflow, dispatcher, jobs

OPEN_TABLES = text(
    """select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'dfworx' and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
         and not (c.relrowsecurity and c.relforcerowsecurity) order by 1"""
)
AS_NOBODY = text("select set_config('role', 'anon', false)")
MIGRATION = text("select dfworx.migration()")
CLOCK = text("select clock_timestamp()")
ROOM = text(
    """select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
         (select count(*) from pg_stat_activity where backend_type = 'client backend')"""
)
DEAD = text("select count(*) from jobs.procrastinate_jobs where status = 'failed'")
WAITING = text("select count(*) from jobs.procrastinate_jobs where status = 'todo' and scheduled_at is null")
HEARD = text("select max(last_heartbeat) from jobs.procrastinate_workers")
ARCHIVER = text(
    """select current_setting('archive_mode') <> 'off', failed_count, last_failed_time, last_archived_time
       from pg_stat_archiver"""
)


def findings(settings: Settings) -> Iterator[Finding]:
    """Whether it can be reached; everything else only then."""
    try:
        facts = preflight.ask(settings.database_url)
    except SettingsError as error:
        do = "start it, or correct the address"
        yield worse("database", str(error), do, fails=True)
        return
    yield from _fitness(settings, facts)
    for check in CHECKS:
        yield from examine(check, settings)


def _fitness(settings: Settings, facts: preflight.Facts) -> Iterator[Finding]:
    if facts.major < preflight.OLDEST:
        says = f"this is Postgres {facts.major}"
        yield worse("database", says, f"DFWorX needs {preflight.OLDEST} or newer", fails=True)
    else:
        yield better("database", f"Postgres {facts.major} answers")
    if facts.is_superuser:
        says = f"the login {facts.login} is a superuser, whom row-level security does not bind"
        yield worse("login", says, "use dfworx_app (python -m dfworx roles)", fails=settings.is_production)
    elif facts.bypasses_rls:
        says = f"the login {facts.login} bypasses row-level security; each transaction gives that up"
        yield worse("login", says, "use dfworx_app where the provider lets you")
    else:
        yield better("login", f"{facts.login} is bound by row-level security")
    if facts.switched_off:
        says = f"{', '.join(facts.switched_off)} off: a crash loses messages that people saw as sent"
        yield worse("durability", says, "switch it on in the database", fails=True)
    else:
        yield better("durability", f"{', '.join(preflight.DURABLE)} on")


def _one(url: str, *statements: object) -> list[tuple[object, ...]]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        return [tuple(connection.execute(each).one()) for each in statements]  # type: ignore[call-overload]


def migration(settings: Settings) -> Iterator[Finding]:
    """Whether the tables are those of this release."""
    head = migrations.head()
    try:
        _, (current,) = _one(settings.database_url, AS_NOBODY, MIGRATION)
    except SQLAlchemyError:
        yield worse("migrations", "there are no tables yet", "python -m dfworx migrate", fails=True)
        return
    if current == head:
        yield better("migrations", f"at {head}, as this release needs")
    elif migrations.suits(str(current)):
        yield worse("migrations", f"at {current}, which this release does not know", "bring this server up to date")
    else:
        yield worse("migrations", f"at {current}; this release needs {head}", "python -m dfworx migrate", fails=True)


def tenancy(settings: Settings) -> Iterator[Finding]:
    """Whether the database judges every row by itself."""
    engine = create_engine(settings.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        bare = list(connection.scalars(OPEN_TABLES))
    if bare:
        says = f"row-level security is not forced on {', '.join(bare)}"
        yield worse("tenancy", says, "alter table … force row level security, and ask who changed it", fails=True)
    else:
        yield better("tenancy", "row-level security is forced on every table")


def clocks(settings: Settings) -> Iterator[Finding]:
    """Whether this machine and the database agree about the time."""
    ((there,),) = _one(settings.database_url, CLOCK)
    apart = abs(clock.now() - there) if isinstance(there, datetime) else ASKEW
    says = f"{apart.total_seconds():.1f} s apart"
    if apart > ASKEW:
        yield worse("clock", f"this machine and the database are {says}", "set both by NTP", fails=apart > TOO_ASKEW)
    else:
        yield better("clock", f"this machine and the database are {says}")


def room(settings: Settings) -> Iterator[Finding]:
    """Whether all server processes find a connection."""
    ((most, used),) = _one(settings.database_url, ROOM)
    wanted = settings.workers * (settings.database_pool_size + CONNECTIONS_BESIDE)
    says = f"{used} of {most} connections in use; one server here may open {wanted}"
    if int(str(most)) < wanted:
        yield worse("connections", says, "raise max_connections, or lower DFWORX_DATABASE_POOL_SIZE", fails=True)
    else:
        yield better("connections", says)


def outbox(settings: Settings) -> Iterator[Finding]:
    """Whether what is announced is told, by a login that may."""
    try:
        preflight.check_dispatcher(settings.dispatcher_url)
    except SettingsError as error:
        yield worse("dispatcher", str(error), "python -m dfworx roles", fails=True)
        return
    yield better("dispatcher", "its login can empty the outbox")
    ((many, oldest),) = _one(settings.dispatcher_url, queue.OUTBOX)
    age = clock.now() - oldest if isinstance(oldest, datetime) else timedelta()
    if age > LATE:
        says = f"{many} events wait, the oldest for {_short(age)}"
        do = "start a server, or python -m dfworx worker; its log says what fails"
        yield worse("outbox", says, do, fails=age > TOO_LATE)
    else:
        yield better("outbox", f"{many} events wait")


def jobs(settings: Settings) -> Iterator[Finding]:
    """Whether jobs are done."""
    (dead,), (waiting,), (heard,) = _one(settings.dispatcher_url, DEAD, WAITING, HEARD)
    is_done = isinstance(heard, datetime) and clock.now() - heard < ABSENT
    if dead:
        yield worse("jobs", f"{dead} are dead", "see why (jobs in docs/jobs.md), then retry or discard them")
    elif waiting and not is_done:
        says = f"{waiting} wait and nobody does them"
        yield worse("jobs", says, "start a server, or python -m dfworx worker", fails=True)
    else:
        yield better("jobs", f"{waiting} wait, none is dead")


def archive(settings: Settings) -> Iterator[Finding]:
    """Whether the log of changes reaches its archive."""
    ((archives, failed, failed_at, archived_at),) = _one(settings.database_url, ARCHIVER)
    if not archives:
        yield better("archive", "the database archives no log; whether its provider does, is not seen from here")
    elif isinstance(failed_at, datetime) and (not isinstance(archived_at, datetime) or failed_at > archived_at):
        says = f"the log of changes has not reached the archive since {failed_at:%Y-%m-%d %H:%M} ({failed} failures)"
        yield worse("archive", says, "see the database's log: is the disk of the backups full?", fails=True)
    else:
        yield better("archive", "the log of changes reaches the archive")


def backups(settings: Settings) -> Iterator[Finding]:
    """When the embedded database was last copied."""
    postgres = EmbeddedPostgres(settings.data_dir)
    if settings.database_url and not _is_at(postgres, settings.database_url):
        yield better("backup", "an outside database's backups are its provider's, and not seen from here")
        return
    made = Store(settings.backups.expanduser().resolve(), postgres.cluster).all()
    if not made:
        yield worse("backup", "there is none", "python -m dfworx backup, every day")
        return
    age = clock.now() - made[-1].finished_at
    says = f"the last one is {_short(age)} old"
    if age > STALE:
        yield worse("backup", says, "python -m dfworx backup, every day", fails=age > 7 * STALE)
    else:
        yield better("backup", says)


def _is_at(postgres: EmbeddedPostgres, url: str) -> bool:
    """Whether an address is that of the embedded database: its server names it in the settings, too."""
    return make_url(url).query.get("host") == str(postgres.cluster.recorded_socket_dir())


def _short(age: timedelta) -> str:
    seconds = age.total_seconds()
    for unit, many in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * many:
            return f"{seconds / many:.0f} {unit}"
    return f"{seconds:.0f} s"


CHECKS: tuple[Check, ...] = (migration, tenancy, clocks, room, outbox, jobs, archive)
