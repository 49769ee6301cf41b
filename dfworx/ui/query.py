"""What an address asks for after its question mark: a page reads it when it is loaded, and writes it to be linked."""

from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from dfworx.ui.identity import caller


def asked() -> dict[str, list[str]]:
    """What the address of the tab asks for, by name."""
    return parse_qs(urlsplit(caller.get().path).query, keep_blank_values=True)


def query_of(**fields: str | Sequence[str]) -> str:
    """The same as text, with its question mark; what is empty is left out."""
    said = {name: value for name, value in fields.items() if value}
    return f"?{urlencode(said, doseq=True)}" if said else ""


def here(query: str) -> str:
    """The address of the tab with another query."""
    return urlsplit(caller.get().path).path + query
