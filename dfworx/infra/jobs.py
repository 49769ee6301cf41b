"""Jobs: what is done after the answer has left, at least once, whatever dies meanwhile. procrastinate keeps them.

A slice marks a function in its `jobs.py` with `@job(Event)`; the dispatcher enqueues it in the transaction that takes
the event from the outbox. A job may run twice (a worker died, an attempt failed late): it must leave
the same state then.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import procrastinate
from procrastinate import BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection

from dfworx.core.correlation import correlation_id
from dfworx.core.events import Event
from dfworx.infra import logs, metrics, patience
from dfworx.infra.settings import settings

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Work = Callable[[E], Awaitable[None]]

ATTEMPTS = 10  # then it is kept as dead, until somebody retries or discards it
FIRST, LONGEST = timedelta(seconds=2), timedelta(hours=1)
GRACE = timedelta(seconds=15)  # for what is being done when the worker is told to stop
KEPT = timedelta(days=7)  # of what succeeded
TENDED_EVERY = 60.0  # seconds
CONCURRENCY = 4
LONGEST_ERROR = 2000  # characters

DEFER = text(
    """select jobs.procrastinate_defer_jobs_v1(array_agg(row(
         split_part(j.name, '.', 1), j.name, 0, null, null, j.args, null)::jobs.procrastinate_job_to_defer_v1))
       from jsonb_to_recordset(cast(:jobs as jsonb)) as j (name text, args jsonb)"""
)

FAILED = """insert into jobs.failures (job_id, at, error) values (%(job_id)s, now(), %(error)s)
            on conflict (job_id) do update set at = excluded.at, error = excluded.error"""


@dataclass(frozen=True)
class Declared:
    """A job as its slice declared it; its name is its function's, with the slice."""

    name: str
    event: type[Event]
    work: Callable[[Any], Awaitable[None]]


declared: list[Declared] = []


def job(event: type[E]) -> Callable[[Work[E]], Work[E]]:
    """Mark what is to be done, some time after an event."""

    def register(work: Work[E]) -> Work[E]:
        name = f"{work.__module__.split('.')[-2]}.{work.__name__}"
        declared.append(Declared(name, event, work))
        return work

    return register


async def enqueue(connection: AsyncConnection, announced: Sequence[tuple[Event, str]]) -> None:
    """Enqueue the jobs of events, each with the id of its request, in the transaction of this connection."""
    jobs = [
        {"name": declaration.name, "args": {"payload": event.model_dump(mode="json"), "correlation": id_}}
        for event, id_ in announced
        for declaration in declared
        if declaration.event is type(event)
    ]
    if jobs:
        await connection.execute(DEFER, {"jobs": json.dumps(jobs)})


class Backoff(BaseRetryStrategy):
    """Twice as long after each failure, from 2 s to an hour, give or take a fifth so that not all come back at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None lets the job die."""
        log.warning("job %s (%s) failed, attempt %s: %s", job.id, job.task_name, job.attempts + 1, exception)
        if job.attempts + 1 >= ATTEMPTS:
            return None
        seconds = min(FIRST.total_seconds() * 2**job.attempts, LONGEST.total_seconds())
        around = random.uniform(0.8, 1.2)  # noqa: S311  # no secret
        return RetryDecision(retry_in={"seconds": max(1, round(seconds * around))})


@asynccontextmanager
async def opened() -> AsyncIterator[procrastinate.App]:
    """The queue, connected as the worker's login, past any transaction pooler because it listens."""
    url = make_url(settings().dispatcher_url).set(drivername="postgresql")
    connector = PsycopgConnector(
        conninfo=url.render_as_string(hide_password=False),
        kwargs={
            "options": "-c search_path=jobs",
            "connect_timeout": patience.CONNECT_SECONDS,
            **patience.KEEPALIVES,
        },
        min_size=1,
        max_size=CONCURRENCY,
    )
    app = procrastinate.App(connector=connector)
    for declaration in declared:
        queue = declaration.name.partition(".")[0]
        app.task(name=declaration.name, queue=queue, retry=Backoff(), pass_context=True)(_run(declaration))
    async with app.open_async():
        yield app


def _run(declaration: Declared) -> Callable[..., Awaitable[None]]:
    async def run(context: JobContext, *, payload: dict[str, Any], correlation: str = "") -> None:
        token = correlation_id.set(correlation)
        try:
            with metrics.JOBS_DONE.labels(declaration.name, "failed").count_exceptions():
                await declaration.work(declaration.event.model_validate(payload))
            metrics.JOBS_DONE.labels(declaration.name, "succeeded").inc()
        except Exception as error:
            await _keep(context, error)
            raise
        finally:
            correlation_id.reset(token)

    return run


async def _keep(context: JobContext, error: Exception) -> None:
    """Why it failed, for whoever looks at it later; procrastinate forgets that."""
    said = logs.scrub(f"{type(error).__name__}: {error}")[:LONGEST_ERROR]
    with suppress(Exception):  # the failure itself matters more
        await context.app.connector.execute_query_async(FAILED, job_id=context.job.id, error=said)


async def work() -> None:
    """Do jobs until cancelled: then what is being done is finished, or given back after a while."""
    while True:
        try:
            async with opened() as app, asyncio.TaskGroup() as both:
                both.create_task(_tend_forever(app))
                both.create_task(
                    app.run_worker_async(
                        concurrency=CONCURRENCY,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=GRACE.total_seconds(),
                        fetch_job_polling_interval=2.0,
                    )
                )
        except Exception:
            if (
                here := asyncio.current_task()
            ) and here.cancelling():  # what failed while stopping hides the wish to stop
                raise asyncio.CancelledError from None
            log.exception("jobs cannot be done; trying again")
            await asyncio.sleep(1)


async def _tend_forever(app: procrastinate.App) -> None:
    """Take up again what a worker left behind that died, and forget what succeeded long ago."""
    while True:
        for stalled in await app.job_manager.get_stalled_jobs():
            log.warning("job %s (%s) was left behind; it is taken up again", stalled.id, stalled.task_name)
            await app.job_manager.retry_job(stalled)
        await app.job_manager.delete_old_jobs(nb_hours=int(KEPT.total_seconds() // 3600))
        await asyncio.sleep(TENDED_EVERY)
