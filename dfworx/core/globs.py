"""Globs of files, written as in .gitignore, matched in linear time by RE2: nobody can write one that takes for ever."""

import re
from collections.abc import Iterable

import re2
from pathspec import GitIgnoreSpec


def is_glob(line: str) -> bool:
    """Whether it can be matched at all: half an escape and an empty negation cannot."""
    try:
        compiled([line])
    except (ValueError, re.error, re2.error):
        return False
    return True


def compiled(lines: Iterable[str]) -> GitIgnoreSpec:
    """What these match together."""
    return GitIgnoreSpec.from_lines(lines, backend="re2")
