"""An import: what came, how far it is, and who does it at the moment."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.imports.errors import ImportSettled
from dfworx.infra.tables import TenantModel, moment, text

LEASE = timedelta(seconds=20)  # whoever was not heard of for so long does it no more


class State(StrEnum):
    """How it is with an import."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"
    DISCARDED = "discarded"


ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING)
SETTLED = (State.DONE, State.DISCARDED)


class Import(TenantModel, table=True):
    """An archive on its way in.

    `runner` is who does it, heard of at `heartbeat_at`. `at_file` and `at_message` are stored with every batch, in its
    transaction: whoever goes on begins exactly there.
    """

    __tablename__ = "imports"
    __table_args__ = (
        Index(
            "imports_active_key",
            "organization_id",
            unique=True,
            postgresql_where=sql("state in ('waiting', 'running', 'stopping')"),
        ),
        Index(None, "organization_id", "created_at", "id"),
    )

    kind: str = "zulip-archive"
    name: str
    folder: str = Field(default="")  # of an import from the command line; what was uploaded lies in the data
    realm: str = ""
    digest: str = ""
    bytes: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    started_by: UUID | None = Field(default=None, foreign_key="memberships.id", index=True)
    state: str = State.WAITING
    started_at: datetime | None = moment()
    finished_at: datetime | None = moment()
    runner: UUID | None = None
    heartbeat_at: datetime | None = moment()
    files: int = 0
    at_file: int = 0
    at_message: int = 0
    senders: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    report: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    problem: str = text(default="")

    def is_left_behind(self, at: datetime) -> bool:
        """Whether whoever did it is gone."""
        return self.runner is None or self.heartbeat_at is None or self.heartbeat_at < at - LEASE

    def stop(self, at: datetime) -> None:
        """Do no more: at once where nobody does it, else after the batch that is being written."""
        if self.state not in ACTIVE:
            raise ImportSettled
        is_idle = self.state == State.WAITING or self.is_left_behind(at)
        self.state = State.STOPPED if is_idle else State.STOPPING
        self.finished_at = at if is_idle else None

    def resume(self) -> None:
        """Go on where it was."""
        if self.state not in {State.STOPPED, State.FAILED}:
            raise ImportSettled
        self.state, self.finished_at, self.problem, self.runner = State.WAITING, None, "", None

    def discard(self) -> None:
        """Never go on: what came in stays, the archive goes."""
        if self.state not in {State.STOPPED, State.FAILED}:
            raise ImportSettled
        self.state, self.folder = State.DISCARDED, ""
