"""The health of the server, as it may go out."""

from typing import Literal

from pydantic import BaseModel


class FindingView(BaseModel):
    """What was looked at, how bad it is, what to do, and where."""

    about: str
    level: Literal["ok", "warn", "fail"]
    says: str
    do: str
    link: str


class HealthView(BaseModel):
    """The release, and everything that was looked at, the worst first."""

    version: str
    python: str
    migration: str
    findings: list[FindingView]
