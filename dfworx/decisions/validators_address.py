"""How addresses name decisions: by number and title, or by id."""

import re
from uuid import UUID

from dfworx.core.texts import hyphenated

NUMBER = re.compile(r"^(?:DEC-)?([1-9][0-9]{0,8})(?:-.*)?$", re.IGNORECASE)
WHOLE, IN_FILES = 60, 38  # characters of a title in an address and in the name of a file, at most
MEANT = re.compile(r"(?:dec-?)?0*([1-9][0-9]{0,8})", re.IGNORECASE)


def number_of(name: str) -> int:
    """The number that an address names: `DEC-42`, `42`, `DEC-42-some-words`; 0 if none."""
    found = NUMBER.match(name)
    return int(found[1]) if found else 0


def number_meant(word: str) -> int:
    """The number that somebody may mean who looks for a word: `dec-42`, `DEC-042`, `42`; 0 if none."""
    found = MEANT.fullmatch(word)
    return int(found[1]) if found else 0


def title_slug(title: str) -> str:
    """A title as it stands in addresses: its first words; empty where it has no letter of ASCII."""
    slug = hyphenated(title).strip("-")
    return slug if len(slug) <= WHOLE else slug[: WHOLE + 1].rpartition("-")[0] or slug[:WHOLE]


def file_slug(title: str) -> str:
    """The same in names of files, which stay what they were."""
    return hyphenated(title).strip("-")[:IN_FILES].strip("-")


def address_of(decision_id: UUID, number: int | None, slug: str) -> str:
    """By its number and title, which say what it is; by its id as long as it has no number."""
    return "-".join(filter(None, (f"DEC-{number}", slug))) if number else str(decision_id)
