"""The judgement: what was acknowledged is there once, in order, for everybody; and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from tests.bench.figures import percentile
from tests.drills.load import Load
from tests.drills.place import Place

IDS = text("select seq, id::text from dfworx.messages where thread_id = :thread")


@dataclass
class Finding:
    """One promise, what was measured, and whether it holds."""

    what: str
    measured: str
    promised: str = ""
    holds: bool | None = None


@dataclass
class Result:
    """What a drill found."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    skipped: str = ""

    def at_most(self, what: str, value: float, limit: float, unit: str = "") -> None:
        """A figure that may not be larger."""
        self.findings.append(Finding(what, _shown(value, unit), f"at most {_shown(limit, unit)}", value <= limit))

    def fact(self, what: str, measured: object) -> None:
        """A figure that promises nothing."""
        self.findings.append(Finding(what, str(measured)))

    def back(self, whose: str, seconds: Sequence[float], limit: float) -> None:
        """How soon everybody is back."""
        if not seconds:
            self.findings.append(Finding(f"{whose} back", "never", f"p95 at most {limit} s", holds=False))
            return
        p95 = percentile(seconds, 0.95)
        shown = f"p50 {percentile(seconds, 0.5):.1f} s, p95 {p95:.1f} s, last {max(seconds):.1f} s"
        self.findings.append(Finding(f"{whose} back", shown, f"p95 at most {limit:.0f} s", p95 <= limit))

    @property
    def is_kept(self) -> bool:
        """Whether every promise holds."""
        return all(finding.holds is not False for finding in self.findings)


def count(result: Result, place: Place, load: Load) -> None:
    """Compare what was acknowledged with what is stored and with what the pages have."""
    heard = load.writing
    stored, wrong = place.counted()
    result.fact("acknowledged messages", f"{len(heard.acked):,}")
    result.at_most("acknowledged and lost", len(heard.acked - stored), 0)
    result.at_most("stored twice, or numbers with gaps", len(wrong), 0)
    with place.admin().connect() as connection:
        ids = {thread: {tuple(row) for row in connection.execute(IDS, {"thread": thread})} for thread in place.threads}
    behind = sum({(seq, id_) for seq, id_ in page.seen.items()} != ids[page.thread] for page in load.pages)
    result.at_most("pages that miss something", behind, 0)
    result.at_most("events left in the outbox", place.outbox(), 0)
    unclear = [*heard.wrong, *load.reading.wrong]
    result.at_most("answers other than 2xx or 503 with Retry-After", len(unclear), 0)
    if unclear:
        result.fact("the first of them", unclear[0])
    answers = ", ".join(f"{kind} {many:,}" for kind, many in sorted((heard.answers + load.reading.answers).items()))
    result.fact("answers", answers)


def show(results: Sequence[Result]) -> None:
    """The table on the screen."""
    table = Table("Drill", "Figure", "Measured", "Promised", "Kept")
    for result in results:
        table.add_section()
        for row in _rows(result):
            table.add_row(*row)
    Console(width=150).print(table)


def markdown(results: Sequence[Result]) -> str:
    """The same for docs/drills.md."""
    lines = ["| Drill | Figure | Measured | Promised | Kept |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for result in results for row in _rows(result)]
    return "\n".join(lines) + "\n"


def _rows(result: Result) -> list[tuple[str, ...]]:
    if result.skipped:
        return [(result.name, f"not run: {result.skipped}", "", "", "")]
    kept = {True: "yes", False: "NO", None: ""}
    names = [result.name] + [""] * len(result.findings)
    return [(n, f.what, f.measured, f.promised, kept[f.holds]) for n, f in zip(names, result.findings, strict=False)]


def _shown(value: float, unit: str) -> str:
    return f"{value:,.0f}{unit and ' ' + unit}" if value == int(value) else f"{value:.2g} {unit}"
