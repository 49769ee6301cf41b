"""The database: one door, `transaction(actor)`, that says who acts, stores what is announced, and commits."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Executable, TextClause, event, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as CoreSession
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from dfworx.core import clock, ids
from dfworx.core.actor import NOBODY, Actor
from dfworx.core.correlation import correlation_id
from dfworx.core.events import Event
from dfworx.core.permissions import Role, Scope, ServerRole
from dfworx.infra import metrics, outbox, patience, queries
from dfworx.infra.settings import settings

# What the web answers with a conflict, with an invalid value, and with "try again later".
CONFLICTS: tuple[type[Exception], ...] = (IntegrityError, StaleDataError)
UNSTORABLE: tuple[type[Exception], ...] = (DataError,)
UNREACHABLE: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeoutError)
OTHERS: tuple[type[Exception], ...] = (DBAPIError,)  # of which some say the same, and some are mistakes of ours
# Answers of a database that lives and cannot at the moment, by SQLSTATE or its class; PostgreSQL's appendix A.
# Connection lost, resources short (a full disk, too many connections), an operator intervened, the system failed.
UNABLE = ("08", "25006", "40", "53", "55P03", "57", "58")
FULL = ("53100", "58030")  # of which these are a disk without space, or worse

# The id of the request is the name under which the database sees us: in pg_stat_activity, in its log, in its own
# list of slow queries. It costs nothing, because the transaction opens with this statement anyway.
OPEN = text(
    "select set_config('role', :role, true), set_config('request.jwt.claims', :claims, true),"
    " set_config('application_name', :request, true), set_config('statement_timeout', :patience, true)"
)

# A transaction pooler refuses options at the connection, and keeps none between transactions.
OPEN_POOLED = text(
    "select set_config('role', :role, true), set_config('request.jwt.claims', :claims, true),"
    " set_config('application_name', :request, true),"
    " set_config('statement_timeout', :patience, true), set_config('lock_timeout', '4s', true),"
    " set_config('timezone', 'UTC', true)"
)

# A personal access token that may only read gets a transaction that cannot write, whatever a service does.
READ_ONLY = text("set transaction read only")

NAME = 63  # characters of a name in Postgres

T = TypeVar("T")
Stored = tuple[UUID, Event]
Listener = Callable[["Tx", Any], Awaitable[None]]


@dataclass
class Tx:
    """One transaction: the session, who acts, the time, and what has been announced so far."""

    session: AsyncSession
    actor: Actor
    now: datetime = field(default_factory=clock.now)
    events: list[Stored] = field(default_factory=list)
    passing: list[Stored] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        """Announce a fact; it is stored with the change and told after the commit."""
        self.events.append((ids.new_id(), event))

    def tell(self, event: Event) -> None:
        """Tell what is only good for now: after the commit, to whoever listens then; neither stored nor audited."""
        self.passing.append((ids.new_id(), event))

    async def run(self, statement: Executable, parameters: Any = None) -> Any:
        """Execute a Core statement."""
        return await CoreSession.execute(self.session, statement, parameters)  # SQLModel's own warns of plain rows

    async def rows(self, statement: Executable, parameters: Any = None) -> Sequence[Any]:
        """All that a Core statement finds: rows, whose columns are attributes."""
        found: Sequence[Any] = (await self.run(statement, parameters)).all()
        return found

    async def scalar(self, of: type[T], statement: Executable, parameters: Any = None) -> T | None:
        """The one value that a Core statement gives, of this type; None where it is null or nothing was found."""
        value = (await self.run(statement, parameters)).scalar_one_or_none()
        if value is None or isinstance(value, of):
            return value
        raise TypeError(f"{value!r} is no {of.__name__}")

    async def act_as(self, actor: Actor) -> None:
        """Go on as somebody else: signing in and registering begin as nobody."""
        self.actor = actor
        await self.run(_opening(), _claims(actor))


def _is_patient(actor: Actor) -> bool:
    """Nobody waits for what the system does in bulk."""
    return actor.role is Role.SYSTEM or actor.server_role is ServerRole.SERVER


def _claims(actor: Actor) -> dict[str, str]:
    """The role and the claims that the policies of the database judge; nobody has none. And whose request it is."""
    is_server = actor.server_role is ServerRole.SERVER
    seconds = patience.LONG if _is_patient(actor) else patience.STATEMENT_SECONDS
    opening = {"request": f"dfworx {correlation_id.get()}"[:NAME].rstrip(), "patience": f"{seconds:.1f}s"}
    if not actor.is_person and actor.role is None and not is_server:
        return {"role": "anon", "claims": "", **opening}
    claims = {
        "sub": actor.user_id and str(actor.user_id),
        "organization_id": actor.organization_id and str(actor.organization_id),
        "actor": "server" if is_server else "person" if actor.is_person else "system",
    }
    return {"role": "authenticated", "claims": json.dumps(claims), **opening}


def _opening() -> TextClause:
    return OPEN_POOLED if settings().is_pooled else OPEN


class _Listeners:
    """Who hears of events: inside the transaction (their failure undoes it), or after the commit."""

    def __init__(self) -> None:
        self.inside: dict[type[Event], list[Listener]] = {}
        self.always: list[Listener] = []
        self.after_commit: list[Callable[[Sequence[Stored]], None]] = []


listeners = _Listeners()


def listen(event: type[Event], listener: Listener) -> None:
    """Call `listener(tx, event)` in the same transaction; composition roots connect slices this way."""
    registered = listeners.inside.setdefault(event, [])
    if listener not in registered:
        registered.append(listener)


class _Pool(AsyncAdaptedQueuePool):
    """Measures how long one waits for a connection, opening it included."""

    def _do_get(self) -> ConnectionPoolEntry:
        with metrics.WAITING.time():
            return super()._do_get()


def _measure() -> None:
    if engine.cache_info().currsize:
        metrics.CONNECTIONS.set(engine().sync_engine.pool.checkedout())  # type: ignore[attr-defined]  # ours has it


metrics.look(_measure)


@cache
def engine() -> AsyncEngine:
    """The engine of this process, opened at first use (after the server has forked)."""
    return make_engine(settings().database_url, pool_size=settings().database_pool_size)


@cache
def dispatcher_engine() -> AsyncEngine:
    """The same for the dispatcher's login, for what is looked for every few seconds."""
    return make_engine(settings().dispatcher_url, pool_size=1)


