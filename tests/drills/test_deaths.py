"""The short form of the drills: server and database are killed once each, under load; then everything is counted."""

import subprocess
import sys

import pytest

from dfworx.infra import frontend


@pytest.mark.embedded
@pytest.mark.timeout(240)
def test_server_and_database_are_killed_and_nothing_acknowledged_is_lost():
    frontend.build()
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills", "short"], cwd=frontend.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acknowledged and lost" in done.stdout
