"""What the page of a native form says after a refusal: the form's answer names it in the address."""

from urllib.parse import parse_qs, urlsplit

import reflex as rx

from dfworx.ui.doors import action
from dfworx.ui.identity import caller
from dfworx.web.forms import FIELDS, words


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
