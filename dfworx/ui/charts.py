"""Charts: lines over time as SVG, drawn here and not in the browser; the figures stand beside them as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

WIDTH, HEIGHT = 320, 96
LEFT, TOP, FOOT = 4, 8, 4
NONE = "\u2013"
ROWS = 12  # of the table beside: as many as can be read

Value = float | None
Say = Callable[[float], str]


@dataclass(frozen=True)
class Line:
    """One line of a chart; where it has no value it is broken."""

    label: str
    values: Sequence[Value]


def chart(title: str, times: Sequence[datetime], lines: Sequence[Line], *, say: Say, when: Callable[[datetime], str],
          least: float = 1.0) -> str:  # fmt: skip
    """The figure as HTML: what it is, the last value, the lines, the table. All of it is text of ours."""
    known = [value for line in lines for value in line.values if value is not None]
    top = max([*known, least])
    last = [(line.label, next((v for v in reversed(line.values) if v is not None), None)) for line in lines]
    now = " · ".join(
        f"{escape(say(value)) if value is not None else NONE}{_named(label, lines)}" for label, value in last
    )
    if not known:
        return f'<figure class="chart"><figcaption>{escape(title)}<b>{NONE}</b></figcaption>{_nothing()}</figure>'
    return (
        f'<figure class="chart"><figcaption>{escape(title)}<b>{now}</b></figcaption>'
        f"{_svg(title, times, lines, top, say, when)}{_scale(times, top, say, when)}"
        f"{_table(times, lines, say, when)}</figure>"
    )


def _named(label: str, lines: Sequence[Line]) -> str:
    return f" <i>{escape(label)}</i>" if len(lines) > 1 else ""


def _nothing() -> str:
    return '<p class="none">No figures yet: the first one comes within a minute.</p>'


def _svg(title: str, times: Sequence[datetime], lines: Sequence[Line], top: float, say: Say,
         when: Callable[[datetime], str]) -> str:  # fmt: skip
    said = "; ".join(f"{line.label}: {_range(line, say)}" for line in lines)
    span = f"{when(times[0])} to {when(times[-1])}"
    paths = "".join(
        f'<path class="line l{n}" d="{_path(line.values, top)}"/>' for n, line in enumerate(lines)
    )  # fmt: skip
    area = f'<path class="area" d="{_area(lines[0].values, top)}"/>' if len(lines) == 1 else ""
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" preserveAspectRatio="none">'
        f"<title>{escape(title)}</title><desc>{escape(f'{span}. {said}.')}</desc>"
        f'<path class="grid" d="M0 {TOP}H{WIDTH}M0 {(HEIGHT - FOOT + TOP) / 2:g}H{WIDTH}M0 {HEIGHT - FOOT}H{WIDTH}"/>'
        f"{area}{paths}</svg>"
    )


def _range(line: Line, say: Say) -> str:
    known = [value for value in line.values if value is not None]
    return f"between {say(min(known))} and {say(max(known))}" if known else "nothing"


def _spot(n: int, value: float, many: int, top: float) -> tuple[float, float]:
    across = LEFT + (WIDTH - 2 * LEFT) * (n / (many - 1) if many > 1 else 0.5)
    return round(across, 1), round(HEIGHT - FOOT - (HEIGHT - FOOT - TOP) * min(value / top, 1), 1)


def _path(values: Sequence[Value], top: float) -> str:
    """Moves and lines; a lone value is a dot."""
    parts, is_down = [], False
    for n, value in enumerate(values):
        if value is None:
            is_down = False
            continue
        x, y = _spot(n, value, len(values), top)
        alone = not is_down and (n + 1 == len(values) or values[n + 1] is None)
        parts.append(f"{'L' if is_down else 'M'}{x:g} {y:g}" + ("h.1" if alone else ""))
        is_down = True
    return "".join(parts)


def _area(values: Sequence[Value], top: float) -> str:
    spots = [_spot(n, value, len(values), top) for n, value in enumerate(values) if value is not None]
    if len(spots) < len(values):
        return ""
    return f"M{spots[0][0]:g} {HEIGHT - FOOT}" + "".join(f"L{x:g} {y:g}" for x, y in spots) + f"V{HEIGHT - FOOT}Z"


def _scale(times: Sequence[datetime], top: float, say: Say, when: Callable[[datetime], str]) -> str:
    ends = (when(times[0]), f"at most {say(top)}", when(times[-1]))
    return '<div class="scale" aria-hidden="true">' + "".join(f"<span>{escape(end)}</span>" for end in ends) + "</div>"


def _table(times: Sequence[datetime], lines: Sequence[Line], say: Say, when: Callable[[datetime], str]) -> str:
    step = max(1, len(times) // ROWS)
    chosen = list(range(len(times) - 1, -1, -step))[:ROWS]
    head = "".join(f'<th scope="col">{escape(line.label)}</th>' for line in lines)
    rows = "".join(
        f'<tr><th scope="row">{escape(when(times[n]))}</th>'
        + "".join(_cell(line.values[n], say) for line in lines)
        + "</tr>"
        for n in chosen
    )
    return f'<details><summary>Figures</summary><table><tr><th scope="col">When</th>{head}</tr>{rows}</table></details>'


def _cell(value: Value, say: Say) -> str:
    return f"<td>{escape(say(value)) if value is not None else NONE}</td>"
