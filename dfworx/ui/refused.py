"""What the page of a native form says after a refusal: the form's answer names it in the address."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import reflex as rx

from dfworx.core.errors import Refusal
from dfworx.ui.doors import action
from dfworx.ui.identity import caller

MINUTE = 60
FIELDS = {
    "name": "Use 1 to 80 characters that can be seen.",
    "organization": "Use 1 to 80 characters that can be seen.",
    "email": "This is not an e-mail address.",
    "password": "Use 12 to 256 characters.",
    "new_password": "Use 12 to 256 characters.",
    "current_password": "The current password is not right.",
}


class Refused(rx.State):
    """Why the form was refused, above it or at one of its fields."""

    text: str = ""
    at: dict[str, str] = {}

    @action("anyone")
    async def load(self) -> None:
        """Read the address that the form's answer led to."""
        kind, field, wait = (asked(name) for name in ("error", "field", "wait"))
        said = words(kind, field, wait) if kind else ""
        self.at = {field: said} if field in FIELDS and said else {}
        self.text = "" if self.at else said


def asked(name: str) -> str:
    """The value of a name in the query of the page's address."""
    return parse_qs(urlsplit(caller.get().path).query).get(name, [""])[0]


def words(kind: str, field: str, wait: str) -> str:
    """A refusal in a sentence for people; the address is never repeated, because anybody can write one."""
    if kind == "too-many" and wait.isdigit():
        return f"Too many attempts. Please try again in {_time(int(wait))}."
    if kind == "invalid" and field in FIELDS:
        return FIELDS[field]
    known = {refusal.type(): refusal.title for refusal in _kinds(Refusal)}
    return known.get(kind, "This did not work. Please try again.")


def _time(seconds: int) -> str:
    return f"{seconds} s" if seconds <= MINUTE else f"{-(-seconds // MINUTE)} minutes"


def _kinds(of: type[Refusal]) -> Iterator[type[Refusal]]:
    yield of
    for kind in of.__subclasses__():
        yield from _kinds(kind)
