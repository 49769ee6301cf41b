"""The queue on the screen."""

from typing import Any, ClassVar

import reflex as rx
from pydantic import BaseModel

from dfworx.admin import service_jobs as jobs
from dfworx.admin.validators_jobs import JobsAsked
from dfworx.admin.views_jobs import AdminJob, QueueView
from dfworx.core import clock
from dfworx.core.errors import NotFound
from dfworx.infra.database import Tx
from dfworx.ui import times
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.table import Part, Row, Table

SAID = {"todo": "waits", "doing": "is done now", "failed": "dead", "succeeded": "done"}


class AdminJobs(Table, rx.State):
    """Jobs, how much waits, and which one is about to be removed."""

    queue: dict[str, str] = {}
    discarding: str = ""
    name: str = ""

    _asks: ClassVar[type[BaseModel]] = JobsAsked

    async def _fetch(self, tx: Tx, part: Part[JobsAsked]) -> tuple[list[Row], str]:
        self.queue = _tiles(await jobs.overview(tx))
        page = await jobs.page(tx, part.asked, int(part.after) if part.after else None)
        return [_row(job) for job in page.items], str(page.next or "")

    @action("server")
    async def load(self) -> None:
        """Show what the address asks for."""
        self.discarding = ""
        await self._open()

    @action("server")
    async def more(self) -> None:
        """Show older ones."""
        await self._grow()

    @action("server")
    async def narrow(self, name: str, value: str) -> Any:
        """Ask for others."""
        return self._narrow(name, value)

    @action("server")
    async def retry(self, job_id: str) -> Any:
        """Let a dead one live again."""
        async with acting(self) as tx:
            await jobs.retry(tx, _number(job_id))
        await self._open()
        return toast("It will be tried again.")

    @action("server")
    async def ask_discard(self, job_id: str, name: str) -> None:
        """Ask whether it is to be removed."""
        self.discarding, self.name = str(job_id), str(name)

    @action("server")
    async def close(self) -> None:
        """Let it be."""
        self.discarding = ""

    @action("server")
    async def set_open(self, is_open: bool) -> None:
        """The dialog was closed by a key."""
        self.discarding = self.discarding if is_open is True else ""

    @action("server")
    async def discard(self, _form: dict[str, Any]) -> Any:
        """Remove it."""
        job_id, self.discarding = self.discarding, ""
        async with acting(self) as tx:
            await jobs.discard(tx, _number(job_id))
        await self._open()
        return toast("It is removed, and will not be done.")


def _number(job_id: str) -> int:
    if not str(job_id).isascii() or not str(job_id).isdigit():
        raise NotFound
    return int(job_id)


def _row(job: AdminJob) -> Row:
    at = job.at or job.scheduled_at
    due = job.scheduled_at and job.status == "todo" and job.scheduled_at > clock.now()
    return {
        "id": str(job.id),
        "name": job.name,
        "status": f"tried again {times.ahead(job.scheduled_at, clock.now())}" if due and job.scheduled_at else SAID.get(
            job.status, job.status
        ),
        "state": job.status,
        "attempts": str(job.attempts),
        "at": times.ago(at, clock.now()) if at else "",
        "at_full": times.full(at) if at else "",
        "error": job.error or "" if job.status in {"failed", "todo"} else "",
        "request": job.correlation_id,
    }  # fmt: skip


def _tiles(queue: QueueView) -> dict[str, str]:
    oldest = times.ago(queue.outbox_oldest, clock.now()) if queue.outbox_oldest else ""
    return {
        "waiting": f"{queue.waiting:,}",
        "doing": f"{queue.doing:,}",
        "dead": f"{queue.dead:,}",
        "outbox": f"{queue.outbox:,}",
        "oldest": f"the oldest {oldest}" if oldest else "everything is told",
    }
