"""The ledger: what was decided, in a chain (SHA-256) in which nothing can be altered without being noticed."""

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from dfworx.infra.tables import TenantModel, text

BEGINNING = "0" * 64


class Register(TenantModel, table=True):
    """What an organization has given out: the last number, the last entry of the ledger and its digest."""

    __tablename__ = "registers"
    __table_args__ = (UniqueConstraint("organization_id"),)

    numbers: int = 0
    entries: int = 0
    head: str = BEGINNING


class Entry(TenantModel, table=True):
    """A link of the chain: the record as it was when this happened, and the digest of both it and the link before."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("organization_id", "position"), Index(None, "decision_id"))

    position: int
    decision_id: UUID = Field(foreign_key="decisions.id")
    happened: str
    record: str = text()
    previous: str
    digest: str


def canonical(happened: str, at: datetime, record: dict[str, Any]) -> str:
    """One spelling for one record: JSON with sorted keys and no blanks, as in RFC 8785 for texts and whole numbers."""
    said = {"happened": happened, "at": at.isoformat(), "record": record}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(previous: str, record: str) -> str:
    """What ties a link to the one before it."""
    return sha256(f"{previous}\n{record}".encode()).hexdigest()


def first_altered(entries: Iterable[Entry]) -> Entry | None:
    """The first entry, in order, that is not what it was when it was written; None when all hold."""
    previous = BEGINNING
    for position, entry in enumerate(entries, 1):
        if (entry.position, entry.previous, entry.digest) != (position, previous, digest(previous, entry.record)):
            return entry
        previous = entry.digest
    return None
