"""Pages that are written by the code: `python -m tests.docs.generate` writes docs/events.md and docs/errors.md anew."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from dfworx import api, wiring
from dfworx.core.errors import Refusal
from dfworx.core.events import Event
from dfworx.imports import events as _imports
from dfworx.infra.database import listeners
from dfworx.live import frames
from dfworx.web.problems import URN

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COMPOSED = (api, _imports)  # importing them declares every event and every refusal of the product

Kind = TypeVar("Kind")

EVENTS = """# Domain events

<!-- Written by `python -m tests.docs.generate`; a test compares it with the code. -->

A service announces a fact with `tx.emit(…)`. It is stored in the outbox in the same transaction, written to the audit
where the column says so, and after the commit it becomes frames for open pages; see
[architecture](architecture.md#events) and [live](live.md). An event carries views, never a password, a hash or a token.

| Event | What happened | Carries | Audited | Frames | Heard in the same transaction by |
|---|---|---|---|---|---|
"""
ERRORS = f"""# Refusals

<!-- Written by `python -m tests.docs.generate`; a test compares it with the code. -->

Every refusal leaves the REST API as `application/problem+json` (RFC 9457); `type` is `{URN}` followed by the
name below and does not change between releases. `detail` is the sentence for people; it can be more precise than the
one here. A value that fails validation is `invalid`, with the reasons by field in `errors`. See [the
API](api.md#problems).

| Type | Status | Sentence | When |
|---|---|---|---|
"""


def events() -> list[type[Event]]:
    """Every event of the product, by name."""
    return sorted((e for e in _all_of(Event) if not e.__subclasses__()), key=lambda event: event.name)


def refusals() -> list[type[Refusal]]:
    """Every refusal of the product, by type."""
    return sorted(_all_of(Refusal), key=lambda refusal: refusal.type())


def events_page() -> str:
    """The text of docs/events.md."""
    wiring.wire()
    return EVENTS + "".join(_event_row(event) for event in events())


def errors_page() -> str:
    """The text of docs/errors.md."""
    return ERRORS + "".join(_row(f"`{r.type()}`", r.status, r.title, _said(r)) for r in refusals())


def _event_row(event: type[Event]) -> str:
    carries = ", ".join(f"`{name}`" for name in event.model_fields)
    heard = ", ".join(f"`{_name(listener)}`" for listener in listeners.inside.get(event, []))
    audited, frame = ("yes" if is_so else "" for is_so in (event.audited, event in frames._makers))
    return _row(f"`{event.name}`", _said(event), carries, audited, frame, heard)


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |\n"


def _name(listener: object) -> str:
    return f"{listener.__module__.split('.')[-2]}.{listener.__name__}"  # type: ignore[attr-defined]  # a function


def _said(kind: type) -> str:
    return (inspect.getdoc(kind) or "").splitlines()[0]


def _all_of(base: type[Kind]) -> Iterator[type[Kind]]:
    """The subclasses that the product itself declares: tests have some of their own."""
    for kind in base.__subclasses__():
        if Path(sys.modules[kind.__module__].__file__ or "").is_relative_to(ROOT / "dfworx"):
            yield kind
        yield from _all_of(kind)


PAGES = {"events.md": events_page, "errors.md": errors_page}

if __name__ == "__main__":
    for page, text in PAGES.items():
        (DOCS / page).write_text(text())
