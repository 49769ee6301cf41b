"""A finding: what was looked at, how bad it is, what to do."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from dfworx.infra.settings import Settings


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's."""

    about: str
    level: Level
    says: str
    do: str = ""

    def __str__(self) -> str:
        advice = f" → {self.do}" if self.do else ""
        return f"{self.level:<4}  {self.about:<12}  {self.says}{advice}"


Check = Callable[[Settings], Iterable[Finding]]


def examine(check: Check, settings: Settings) -> Iterator[Finding]:
    """The findings of a check; one that cannot be made is a finding itself."""
    try:
        yield from check(settings)
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the rest is looked at too
        about = check.__name__.replace("_", " ")
        yield Finding(about, Level.FAIL, f"it cannot be examined ({type(error).__name__}: {_line(error)})")


def _line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [""])[0]


def better(about: str, says: str) -> Finding:
    """All is well."""
    return Finding(about, Level.OK, says)


def worse(about: str, says: str, do: str, *, fails: bool = False) -> Finding:
    """Something to see to; `fails` when the workspace cannot or must not run so."""
    return Finding(about, Level.FAIL if fails else Level.WARN, says, do)