def make_engine(url: str, pool_size: int = 5, options: str = "") -> AsyncEngine:
    """An async engine on psycopg 3; behind a transaction pooler without prepared statements."""
    connect_args: dict[str, Any] = {"connect_timeout": patience.CONNECT_SECONDS, **patience.KEEPALIVES}
    connect_args["async_creator_fn"] = patience.Connection.connect
    if settings().is_pooled and url == settings().database_url:
        connect_args["prepare_threshold"] = None
    else:
        connect_args["options"] = patience.options(options)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=5,
        pool_timeout=patience.POOL_SECONDS,
        poolclass=_Pool,
        pool_pre_ping=False,
        pool_use_lifo=True,  # a connection used just now has its statements prepared and planned
        connect_args=connect_args,
    )
    queries.watch(engine.sync_engine)
    event.listen(engine.sync_engine, "checkin", _be_hasty)
    return engine


@cache
def _sessions() -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine(), class_=AsyncSession, expire_on_commit=False)


@asynccontextmanager
async def transaction(actor: Actor = NOBODY) -> AsyncIterator[Tx]:
    """Run as `actor`; commits at the end, rolls back on any error. What it announced is told after the commit."""
    async with _sessions()() as session:
        with metrics.TRANSACTIONS.labels("rolled back").count_exceptions():
            async with session.begin():
                tx = Tx(session, actor)
                if _is_patient(actor):
                    await _be_patient(session)
                await tx.run(_opening(), _claims(actor))
                if actor.scope is Scope.READ:
                    await tx.run(READ_ONLY)
                yield tx
                await settle(tx)
        metrics.TRANSACTIONS.labels("committed").inc()
        for tell in listeners.after_commit:
            tell([*tx.events, *tx.passing])


async def eventually(ask: Callable[[], Awaitable[T]]) -> T:
    """What opens a page waits for a database that is away; whoever asks over REST is told at once, and asks again."""
    deadline = time.monotonic() + patience.PAGE_SECONDS
    while True:
        try:
            return await ask()
        except UNREACHABLE:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(patience.PAGE_AGAIN)


async def _be_patient(session: AsyncSession) -> None:
    """Answers may take their time; the connection is hasty again when it goes back to the pool."""
    raw = await (await session.connection()).get_raw_connection()
    if isinstance(raw.driver_connection, patience.Connection):
        raw.driver_connection.answer_seconds = patience.LONG


def _be_hasty(connection: Any, _entry: Any) -> None:
    if connection is not None and isinstance(connection.driver_connection, patience.Connection):
        connection.driver_connection.answer_seconds = patience.ANSWER_SECONDS


async def settle(tx: Tx) -> None:
    """Let the listeners inside the transaction hear, then store everything that was announced."""
    heard = 0
    while heard < len(tx.events):
        _, event = tx.events[heard]
        heard += 1
        for listener in [*listeners.inside.get(type(event), []), *listeners.always]:
            await listener(tx, event)
    await tx.session.flush()
    if tx.events:
        events = [{"id": str(id_), "name": e.name, "payload": e.model_dump(mode="json")} for id_, e in tx.events]
        values = {"now": tx.now, "organization": tx.actor.organization_id, "events": json.dumps(events)}
        values["correlation"] = correlation_id.get()
        await tx.run(outbox.store, values)


def is_unable(error: Exception) -> bool:
    """Whether the database cannot do this at the moment, and trying again later is right."""
    state = _sqlstate(error)
    return state.startswith(UNABLE) if state else isinstance(error, UNREACHABLE)


def is_full(error: Exception) -> bool:
    """Whether there is no space left to store anything."""
    return _sqlstate(error) in FULL


def _sqlstate(error: Exception) -> str:
    return (getattr(error.orig, "sqlstate", None) or "") if isinstance(error, DBAPIError) else ""


def violates(error: Exception, constraint: str) -> bool:
    """Whether the database refused because of this constraint or index."""
    diagnostics = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diagnostics, "constraint_name", None) == constraint


async def dispose() -> None:
    """Close the connections of this process."""
    for made in (engine, dispatcher_engine):
        if made.cache_info().currsize:
            await made().dispose()
            made.cache_clear()
    _sessions.cache_clear()
