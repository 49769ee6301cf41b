"""The options of a record: the list of them, and what is said for and against each further below."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dfworx.core.texts import cut
from dfworx.decisions.validators_madr import point, points
from dfworx.imports.adr.sections import Section
from dfworx.infra.outline import first_paragraph, items

LONGEST = 200  # characters of a title
MOST_POINTS = 30
LONGEST_POINT = 4_000


@dataclass
class Considered:
    """An option with its arguments."""

    title: str
    text: str = ""
    pros: list[str] = field(default_factory=list)
    cons: list[str] = field(default_factory=list)
    neutral: list[str] = field(default_factory=list)

    @property
    def written(self) -> str:
        """All of it below its title."""
        said = [("Good", self.pros), ("Neutral", self.neutral), ("Bad", self.cons)]
        return "\n\n".join(
            filter(None, (self.text, "\n".join(point(sign, each) for sign, found in said for each in found)))
        )


def listed(section: Section) -> tuple[list[Considered], str]:
    """The options that a section lists, by a list or by headings, and the text beside them."""
    lines = section.own.split("\n")
    found: list[Considered] = []
    for item in reversed(items(section.own)):
        title, text = first_paragraph(item.text)
        if title:
            found.insert(0, option(title, text))
            del lines[item.start : item.end]
    found += [option(part.heading, part.raw) for part in section.parts]
    return found, "\n".join(lines).strip()


def judged(options: list[Considered], sections: Iterable[Section]) -> None:
    """Add what is said about each option to it; an option that only this names is one, too."""
    waiting = list(options)
    for section in sections:
        more = option(section.heading, section.raw)
        same = next(_matching(waiting, section.heading), None)
        if same is None:
            options.append(more)
            continue
        waiting.remove(same)
        same.title = max(same.title, more.title, key=lambda title: (len(_words(title)), title == same.title))
        same.text = "\n\n".join(filter(None, (same.text, more.text)))
        same.pros += more.pros
        same.cons += more.cons
        same.neutral += more.neutral


def option(title: str, text: str) -> Considered:
    """An option as far as it fits: a title or an argument that is too long is text."""
    text, signs = points(text)
    made = Considered(_cut(title), "", signs["good"], signs["bad"], signs["neutral"])
    over = [title] if made.title != title else []
    for sign, said in (("Good", made.pros), ("Bad", made.cons), ("Neutral", made.neutral)):
        long = [each for n, each in enumerate(said) if n >= MOST_POINTS or len(each) > LONGEST_POINT]
        over += [point(sign, each).replace("* ", "", 1) for each in long]
        said[:] = [each for each in said if each not in long]
    made.text = "\n\n".join(filter(None, (*over, text)))
    return made


def one_line(title: str) -> str:
    """A title without what a line cannot hold."""
    return "".join(" " if unicodedata.category(c) == "Cc" else c for c in title).strip()


def _cut(title: str) -> str:
    line = one_line(title) or "(no name)"
    return cut(line, LONGEST)


def _matching(options: Iterable[Considered], heading: str) -> Iterator[Considered]:
    """The option of this name first, then those whose name one of both begins with."""
    options, said = list(options), _words(heading)
    yield from (each for each in options if each.title == heading)
    yield from (each for each in options if _words(each.title) == said)
    yield from (each for each in options if said and _begins(_words(each.title), said))


def _begins(one: list[str], other: list[str]) -> bool:
    size = min(len(one), len(other))
    return size > 0 and one[:size] == other[:size] and (size > 1 or len(one[0]) > 2)  # noqa: PLR2004 - "1", "A"


def _words(title: str) -> list[str]:
    return re.findall(r"[^\W_]+", title.lower())
