"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher
from html import escape

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST = 2000  # words, else lines, that are compared: comparing takes the square of it


def marked(before: str, after: str) -> str:
    """HTML of both texts in one, with what went in `<del>` and what came in `<ins>`; everything else is escaped."""
    old, new = _parts(before, after)
    pieces = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = escape("".join(old[i:j])), escape("".join(new[k:m]))
        if kind == "equal":
            pieces.append(gone)
            continue
        pieces += [f"<del>{gone}</del>"] if gone else []
        pieces += [f"<ins>{come}</ins>"] if come else []
    return "".join(pieces)


def _parts(before: str, after: str) -> tuple[list[str], list[str]]:
    for pattern in (WORDS, LINES):
        old, new = pattern.findall(before), pattern.findall(after)
        if max(len(old), len(new)) <= MOST:
            return old, new
    return [before], [after]
