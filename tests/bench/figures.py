"""Figures: what was measured, the limit that it stands beside, and the aim."""

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row: `limit` is what the bare thing does in the same run, `judged` what the aim speaks of."""

    part: str
    name: str
    value: float
    unit: str
    limit: float | None = None
    limit_is: str = ""
    at_most: float | None = None
    at_least: float | None = None
    of_limit: bool = False  # the aim is about value / limit

    @property
    def ratio(self) -> float | None:
        """How the value stands to its limit."""
        return self.value / self.limit if self.limit else None

    @property
    def aim(self) -> str:
        """The aim in a few characters."""
        if self.at_most is None and self.at_least is None:
            return ""
        bound = f"≤ {self.at_most:g}" if self.at_most is not None else f"≥ {self.at_least:g}"
        return f"{bound} x limit" if self.of_limit else f"{bound} {self.unit}"

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; nothing when there is none."""
        judged = self.ratio if self.of_limit else self.value
        if judged is None or not self.aim:
            return None
        return judged <= self.at_most if self.at_most is not None else judged >= (self.at_least or 0)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def middle(values: Sequence[float]) -> float:
    """The median of repeated rounds."""
    return float(median(values))


def machine() -> dict[str, object]:
    """What the figures depend on, without naming anybody's machine."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.system(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load_at_start": round(psutil.getloadavg()[0], 1),
    }


def show(figures: Sequence[Figure]) -> None:
    """The table on the screen."""
    table = Table("", "Figure", "Measured", "Limit, same run", "Ratio", "Aim", "Met")
    for column in table.columns[2:5]:
        column.justify = "right"
    previous = ""
    for figure in figures:
        if previous and figure.part != previous:
            table.add_section()
        previous = figure.part
        table.add_row(*_row(figure))
    Console(width=140).print(table)


def markdown(figures: Sequence[Figure]) -> str:
    """The same table for docs/benchmarks.md."""
    rows = ["| | Figure | Measured | Limit, same run | Ratio | Aim | Met |", "|---|---|---:|---:|---:|---|---|"]
    return "\n".join([*rows, *("| " + " | ".join(_row(figure)) + " |" for figure in figures)])


def _row(figure: Figure) -> tuple[str, ...]:
    limit = f"{_short(figure.limit)} ({figure.limit_is})" if figure.limit is not None else ""
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    met = {True: "yes", False: "NO", None: ""}[figure.is_met]
    return figure.part, figure.name, f"{_short(figure.value)} {figure.unit}", limit, ratio, figure.aim, met


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def save(figures: Sequence[Figure], path: Path, facts: dict[str, object]) -> None:
    """The same as JSON, for comparing runs."""
    rows = [{**asdict(f), "ratio": f.ratio, "aim": f.aim, "is_met": f.is_met} for f in figures]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"machine": facts, "figures": rows}, indent=1, ensure_ascii=False) + "\n")
