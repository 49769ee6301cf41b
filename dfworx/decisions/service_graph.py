"""The register as a picture, like `git log --graph`: newest on top, a line from each to what replaced it. SVG."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.core.texts import cut
from dfworx.decisions import service_showing as showing
from dfworx.decisions.models import Decision
from dfworx.decisions.repository_register import RegisterPages
from dfworx.decisions.validators import Narrowing
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations

MOST = 500  # records
ROW, LANE, EDGE, DOT = 50, 18, 14, 5  # pixels
SHORT, LETTER = 64, 7.4  # characters of a title, and pixels of each

Places = dict[UUID, tuple[int, int]]  # row and lane of each record


async def timeline(tx: Tx, sought: Narrowing | None = None, query: str = "") -> str:
    """Every record that can be seen and fits, with what took whose place; `query` stands behind each address."""
    tx.actor.must(Verb.READ)
    sought = sought or Narrowing()
    rows = await RegisterPages(tx).recorded(MOST, sought, await showing.governing(tx, sought))
    home = f"/o/{(await organizations.get(tx)).slug}"
    return picture(rows, home, query)


def picture(rows: Sequence[Decision], home: str, query: str = "") -> str:
    """The SVG of records that are in order, the oldest first; its colors are classes that the page knows."""
    newest = rows[::-1]
    places, refs = places_of(newest), {row.id: f"DEC-{row.number}" for row in rows}
    left = EDGE + LANE * (max((lane for _, lane in places.values()), default=0) + 1)
    lines = [_line(places[row.id], places[row.superseded_by]) for row in rows if row.superseded_by in places]
    nodes = [_node(row, places[row.id], left, f"{home}/d/{row.address}{query}", refs) for row in newest]
    wide = left + round(LETTER * max((len(_title(row)) for row in rows), default=0)) + EDGE
    high = max(len(rows), 1) * ROW
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} class="chronicle" role="group"'
    return f'{head} aria-label="Decisions over time, the newest first">{"".join(lines)}{"".join(nodes)}</svg>'


def places_of(newest: Sequence[Decision]) -> Places:
    """A row for each, and a lane in which no line runs through it: a record's first predecessor goes on in its lane."""
    awaited: list[UUID | None] = []  # by lane: the record that a line leads down to
    before: defaultdict[UUID | None, list[UUID]] = defaultdict(list)
    for row in newest:
        before[row.superseded_by].append(row.id)
    places: Places = {}
    for number, row in enumerate(newest):
        lane = _free(awaited, row.id)
        places[row.id] = number, lane
        coming = [each for each in before[row.id] if each not in places]
        awaited[lane] = coming[0] if coming else None
        for each in coming[1:]:
            awaited[_free(awaited, None)] = each
    return places


def _free(awaited: list[UUID | None], record: UUID | None) -> int:
    """The lane in which a record is awaited, or the first one in which none is."""
    for wanted in (record, None):
        if wanted in awaited:
            return awaited.index(wanted)
    awaited.append(None)
    return len(awaited) - 1


def _line(old: tuple[int, int], new: tuple[int, int]) -> str:
    """Up the old one's lane, and over to the new one."""
    (x, y), (to_x, to_y) = _middle(old), _middle(new)
    side = ROW // 2 if to_y < y else -ROW // 2
    bend = f"C{x} {to_y + side // 2} {to_x} {to_y + side} {to_x} {to_y}" if x != to_x else f"L{to_x} {to_y}"
    return f'<path d="M{x} {y} L{x} {to_y + side} {bend}" class="edge"></path>'


def _node(row: Decision, place: tuple[int, int], left: int, to: str, refs: dict[UUID, str]) -> str:
    (x, y), title, said = _middle(place), _title(row), " · ".join(_said(row, refs))
    return (
        f'<a href="{to}"><title>{escape(f"DEC-{row.number} {row.title}: {said}")}</title>'
        f'<rect x="{left - 8}" y="{y - ROW // 2 + 2}" width="100%" height="{ROW - 4}" rx="6" class="row-of"></rect>'
        f'<circle cx="{x}" cy="{y}" r="{DOT}" class="node {row.status}"></circle>'
        f'<text x="{left}" y="{y - 3}" class="node-name">{escape(title)}</text>'
        f'<text x="{left}" y="{y + 14}" class="node-state">{escape(said)}</text></a>'
    )


def _title(row: Decision) -> str:
    return cut(f"DEC-{row.number} {row.title}", SHORT)


def _said(row: Decision, refs: dict[UUID, str]) -> Iterator[str]:
    if day := row.closed_at or row.proposed_at:
        yield f"{day:%-d %B %Y}"
    status = row.status.replace("_", " ")
    yield f"{status} by {refs[row.superseded_by]}" if row.superseded_by in refs else status


def _middle(place: tuple[int, int]) -> tuple[int, int]:
    row, lane = place
    return EDGE + LANE * lane, ROW * row + ROW // 2
