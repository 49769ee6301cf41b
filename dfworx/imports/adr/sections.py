"""A record by its headings: the title, what stands before the first section, and the sections with theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dfworx.infra.outline import Heading, headings

NAMES = {
    "context": ("context", "context and problem statement", "context and problem", "problem statement"),
    "drivers": ("decision drivers", "drivers"),
    "options": ("considered options", "options", "options considered", "considered alternatives", "alternatives"),
    "outcome": ("decision outcome", "decision", "outcome"),
    "judged": ("pros and cons of the options", "pros and cons"),
    "consequences": ("consequences",),
    "signed": ("positive consequences", "negative consequences"),
    "confirmation": ("confirmation", "validation"),
    "more": ("more information",),
    "status": ("status",),
    "date": ("date",),
}
MEANS = {name: part for part, names in NAMES.items() for name in names}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass
class Section:
    """A heading with what belongs to it: `own` before its first part, `raw` all below it, `whole` with the heading."""

    level: int
    heading: str
    own: str
    raw: str
    whole: str
    parts: list["Section"] = field(default_factory=list)

    @property
    def means(self) -> str:
        """Which part of a record it is; empty for a heading of the writer's own."""
        return meaning(self.heading)


def meaning(heading: str) -> str:
    """Which part of a record a heading stands for."""
    plain = re.sub(r"[*_:`]|^\d+[.)]", "", _COMMENT.sub("", heading))
    return MEANS.get(" ".join(plain.lower().split()), "")


def divide(text: str) -> tuple[str, str, list[Section]]:
    """The title (empty without one), what stands before the first section, and the sections."""
    lines, found = text.split("\n"), headings(text)
    title = found[0] if found and _is_title(found) else None
    rest = found[1:] if title else found
    least = max(2, min((each.level for each in rest), default=2))
    before = lines[: title.start] if title else []
    until = rest[0].start if rest else len(lines)
    before += lines[title.end if title else 0 : until]
    sections = list(_nested(lines, rest, len(lines), least))
    return title.text if title else "", "\n".join(before).strip(), sections


def _is_title(found: list[Heading]) -> bool:
    first = found[0]
    if not meaning(first.text):
        return True
    return first.level == 1 and all(other.level > 1 for other in found[1:])


def _nested(lines: list[str], found: list[Heading], end: int, least: int) -> Iterator[Section]:
    """The headings of these lines down to a level, each with the deeper ones that follow it."""
    starts = [n for n, each in enumerate(found) if n == 0 or each.level <= least]
    for n, after in zip(starts, [*starts[1:], len(found)], strict=bool(starts)):
        heading, inside = found[n], found[n + 1 : after]
        until = found[after].start if after < len(found) else end
        own = inside[0].start if inside else until
        yield Section(
            heading.level,
            heading.text,
            "\n".join(lines[heading.end : own]).strip(),
            "\n".join(lines[heading.end : until]).strip(),
            "\n".join(lines[heading.start : until]).strip(),
            list(_nested(lines, inside, until, min((each.level for each in inside), default=0))),
        )
