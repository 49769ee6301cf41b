"""Decisions and the texts that they had."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.decisions.errors import DecisionChanged, DecisionFixed
from dfworx.decisions.models_lifecycle import WRITABLE, Status, Step, after
from dfworx.decisions.validators import Content, Rule
from dfworx.decisions.validators_address import address_of, title_slug
from dfworx.infra.tables import TenantModel, moment, text

FRIDAY = 4
DAY = timedelta(days=1)


def _json() -> Any:
    return Field(default_factory=list, sa_column=Column(JSONB, nullable=False))


class Decision(TenantModel, table=True):
    """A record: what is to be decided, how, and where it stands. Whoever sees its thread sees it.

    `version` counts its texts. `number` is given at the proposal, gapless in its organization, and never again.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        UniqueConstraint("organization_id", "origin"),
        Index("decisions_thread_id_key", "thread_id", unique=True),
        Index(None, "organization_id", "status"),
        Index(None, "source_thread_id"),
        Index(None, "superseded_by"),
        Index(None, "comment_ends_at", postgresql_where=sql("status = 'final_comment'")),
    )

    thread_id: UUID = Field(foreign_key="threads.id")
    source_thread_id: UUID | None = Field(default=None, foreign_key="threads.id")
    created_by: UUID = Field(foreign_key="memberships.id", index=True)
    number: int | None = None
    status: str = Status.DRAFT
    version: int = 1

    title: str
    context: str = text(default="")
    drivers: str = text(default="")
    options: list[dict[str, Any]] = _json()
    chosen: str = ""
    outcome: str = text(default="")
    consequences: str = text(default="")
    confirmation: str = text(default="")
    more: str = text(default="")
    paths: list[str] = _json()
    channels: list[str] = Field(
        default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=sql("'[]'"))
    )  # ids; the release before this one knows nothing of them
    consulted: str = ""
    informed: str = ""
    review_on: date | None = None

    decider_id: UUID | None = Field(default=None, foreign_key="memberships.id", index=True)
    template: str = Field(default="", sa_column_kwargs={"server_default": ""})  # what that of its rule was called
    quorum: int = 1
    share: int = 0
    comment_hours: int = 72
    is_business_days: bool = False
    is_hidden: bool = False
    is_anonymous: bool = False
    ballot: str = ""
    proposed_at: datetime | None = moment()
    comment_ends_at: datetime | None = moment()
    closed_at: datetime | None = moment()
    closing: str = text(default="")
    superseded_by: UUID | None = Field(default=None, foreign_key="decisions.id")
    replaces: list[str] = _json()  # ids of the records whose place it takes, once it is accepted
    origin: str | None = None  # where it was brought in from

    @property
    def slug(self) -> str:
        """The title as it stands in the address; empty where it has no letter of ASCII."""
        return title_slug(self.title)

    @property
    def address(self) -> str:
        """How addresses name it."""
        return address_of(self.id, self.number, self.slug)

    @property
    def content(self) -> Content:
        """What it says."""
        return Content.model_validate(self.model_dump(include=set(Content.model_fields)))

    @property
    def rule(self) -> Rule:
        """How it is decided."""
        return Rule.model_validate(self.model_dump(include=set(Rule.model_fields)))

    def write(self, content: Content, version: int, at: datetime) -> None:
        """Another text, made from this version; somebody else's is never overwritten unseen. Final comment stops."""
        if Status(self.status) not in WRITABLE:
            raise DecisionFixed
        self.replace(content, version)
        if self.status == Status.FINAL_COMMENT:
            self.take(Step.STOP_FINAL_COMMENT, at)

    def replace(self, content: Content, version: int) -> None:
        """The same for a record that is closed: only an amendment does it."""
        if version != self.version:
            raise DecisionChanged
        for name, value in content.model_dump(include=set(Content.model_fields)).items():
            setattr(self, name, value)
        self.version += 1

    def must_be_at(self, version: int | None) -> None:
        """Refuse what was said about another text than this one; none was named by who does not say which."""
        if version not in {None, self.version}:
            raise DecisionChanged

    def take(self, step: Step, at: datetime, why: str = "") -> None:
        """Go on to the state that the step leads to."""
        self.status = after(Status(self.status), step)
        if step is Step.PROPOSE:
            self.proposed_at = at
        elif step is Step.BEGIN_FINAL_COMMENT:
            self.comment_ends_at = comment_end(at, self.comment_hours, is_business_days=self.is_business_days)
        elif step is Step.STOP_FINAL_COMMENT:
            self.comment_ends_at = None
        elif step not in {Step.SUPERSEDE, Step.DEPRECATE}:
            self.closed_at, self.closing = at, why
        else:
            self.closing = why or self.closing


def comment_end(begin: datetime, hours: int, *, is_business_days: bool) -> datetime:
    """When a final comment of so many hours ends, in UTC; with business days Saturdays and Sundays do not count."""
    end = begin
    left = timedelta(hours=hours)
    while is_business_days and left > timedelta(0):
        midnight = end.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        if end.weekday() > FRIDAY:
            end = midnight
            continue
        stretch = min(left, midnight - end)
        end, left = end + stretch, left - stretch
    return end + left


class DecisionRevision(TenantModel, table=True):
    """A text that a decision had from `version` on; an amendment of a closed record says what it corrects."""

    __tablename__ = "decision_revisions"
    __table_args__ = (UniqueConstraint("decision_id", "version"),)

    decision_id: UUID = Field(foreign_key="decisions.id")
    version: int
    content: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    written_by: UUID = Field(foreign_key="memberships.id", index=True)
    note: str = text(default="")
