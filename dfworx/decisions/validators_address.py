"""How addresses name decisions: by number and title, or by id."""

import re
from uuid import UUID

from dfworx.organizations.validators import slug_of

NUMBER = re.compile(r"^(?:DEC-)?([1-9][0-9]{0,8})(?:-.*)?$", re.IGNORECASE)
WHOLE = 60  # characters of a title in an address, at most
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
    slug = slug_of(f"x {title}", len(title) + WHOLE)[2:]
    return slug if len(slug) <= WHOLE else slug[: WHOLE + 1].rpartition("-")[0] or slug[:WHOLE]


def file_slug(title: str) -> str:
    """The same in names of files, which stay what they were."""
    return slug_of(f"x {title}")[2:]


def address_of(decision_id: UUID, number: int | None, slug: str) -> str:
    """By its number and title, which say what it is; by its id as long as it has no number."""
    return "-".join(filter(None, (f"DEC-{number}", slug))) if number else str(decision_id)
