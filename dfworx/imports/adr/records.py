"""A file as a record, whichever of the dialects it is written in. No word that people can read is lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

from dfworx.core.texts import cut, is_seen, straight
from dfworx.decisions.validators import Brought, Content, Option
from dfworx.decisions.validators_madr import chosen
from dfworx.imports.adr import front_matter, standing
from dfworx.imports.adr.options import Considered, judged, listed, one_line
from dfworx.imports.adr.sections import Section, divide
from dfworx.infra.outline import deepened, heading_line, plain_lines

MOST_OPTIONS = 20
MOST_NAMED = 50
LONGEST_TITLE = 200
LONGEST_NAME = 80
UNNAMED = "* Status: superseded"  # kept of what does not say by what
GENERATORS = {"parent", "grand-parent", "nav-order", "nav-exclude", "has-children", "layout", "permalink", "has-toc"}
DECIDERS = ("decision-makers", "decision-maker", "deciders", "decider", "authors", "author")
PARTS = {"consequences", "confirmation", "signed"}  # of the outcome
_META = re.compile(
    r"\s*(?:[*+-]\s+)?[*_]*(status|date|deciders?|decision[ -]makers?|consulted|informed|tags)[*_]*\s*:[*_]*\s*(.*)$",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NUMBERED = re.compile(r"(?:adr[-_ ]?)?(\d{1,6})(?=[-_. ])", re.IGNORECASE)
_PREFIX = re.compile(r"\[?(?:ADR[-_ #]*)?0*(\d{1,6})\]?\s*[.:)\]\u2013\u2014-]+\s+(?=\S)", re.IGNORECASE)


@dataclass
class Record:
    """What a file says: what it is called, where it stands, the texts, and what it names of others."""

    file: str
    title: str
    number: int | None = None
    status: str = ""
    day: datetime | None = None
    deciders: list[str] = field(default_factory=list)
    by: list[standing.Reference] = field(default_factory=list)
    supersedes: list[standing.Reference] = field(default_factory=list)
    options: list[Considered] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)  # by their names
    review_on: date | None = None
    reason: str = ""
    kept: list[str] = field(default_factory=list)  # what is no text: lines such as "Consulted: Ada"
    there: Mapping[str, str] = field(default_factory=dict)  # ids of channels by their names in lower case

    def keep(self, name: str, said: str) -> None:
        """Keep what stands nowhere else, as a line below "More Information"."""
        self.kept += [f"* {name}: {' '.join(said.split())}"] if said.strip() else []

    def add(self, name: str, said: str) -> None:
        """Add to one of the texts."""
        self.texts[name] = "\n\n".join(filter(None, (self.texts.get(name, ""), said.strip())))

    def stay_superseded(self) -> None:
        """Superseded, as it says, by something that it does not name: that is known from elsewhere."""
        if self.status == "deprecated" and not self.by and UNNAMED in self.kept:
            self.status = "superseded"
            self.kept.remove(UNNAMED)

    @property
    def is_decided(self) -> bool:
        """Whether it says what was decided."""
        return bool(self.texts.get("outcome") or self.texts.get("chosen"))

    def must_fit(self) -> None:
        """A ValueError where something of it is longer than a decision has room for, or cannot be stored."""
        said = {"decider": next(iter(self.deciders), ""), "reason": self.reason}
        Brought.model_validate({"origin": self.file, "content": self.content(), "status": "draft", **said})

    def content(self) -> Content:
        """As a decision has it; a ValueError where a text is longer than a decision's."""
        others = [name for name in self.channels if name.lower() not in self.there]
        kept = [*self.kept, *([f"* Channels: {', '.join(others)}"] if others else [])]
        more = [self.texts.get("more", ""), *self._over(), "\n".join(kept)]
        options = [Option.model_validate(vars(each)) for each in self.options[:MOST_OPTIONS]]
        said = {name: self.texts.get(name, "") for name in Content.model_fields if name in self.texts}
        return Content.model_validate(
            {
                **said,
                "title": self.title,
                "options": options,
                "more": "\n\n".join(filter(None, more)),
                "paths": self.paths,
                "channels": sorted({self.there[name.lower()] for name in self.channels if name not in others}),
                "review_on": self.review_on,
            }
        )

    def _over(self) -> list[str]:
        return [f"{heading_line(3, each.title)}\n\n{each.written}".strip() for each in self.options[MOST_OPTIONS:]]


def read(name: str, text: str) -> Record:
    """Understand a file of this name."""
    text = plain_lines(text.removeprefix("\ufeff")).replace("\x00", "\ufffd")
    values, body = front_matter.split(text)
    title, before, sections = divide(body)
    named, rest = _named(before)
    record = Record(name, "", _number(name))
    _take_title(record, title or _text(values.pop("title", "")), is_plain=bool(values))
    _take_values(record, {**named, **values})
    record.add("context", rest)
    for section in sections:
        _take(record, section)
    record.day = record.day or standing.stamped(PurePosixPath(name).name)
    return record


def _number(name: str) -> int | None:
    base = PurePosixPath(name).name
    match = None if standing.stamped(base) else _NUMBERED.match(base)
    return int(match[1]) if match else None


