"""An installation of a journey's own: started and stopped as an operator does, with the command line beside it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dfworx.infra import frontend
from tests.ports import free_port

STOPS_WITHIN = 10
OURS = re.compile("^DFWORX_")


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an installation that nobody has started yet."""
    folder = Path(f"/tmp/dfworx-run-{os.getpid()}")
    kept = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    yield kept | {"DFWORX_DATA_DIR": str(folder), "DFWORX_PORT": str(free_port())}
    subprocess.run(["rm", "-rf", str(folder)], check=True)


@contextmanager
def running(environment: dict[str, str]) -> Iterator[list[str]]:
    """`python -m dfworx run` with the two lines that it says; ended as a service manager would, in good time."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dfworx", "run"], cwd=frontend.ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield [process.stdout.readline().strip() for _ in range(2)]
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        took = time.monotonic() - began
    assert took < STOPS_WITHIN


def operate(environment: dict[str, str], *words: str) -> str:
    """What a verb of the command line says, such as `backup`."""
    command = [sys.executable, "-m", "dfworx", *words]
    done = subprocess.run(command, cwd=frontend.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
