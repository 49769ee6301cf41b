"""What may go out about what grew stale, what waits for somebody, and the ledger."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from dfworx.decisions.models_ledger import Entry
from dfworx.decisions.views import DecisionSummary, DecisionView


class StaleView(BaseModel):
    """What something rests on that holds no more, and what took its place."""

    id: UUID
    because: DecisionView
    successor: DecisionView | None
    since: datetime


class InboxItem(DecisionSummary):
    """Something that waits for you; `why` says what it is about it, where that is not its state."""

    why: str = ""


class Inbox(BaseModel):
    """What waits for you: positions, concerns on what you decide, replies to yours, reviews due, what grew stale.

    `id` is whose it is. `orphaned`: what waits for a decider who is gone, for those who may decide anybody's.
    """

    id: UUID
    positions: list[InboxItem]
    concerns: list[InboxItem]
    replies: list[InboxItem]
    reviews: list[InboxItem]
    stale: list[InboxItem]
    orphaned: list[InboxItem]
    count: int


class EntryView(BaseModel):
    """A link of the ledger."""

    position: int
    decision_id: UUID
    happened: str
    created_at: datetime
    digest: str
    previous: str

    @classmethod
    def of(cls, row: Entry) -> Self:
        """The view of a row."""
        return cls.model_validate(row.model_dump())


class LedgerHead(BaseModel):
    """How far the chain has come: how many entries, and the digest that covers all of them; `id` is whose it is."""

    id: UUID
    entries: int
    head: str


class LedgerView(BaseModel):
    """The end of the chain, and the first entry that was altered, if any."""

    entries: int
    head: str
    altered: EntryView | None = None
    reason: str = ""
