"""Jobs and the outbox, for those who look after the server."""

from dfworx.admin.events import JobDiscarded, JobRetried
from dfworx.admin.validators_jobs import JobsAsked
from dfworx.admin.views_jobs import AdminJob, JobsPage, QueueView
from dfworx.core.permissions import ServerVerb
from dfworx.infra import queue
from dfworx.infra.database import Tx


async def overview(tx: Tx) -> QueueView:
    """How much waits, and since when."""
    tx.actor.must_on_server(ServerVerb.MANAGE_JOBS)
    return QueueView.of(await queue.overview())


async def page(tx: Tx, asked: JobsAsked, before: int | None = None) -> JobsPage:
    """Jobs, the newest first."""
    tx.actor.must_on_server(ServerVerb.MANAGE_JOBS)
    jobs = [AdminJob.of(job) for job in await queue.page(asked.status, before)]
    return JobsPage(items=jobs, next=jobs[-1].id if len(jobs) == queue.PAGE else None)


async def retry(tx: Tx, job_id: int) -> None:
    """Let a dead job live again."""
    tx.actor.must_on_server(ServerVerb.MANAGE_JOBS)
    tx.emit(JobRetried(job_id=job_id, job=await queue.retry(job_id)))


async def discard(tx: Tx, job_id: int) -> None:
    """Remove a job that is dead or waits: it will not be done."""
    tx.actor.must_on_server(ServerVerb.MANAGE_JOBS)
    tx.emit(JobDiscarded(job_id=job_id, job=await queue.discard(job_id)))
