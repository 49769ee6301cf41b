"""Figures over time, as they may go out."""

from datetime import datetime

from pydantic import BaseModel


class ServerFigures(BaseModel):
    """The server in a piece of time; `at` is its beginning."""

    at: datetime
    people: int
    messages: int
    sockets: int
    requests: int
    errors: int
    p50_ms: float | None
    p95_ms: float | None
    waiting: int
    dead: int
    outbox: int
    disk_used: float


class OrganizationFigures(BaseModel):
    """An organization on a day (UTC): its people at the end of it, what was written, as far as the asker sees it."""

    at: datetime
    people: int
    messages: int
