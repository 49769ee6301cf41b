"""A new slice is real from the first minute: its files pass the lints, and its own rules work."""

import shutil
import subprocess
import sys

import pytest

from dfworx.infra import scaffold
from dfworx.infra.settings import SettingsError


@pytest.fixture(scope="module", params=["reading_lists", "stories"])
def written(request, tmp_path_factory):
    """A checkout with a new slice."""
    tmp_path = tmp_path_factory.mktemp("checkout")
    shutil.copy(scaffold.ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(scaffold.ROOT / "dfworx", tmp_path / "dfworx", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path, request.param, scaffold.write_slice(request.param, tmp_path)


def test_it_passes_the_lints(written):
    root, _, files = written
    for verb in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *verb, "--no-cache", *files], cwd=root, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode()


def test_its_rules_and_its_routes_work(written):
    root, name, _ = written
    tests = ["-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/{name}/test_models.py"]
    done = subprocess.run([sys.executable, *tests], cwd=root, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout
    routes = f"from dfworx import tables; from dfworx.{name}.router import router; print(len(router.routes))"
    told = subprocess.run([sys.executable, "-c", routes], cwd=root, capture_output=True, text=True, check=False)
    assert told.stdout == "3\n", told.stderr


@pytest.mark.parametrize("name", ["Polls", "poll", "../polls", "channels"])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(SettingsError, match=r"slice"):
        scaffold.write_slice(name)
