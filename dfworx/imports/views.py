"""What an import says of itself."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.imports.models import ACTIVE, Import

MOST_BROKEN = 100  # are named; the others are counted


class Broken(BaseModel):
    """Something that could not be read, and why; the rest goes on."""

    path: str
    reason: str


class ImportSummary(BaseModel):
    """What came in and what did not."""

    files: int = 0
    channels: int = 0
    threads: int = 0
    authors: int = 0
    messages: int = 0
    known: int = 0
    links: int = 0
    skipped: int = 0
    broken: list[Broken] = []

    @property
    def brought(self) -> str:
        """What came in, in words."""
        came = ", ".join(
            _counted(getattr(self, f"{noun}s"), noun) for noun in ("message", "thread", "channel", "author")
        )
        known = f"; {self.known:,} {'was' if self.known == 1 else 'were'} there already" if self.known else ""
        links = (
            f"; {_counted(self.links, 'file')} left as {'a link' if self.links == 1 else 'links'}" if self.links else ""
        )
        return came + known + links

    def skip(self, path: str, reason: str) -> None:
        """Count what could not be read, and name the first ones."""
        self.skipped += 1
        if len(self.broken) < MOST_BROKEN:
            self.broken = [*self.broken, Broken(path=path, reason=reason)]


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class ImportView(BaseModel):
    """An import, how far it is, and what it has brought so far."""

    id: UUID
    organization_id: UUID
    kind: str
    name: str
    is_upload: bool
    bytes: int
    digest: str
    state: str
    is_active: bool
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    started_by: str
    files: int
    percent: int
    rate: int
    problem: str
    report: ImportSummary
    brought: str
    skips: str

    @classmethod
    def of(cls, row: Import, started_by: str, rate: int = 0) -> Self:
        """The view of a row; `rate` is in messages a second."""
        report = ImportSummary.model_validate(row.report)
        return cls.model_validate(
            {
                **row.model_dump(exclude={"report", "started_by"}),
                "report": report,
                "is_upload": not row.folder,
                "is_active": row.state in ACTIVE,
                "percent": 100 * row.at_file // row.files if row.files else 0,
                "rate": rate,
                "brought": report.brought,
                "skips": "\n".join(f"{each.path}: {each.reason}" for each in report.broken),
                "started_by": started_by,
            }
        )


class RecordView(BaseModel):
    """A record of a folder: the number in its file, the one that it has here, and what to know about it."""

    file: str
    title: str
    status: str
    number: int | None
    becomes: int | None
    is_known: bool
    superseded_by: str
    notes: list[str]
    decision_id: UUID | None = None


class RecordsReport(BaseModel):
    """What came in of a folder of decision records, or would; `others` are files that are none."""

    folder: str
    channel: str
    is_preview: bool
    brought: int
    known: int
    records: list[RecordView]
    broken: list[Broken]
    others: list[str]


class ImportPage(BaseModel):
    """Imports, the newest first; `next` asks for the older ones."""

    items: list[ImportView]
    next: str | None


class ReferenceTarget(BaseModel):
    """Where a reference leads: a message by its number in the thread, a thread, or else a channel."""

    channel_id: UUID | None = None
    thread_id: UUID | None = None
    seq: int | None = None
