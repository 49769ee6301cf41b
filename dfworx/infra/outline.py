"""The outline of a text in Markdown: its headings and lists by their lines, and how it fits under other headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

DEEPEST = 6
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NUMBER_SIGNS = re.compile(r"(?:(?<=\s)|^)#+$")
_MARKER = re.compile(r"\s*(?:[*+-]|\d{1,9}[.)])(?:\s|$)\s{0,3}")
_AFTER = "# After"
_ENDS = (
    "-->",
    "?>",
    "]]>",
    "</script>",
    "</style>",
    "</pre>",
    "</textarea>",
    ">",
)  # of HTML
MOST_FENCES = 8
_PARSER = MarkdownIt("commonmark").disable("inline")  # only blocks: what stands inside of them costs most


@dataclass(frozen=True)
class Heading:
    """A heading outside of lists, quotes and code: its lines, from `start` to before `end`, and its text."""

    level: int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Item:
    """An item of a list that stands in nothing else: its lines, and its text without marker and indentation."""

    start: int
    end: int
    text: str


def plain_lines(text: str) -> str:
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def headings(text: str) -> list[Heading]:
    """The headings of the text, the first one first."""
    tokens = _PARSER.parse(text)
    found = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            said = " ".join(inline.content.split("\n")).strip()
            found.append(Heading(int(token.tag[1]), said, token.map[0], token.map[1]))
    return found


def items(text: str) -> list[Item]:
    """The items of its lists."""
    return list(_items(text))


def _items(text: str) -> Iterator[Item]:
    lines = text.split("\n")
    for token in _PARSER.parse(text):
        if token.type == "list_item_open" and token.level == 1 and token.map:
            start, end = token.map
            while end > start + 1 and not lines[end - 1].strip():
                end -= 1
            yield Item(start, end, _without_marker(lines[start:end]))


def first_paragraph(text: str) -> tuple[str, str]:
    """The paragraph that a text begins with, on one line, and the rest; without one its first line."""
    lines = text.split("\n")
    opening = next(iter(_PARSER.parse(text)), None)
    end = opening.map[1] if opening and opening.map and opening.type == "paragraph_open" and opening.map[0] == 0 else 1
    return " ".join(line.strip() for line in lines[:end]), "\n".join(lines[end:]).strip()


def deepened(text: str, least: int) -> str:
    """The text with its headings moved down so that none stands above a level."""
    found = headings(text)
    by = max(0, least - min((each.level for each in found), default=least))
    lines = text.split("\n")
    for each in reversed(found) if by else ():
        lines[each.start : each.end] = [heading_line(min(DEEPEST, each.level + by), each.text)]
    return "\n".join(lines)


def heading_line(level: int, text: str) -> str:
    """A heading as it is written; a number sign at its end is part of it."""
    said = _NUMBER_SIGNS.sub(lambda signs: f"\\{signs[0]}", text)
    return f"{'#' * level} {said}".rstrip()


def closed(text: str) -> str:
    """The text with its last block of code or HTML ended, where it would swallow what comes after."""
    if _ends(text):
        return text
    lines = text.split("\n")
    fences = dict.fromkeys(match[1] for line in reversed(lines) if (match := _FENCE.match(line)))
    for end in (*list(fences)[:MOST_FENCES], *_ENDS):
        if _ends(ended := f"{text}\n{end}"):
            return ended
    return "\n".join(f"    {line}" for line in lines)


def _ends(text: str) -> bool:
    found = headings(f"{text}\n\n{_AFTER}")
    return bool(found) and f"# {found[-1].text}" == _AFTER and found[-1].start == text.count("\n") + 2


def _without_marker(lines: list[str]) -> str:
    match = _MARKER.match(lines[0])
    width = len(match[0]) if match else 0
    rest = [re.sub(rf"^(?: {{1,{width}}}|\t)", "", line) if width else line for line in lines[1:]]
    return "\n".join([lines[0][width:], *rest]).strip()
