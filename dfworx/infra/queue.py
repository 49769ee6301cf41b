"""The queue as an administrator sees it: what waits, what died, and what to do about it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from dfworx.core.errors import NotFound
from dfworx.infra.database import make_engine
from dfworx.infra.settings import settings

PAGE = 50

OVERVIEW = text(
    """select status::text, count(*) as many, min(scheduled_at) as next from jobs.procrastinate_jobs
       where status in ('todo', 'doing', 'failed') group by status"""
)
OUTBOX = text("select count(*) as many, min(created_at) as oldest from dfworx.outbox")
JOBS = text(
    """select j.id, j.task_name as name, j.status::text, j.attempts, j.scheduled_at, j.args,
         (select max(e.at) from jobs.procrastinate_events e where e.job_id = j.id) as at, f.error
       from jobs.procrastinate_jobs j left join jobs.failures f on f.job_id = j.id
       where j.id < :before and (cast(:status as text) is null or j.status::text = :status)
       order by j.id desc limit :limit"""
)
RETRY = text(
    """update jobs.procrastinate_jobs set status = 'todo', attempts = 0, scheduled_at = null
       where id = :id and status = 'failed' returning task_name"""
)
DISCARD = text(
    "delete from jobs.procrastinate_jobs where id = :id and status in ('failed', 'todo') returning task_name"
)


@dataclass(frozen=True)
class Overview:
    """How much waits, and since when."""

    waiting: int
    doing: int
    dead: int
    outbox: int
    outbox_oldest: datetime | None


@dataclass(frozen=True)
class JobView:
    """One job as an administrator sees it."""

    id: int
    name: str
    status: str
    attempts: int
    scheduled_at: datetime | None
    at: datetime | None
    correlation_id: str
    payload: dict[str, Any]
    error: str | None


async def overview() -> Overview:
    """The state of the queue and of the outbox."""
    async with connected() as connection:
        many = {row.status: row.many for row in await connection.execute(OVERVIEW)}
        outbox = (await connection.execute(OUTBOX)).one()
    return Overview(many.get("todo", 0), many.get("doing", 0), many.get("failed", 0), outbox.many, outbox.oldest)


async def page(status: str | None = None, before: int | None = None) -> list[JobView]:
    """Jobs, the newest first; `before` is the id of the last one that was seen."""
    values = {"status": status, "before": before or 2**62, "limit": PAGE}
    async with connected() as connection:
        rows = (await connection.execute(JOBS, values)).all()
    return [
        JobView(
            r.id,
            r.name,
            r.status,
            r.attempts,
            r.scheduled_at,
            r.at,
            r.args.get("correlation", ""),
            r.args["payload"],
            r.error,
        )
        for r in rows
    ]


async def retry(id_: int) -> str:
    """Let a dead job live again; gives what it is called."""
    return await _change(RETRY, id_)


async def discard(id_: int) -> str:
    """Remove a job that is dead or waits; gives what it was called."""
    return await _change(DISCARD, id_)


async def _change(statement: Any, id_: int) -> str:
    async with connected() as connection:
        name = (await connection.execute(statement, {"id": id_})).scalar()
    if name is None:
        raise NotFound
    return str(name)


@asynccontextmanager
async def connected() -> AsyncIterator[AsyncConnection]:
    """A transaction as the dispatcher's login."""
    engine = make_engine(settings().dispatcher_url, pool_size=1)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()
