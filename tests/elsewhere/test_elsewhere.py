"""A part of the database's tests on other databases; `make test-elsewhere` runs them all there."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian import program

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
SERVICES = ["tests/messages/test_service.py", "tests/web/test_transactions.py"]
POLICIES = "tests/security/test_row_level_security.py"


def passes(kind: str, *tests: str) -> None:
    """Run tests in a process of their own, on a database of that kind."""
    options = ["-q", "-p", "no:cacheprovider", "--on", kind, "-k", "not debian and not waits"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_without_a_superuser_everything_is_as_it_was():
    """Supabase's shape: the tables, the whole matrix, and what people do with threads, all through `postgres`."""
    passes("supabase", "tests/infra/test_migrations.py", POLICIES, "tests/threads/test_service.py")


def test_through_a_pooler_nobody_gets_anothers_claims():
    """Two hundred at once on five connections, and what people do."""
    program("pgbouncer")
    passes("pooler", f"{POLICIES}::test_two_hundred_people_at_once_each_see_only_themselves", *SERVICES)
