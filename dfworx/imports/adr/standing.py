"""What records say about their status, their date, and which of them takes the place of which."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import unquote

WORDS = {
    "draft": ("draft", "wip", "idea"),
    "proposed": ("proposed", "proposal", "pending", "open", "rfc", "in review", "under discussion", "in discussion"),
    "accepted": ("accepted", "approved", "decided", "done", "adopted", "implemented", "active", "final"),
    "rejected": ("rejected", "declined", "refused"),
    "deprecated": ("deprecated", "obsolete", "retired"),
    "superseded": ("superseded", "superceded", "superseeded", "replaced"),
    "withdrawn": ("withdrawn", "canceled", "cancelled", "abandoned"),
}
MEANS = {word: status for status, words in WORDS.items() for word in words}
_LINK = re.compile(r"\[([^\[\]]*+)\]\(\s*+<?([^()<>\s]*+)>?[^()]*+\)")  # possessive: nothing is tried twice
_BY = re.compile(r"\b(?:superseded|superceded|superseeded|replaced)\s+by\b", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:supersedes|supercedes|superseeds|replaces)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:ADR|DEC)?[-\s#]*0*(\d{1,6})\b", re.IGNORECASE)
_ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
_FORMATS = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Reference:
    """Another record: the name of its file, or its number, and how that was said."""

    said: str
    file: str = ""
    number: int | None = None


@dataclass
class Said:
    """What the text about the status comes to; `rest` is what was not understood."""

    status: str = ""
    by: list[Reference] = field(default_factory=list)
    supersedes: list[Reference] = field(default_factory=list)
    rest: str = ""


def read(text: str) -> Said:
    """Understand a status: one word, `superseded by …`, and the links that adr-tools writes below it."""
    said, rest = Said(), []
    for line in text.split("\n"):
        bare = re.sub(r"^\s*[*+-]\s+", "", line).strip()
        if not bare:
            continue
        if (match := _BY.search(bare)) and (found := references(bare[match.end() :])):
            said.status, said.by = "superseded", [*said.by, *found]
            rest += _left(bare[: match.start()], said) + _beside(bare, match.end())
        elif (match := _OTHERS.search(bare)) and (found := references(bare[match.end() :])):
            said.supersedes += found
            rest += _left(bare[: match.start()], said) + _beside(bare, match.end())
        elif not (found_word := _word(bare)) or (said.status and said.status != found_word):
            rest.append(bare)
        else:
            said.status = found_word
            rest += [] if _plain(bare) == found_word else [bare]
    said.rest = "\n".join(rest)
    return said


def _left(before: str, said: Said) -> list[str]:
    """What stands before `superseded by` on its line: another word for the status, or something to keep."""
    before = before.strip(" ,;:*_")
    if not before or _word(before) == _plain(before):
        said.status = said.status or _word(before)
        return []
    return [before]


def _beside(line: str, at: int) -> list[str]:
    """The line, where it says more after `superseded by` than which records."""
    after = line[at:]
    left = (_LINK if _LINK.search(after) else _NUMBER).sub("", after)
    return [line] if re.search(r"[^\W_]", re.sub(r"\band\b", "", left)) else []


def _word(line: str) -> str:
    plain = _plain(line)
    if plain in MEANS:
        return MEANS[plain]
    first = re.match(r"[a-z]+", plain)
    return MEANS.get(first[0], "") if first else ""


def _plain(line: str) -> str:
    return re.sub(r"[*_`\[\]{}.]", "", line).strip().lower()


def references(text: str) -> list[Reference]:
    """The records that a text names: by links, or by numbers where there are none."""
    links = [Reference(match[0], *_target(match[2], match[1])) for match in _LINK.finditer(text)]
    return links or [Reference(match[0].strip(), number=int(match[1])) for match in _NUMBER.finditer(text)]


def _target(address: str, label: str) -> tuple[str, int | None]:
    file = unquote(address.partition("#")[0]).rpartition("/")[2]
    number = _NUMBER.search(label)
    return file, int(number[1]) if number else None


def day(text: str) -> datetime | None:
    """The day that a text names, as the first moment of it (UTC)."""
    said = text.strip().strip("*_[]")
    if match := _ISO.search(said):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    for form in _FORMATS:
        try:
            return datetime.strptime(said, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _day(year: int, month: int, number: int) -> datetime | None:
    try:
        found = date(year, month, number)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def stamped(name: str) -> datetime | None:
    """The day in the name of a file of log4brains: 20200102-use-x.md."""
    match = re.match(r"(\d{4})(\d{2})(\d{2})-", name)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None