def _take_title(record: Record, title: str, *, is_plain: bool) -> None:
    """The title without the number that the file has anyway; a file without one is called like its name."""
    match = _PREFIX.match(title)
    if match and not is_plain and record.number == int(match[1]):
        title = title[match.end() :]
    line = straight(one_line(title))
    if not is_seen(line):
        stem = PurePosixPath(record.file).stem
        bare = re.sub(r"[-_]+", " ", re.sub(r"^(?:adr[-_ ]?)?\d+[-_. ]", "", stem, flags=re.IGNORECASE)).strip()
        line = straight(bare[:1].upper() + bare[1:] or stem)
    if not is_seen(line):
        line = "(no title)"
    record.title = cut(line, LONGEST_TITLE)
    if record.title != line:
        record.keep("Title", line)


def _named(before: str) -> tuple[dict[str, front_matter.Value], str]:
    """The lines `Status: …`, `* Date: …` between title and sections, and what else stands there."""
    found: dict[str, front_matter.Value] = {}
    rest = []
    for line in before.split("\n"):
        match = _META.match(line)
        key = re.sub(r"\s+", "-", match[1].lower()) if match else ""
        if match is None or key in found:
            rest.append(line)
        else:
            found[key] = _COMMENT.sub("", match[2]).strip()
    return found, "\n".join(rest).strip()


def _take_values(record: Record, values: dict[str, front_matter.Value]) -> None:
    for name, value in values.items():
        said = _text(value)
        if name == "status":
            _take_status(record, said)
        elif name == "date":
            _take_day(record, said)
        elif name in DECIDERS:
            _take_deciders(record, value)
        elif name in {"paths", "channels"}:
            _take_scope(record, name, value if isinstance(value, list) else [said] if said else [])
        elif name == "review-on" and (found := standing.day(said)):
            record.review_on = found.date()
        elif name in {"consulted", "informed"} and name not in record.texts and len(one_line(said)) <= LONGEST_TITLE:
            record.texts[name] = one_line(said)
        elif name == "reason":
            record.reason = said
        elif name not in GENERATORS:
            record.keep(name.capitalize().replace("-", " "), said)


def _take_status(record: Record, said: str) -> None:
    found = standing.read(_COMMENT.sub("", said))
    record.status = record.status or found.status
    record.by += found.by
    record.supersedes += found.supersedes
    record.keep("Status", found.rest.replace("\n", "; "))


def _take_day(record: Record, said: str) -> None:
    record.day = found = standing.day(said)
    if found is None or len(said) > len("2026-01-01") + 10:
        record.keep("Date", said)


def _take_scope(record: Record, name: str, said: list[str]) -> None:
    getattr(record, name).extend(said[:MOST_NAMED])
    record.keep(name.capitalize(), ", ".join(said[MOST_NAMED:]))


def _take_deciders(record: Record, value: front_matter.Value) -> None:
    said = _text(value).strip().removeprefix("[").removesuffix("]")
    names = value if isinstance(value, list) else re.split(r"\s*[,;&]\s*|\s+and\s+", said)
    record.deciders += [line for name in names if 0 < len(line := " ".join(name.split())) <= LONGEST_NAME]
    if len(names) > 1 or not record.deciders:
        record.keep("Decision makers", ", ".join(names))


def _text(value: front_matter.Value) -> str:
    return ", ".join(value) if isinstance(value, list) else value


def _take(record: Record, section: Section) -> None:
    """One section to where it belongs; under a heading of the writer's own it is kept below "More Information"."""
    match section.means:
        case "outcome":
            _take_outcome(record, section)
        case "options":
            found, rest = listed(section)
            record.options += found
            record.add("more", _below(section.heading, rest))
        case "judged":
            judged(record.options, section.parts)
            record.add("more", _below(section.heading, section.own))
        case "status":
            _take_status(record, section.raw)
        case "date":
            _take_day(record, section.raw)
        case "signed":
            record.add("consequences", _below(section.heading, section.raw, 4))
        case "context" | "drivers" | "consequences" | "confirmation" | "more" as name:
            record.add(name, section.raw)
        case _:
            record.add("more", deepened(section.whole, 3))


def _take_outcome(record: Record, section: Section) -> None:
    ours = [part for part in section.parts if part.level == section.level + 1 and part.means in PARTS]
    first = section.raw[: section.raw.index(ours[0].whole)].strip() if ours else section.raw
    after = section.parts[section.parts.index(ours[0]) :] if ours else []
    for part in ours:
        is_signed = part.means == "signed"
        said = _below(part.heading, part.raw, 4) if is_signed else part.raw
        record.add("consequences" if is_signed else part.means, said)
    name, rest = chosen(first)
    if name and not record.texts.get("chosen"):
        record.texts["chosen"], first = name, rest
    record.add("outcome", "\n\n".join(filter(None, [first, *(part.whole for part in after if part not in ours)])))


def _below(heading: str, said: str, level: int = 3) -> str:
    """A text under a heading of its own."""
    bare = _COMMENT.sub("", heading).strip()
    return f"{heading_line(level, bare)}\n\n{deepened(said, level + 1)}" if said else ""
