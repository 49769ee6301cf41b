"""What an import says of itself."""

from pydantic import BaseModel


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
    broken: list[Broken] = []
