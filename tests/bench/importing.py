"""Import: messages a second of a generated archive, with every index in place, and the memory that it takes."""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from dfworx.imports import service as imports
from dfworx.wiring import wire
from tests.bench import archive
from tests.bench.figures import Figure
from tests.bench.stage import Stage


def measure(stage: Stage) -> list[Figure]:
    """A small and a large archive, each in a process of its own; then the large one again."""
    large = 200_000 if stage.size.rounds > 1 else 40_000
    small = large // 10
    with TemporaryDirectory() as folder:
        archive.write(Path(folder) / "small", small)
        archive.write(Path(folder) / "large", large, first=10_000_000)
        organization = stage.people[0].organization_id
        first = _run(stage, Path(folder) / "small", organization)
        second = _run(stage, Path(folder) / "large", organization)
        again = _run(stage, Path(folder) / "large", organization)
    return [
        Figure("import", f"{large:,} messages", second["rate"], "/s", at_least=5_000),
        Figure("import", "the same again, all known", again["rate"], "/s"),
        Figure("import", f"peak memory at {large:,}", second["peak"], "MB", first["peak"], f"at {small:,}"),
        Figure("import", "peak memory of a converter", second["converter"], "MB", first["converter"], "the same"),
    ]


def _run(stage: Stage, folder: Path, organization: UUID) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.importing", str(folder), str(organization)]
    env = os.environ | {"DFWORX_DATABASE_URL": stage.settings.database_url}
    told = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def main(folder: str, organization: str) -> None:
    """The process: one import, and what it took."""
    wire()
    begun = time.monotonic()
    done = asyncio.run(imports.zulip_archive(Path(folder), UUID(organization)))
    took = time.monotonic() - begun
    own, converters = (
        resource.getrusage(who).ru_maxrss / 1000 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    rate = (done.report.messages + done.report.known) / took
    print(json.dumps({"rate": rate, "peak": own, "converter": converters, "state": done.state}))


if __name__ == "__main__":
    main(*sys.argv[1:])
