"""`make drill`: make happen what happens, show what was kept, write the table. ARGS="server hole" does those two."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import figures
from tests.drills import conditions, deaths, judging, replacing
from tests.drills.judging import Finding, Result

DRILLS: dict[str, tuple[Callable[[int], Result], int]] = {
    "server": (deaths.server, 20),
    "postgres": (deaths.postgres, 20),
    "valkey": (deaths.valkey, 10),
    "stop": (deaths.stopping, 20),
    "replace": (replacing.replacing, 10),
    "disk": (conditions.disk, 1),
    "slow": (conditions.slow, 1),
    "hole": (conditions.hole, 1),
    "clock": (conditions.clock, 1),
}
SHORT = {"short": (deaths.short, 1)}  # in `make test`
PAGE = Path(__file__).parents[2] / "docs" / "drills.md"
BEGIN, END = "<!-- the table -->\n", "<!-- end of the table -->\n"


def main() -> int:
    """Run the drills asked for; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*DRILLS, *SHORT, []], help="these alone")
    parser.add_argument("--times", type=int, help="so many times, instead of ten or twenty")
    parser.add_argument("--write", action="store_true", help="put the table into docs/drills.md")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown too")
    options = parser.parse_args()
    results = [_run(name, options.times) for name in options.names or DRILLS]
    judging.show(results)
    table = judging.markdown(results)
    if options.markdown:
        print(table)
    if options.write:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(before + BEGIN + "\n" + table + "\n" + END + rest.partition(END)[2])
    print(", ".join(f"{name} {value}" for name, value in figures.machine().items()))
    return int(not all(result.is_kept for result in results))


def _run(name: str, times: int | None) -> Result:
    drill, usual = (DRILLS | SHORT)[name]
    print(f"drill: {name} …", file=sys.stderr, flush=True)
    begun = time.monotonic()
    try:
        result = drill(times or usual)
    except Exception as error:  # noqa: BLE001  # a drill that broke is a broken promise; the others go on
        result = Result(
            name, [Finding("the drill itself", f"{type(error).__name__}: {error}"[-2000:], "", holds=False)]
        )
    print(f"drill: {name}: {'kept' if result.is_kept else 'BROKEN'}, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    if not result.is_kept:
        judging.show([result])
    return result


if __name__ == "__main__":
    sys.exit(main())
