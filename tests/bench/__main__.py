"""`make bench`: measure, show the table, write build/bench.json. ARGS="--only a --quick" measures less."""

import argparse
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    audit,
    behind,
    browser,
    deciding,
    fanout,
    figures,
    finding,
    importing,
    memory,
    opening,
    policies,
    sends,
    signing_in,
    soak,
)
from tests.bench.figures import Figure
from tests.bench.stage import QUICK, Size, Stage, fsync_seconds, stage

log = logging.getLogger(__name__)

PARTS: dict[str, Callable[[Stage], list[Figure]]] = {
    "a": fanout.measure,
    "b": sends.measure,
    "c": memory.measure,
    "d": opening.measure,
    "audit": audit.measure,
    "import": importing.measure,
    "n": behind.measure,
    "page": browser.measure,
    "find": finding.measure,
    "decided": deciding.measure,
    "rls": policies.measure,
    "sign-in": signing_in.measure,
}
ON_REQUEST = {"soak": soak.measure}
JSON = Path(__file__).parents[2] / "build" / "bench.json"


def main() -> int:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--only", choices=[*PARTS, *ON_REQUEST], action="append", help="this part alone; several times for several"
    )
    parser.add_argument("--quick", action="store_true", help="fewer sockets, one short round: a look, no measurement")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown too")
    options = parser.parse_args()
    facts = figures.machine()
    begun = time.monotonic()
    measured: list[Figure] = []
    failed: list[str] = []
    with stage(QUICK if options.quick else Size()) as here:
        facts["fsync_ms"] = round(fsync_seconds(here.settings.data_dir) * 1000, 2)
        for part in options.only or PARTS:
            measuring = (PARTS | ON_REQUEST)[part]
            print(f"bench: {part}: {measuring.__module__.rpartition('.')[2]} …", file=sys.stderr, flush=True)
            try:
                found = measuring(here)
            except Exception:
                log.exception("%s could not be measured; the others go on", part)
                failed.append(part)
                continue
            for figure in found:
                print(f"bench:   {figure.name}: {figure.value:.4g} {figure.unit}", file=sys.stderr, flush=True)
            measured += found
    facts["seconds"] = round(time.monotonic() - begun)
    figures.show(measured)
    if options.markdown:
        print(figures.markdown(measured))
    figures.save(measured, JSON, facts)
    print(", ".join(f"{name} {value}" for name, value in facts.items()))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
