"""The register as a picture: records along the time, each chain of supersession on a line of its own. SVG."""

from collections.abc import Sequence
from html import escape

from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.repository import Decisions
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations

MOST = 500  # records
STEP, ROW, NODE, WIDE = 150, 44, 26, 132  # pixels
SHORT = 17  # characters of a title


async def timeline(tx: Tx, query: str = "") -> str:
    """Every record that can be seen, the oldest on the left; an arrow leads from each to what took its place.

    `query` stands behind each address.
    """
    tx.actor.must(Verb.READ)
    rows = await Decisions(tx).recorded(MOST)
    home = f"/o/{(await organizations.get(tx)).slug}"
    return picture(rows, home, query)


def picture(rows: Sequence[Decision], home: str, query: str = "") -> str:
    """The SVG; its colors are classes that the page knows."""
    lanes = _lanes(rows)
    places = {row.id: (number * STEP, lanes[row.id] * ROW) for number, row in enumerate(rows)}
    arrows = [_arrow(*places[row.id], *places[row.superseded_by]) for row in rows if row.superseded_by in places]
    nodes = [_node(row, *places[row.id], f"{home}/d/{row.id}{query}") for row in rows]
    wide, high = max(len(rows), 1) * STEP, (max(lanes.values(), default=0) + 1) * ROW
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} class="chronicle" role="group"'
    return f'{head} aria-label="Decisions over time">{"".join(arrows)}{"".join(nodes)}</svg>'


def _lanes(rows: Sequence[Decision]) -> dict[object, int]:
    """The line of each record: that of what takes its place, or a new one."""
    by_id = {row.id: row for row in rows}
    lanes: dict[object, int] = {}
    heads: dict[object, int] = {}
    for row in rows:
        last = row
        seen = {row.id}
        while last.superseded_by in by_id and last.superseded_by not in seen:
            last = by_id[last.superseded_by]
            seen.add(last.id)
        lanes[row.id] = heads.setdefault(last.id, len(heads))
    return lanes


def _node(row: Decision, x: int, y: int, to: str) -> str:
    title = row.title if len(row.title) <= SHORT else f"{row.title[: SHORT - 1]}…"
    status = row.status.replace("_", " ")
    return (
        f'<a href="{to}"><title>DEC-{row.number} {escape(row.title)} ({status})</title>'
        f'<rect x="{x + 2}" y="{y + 8}" width="{WIDE}" height="{NODE}" rx="6" class="node {row.status}"></rect>'
        f'<text x="{x + 10}" y="{y + 25}" class="node-name">{row.number} {escape(title)}</text></a>'
    )


def _arrow(x: int, y: int, to_x: int, to_y: int) -> str:
    begin, middle, end = x + WIDE, y + 8 + NODE // 2, to_y + 8 + NODE // 2
    return f'<path d="M{begin} {middle} C{begin + 30} {middle} {to_x - 28} {end} {to_x} {end}" class="edge"></path>'
