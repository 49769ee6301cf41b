"""Jobs and the outbox over REST."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from dfworx.admin import service_jobs as jobs
from dfworx.admin.validators_jobs import JobsPart
from dfworx.admin.views_jobs import JobsPage, QueueView
from dfworx.web.transactions import PersonTx

router = APIRouter(prefix="/admin", tags=["admin"])

JobId = Annotated[int, Path(ge=1, le=2**62)]


@router.get("/queue")
async def get_queue(tx: PersonTx) -> QueueView:
    """How much waits in the queue and in the outbox."""
    return await jobs.overview(tx)


@router.get("/jobs")
async def list_jobs(tx: PersonTx, asked: Annotated[JobsPart, Query()]) -> JobsPage:
    """Jobs, the newest first; why those failed that did."""
    return await jobs.page(tx, asked, asked.before)


@router.put("/jobs/{job_id}/retry", status_code=204)
async def retry_job(job_id: JobId, tx: PersonTx) -> None:
    """Let a dead job live again."""
    await jobs.retry(tx, job_id)


@router.delete("/jobs/{job_id}", status_code=204)
async def discard_job(job_id: JobId, tx: PersonTx) -> None:
    """Remove a job that is dead or waits."""
    await jobs.discard(tx, job_id)
