"""The command line as a person meets it: real processes, a real database, signals."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import typer.main

from dfworx import cli
from dfworx.infra import frontend
from dfworx.infra.settings import table
from tests.ports import free_port

pytestmark = pytest.mark.embedded

ROOT = frontend.ROOT
VERBS = ("run", "dev", "test", "check", "bench", "drill", "new-slice", "lock")


class Place:
    """An installation of the test's own: a data directory and a port."""

    def __init__(self, folder: Path, port: int) -> None:
        ours = {"DFWORX_PORT": str(port), "DFWORX_DATA_DIR": str(folder / "data")}
        others = {name: value for name, value in os.environ.items() if not name.startswith("DFWORX_")}
        self.data_dir = folder / "data"
        self.address = f"http://127.0.0.1:{port}"
        self.environment = others | ours
        self.started: list[subprocess.Popen[str]] = []

    def start(self, verb: str = "run") -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "dfworx", verb],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def clear(self) -> None:
        """Leave nothing behind, also after a failure."""
        for process in self.started:
            with process:
                process.kill()
        for each in self.processes():
            each.kill()

    def status(self, path: str) -> int:
        with urllib.request.urlopen(self.address + path, timeout=5) as answer:
            return answer.status

    def is_ready(self) -> bool:
        try:
            return self.status("/api/ready") == 200
        except OSError:
            return False

    def server(self) -> psutil.Process:
        """The one that has started the others."""
        served = [each for each in self.processes() if "dfworx.infra.warm" in each.cmdline()]
        return next(each for each in served if each.ppid() not in {other.pid for other in served})

    def postgres(self) -> psutil.Process:
        return next(each for each in self.processes() if each.cmdline()[0].endswith("postgres"))

    def processes(self) -> list[psutil.Process]:
        """Whatever still runs for this installation."""
        words = {str(self.data_dir / "postgres" / "data"), self.address.rpartition(":")[2]}
        return [each for each in psutil.process_iter(["cmdline"]) if words & set(each.info["cmdline"] or [])]


@pytest.fixture
def place() -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="dfworx-cli-", dir="/tmp"))
    folder.chmod(0o755)
    place = Place(folder, free_port())
    yield place
    place.clear()
    shutil.rmtree(folder, ignore_errors=True)


def ready(process: subprocess.Popen[str]) -> list[str]:
    """The two lines that say so."""
    assert process.stdout
    lines = [process.stdout.readline(), process.stdout.readline()]
    if not lines[1]:
        pytest.fail(f"it did not start: {process.communicate(timeout=10)[1]}")
    return lines


@pytest.mark.timeout(180)  # the first start may build the front end
def test_it_runs_says_where_and_stops(place):
    process = place.start()
    assert ready(process) == [f"DFWorX is at {place.address}\n", f"Its data are in {place.data_dir}\n"]
    assert place.status("/api/ready") == 200
    assert place.status("/") == 200
    for number in (signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
        rest, _ = process.communicate(timeout=10)
        assert (process.returncode, rest) == (0, "")
        assert not place.processes()
        if number is signal.SIGTERM:
            built_at = frontend.STAMP.stat().st_mtime_ns
            process = place.start()
            ready(process)
            assert frontend.STAMP.stat().st_mtime_ns == built_at  # the second start builds nothing


def patiently(seen: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.timeout(120)
def test_what_dies_is_started_again(place):
    process = place.start()
    ready(process)
    first, *_ = workers = place.server().children()
    for each in workers:
        each.kill()
    patiently(lambda: place.is_ready() and first not in place.server().children())
    server = place.server()
    server.kill()
    patiently(lambda: not server.is_running() and place.is_ready())
    database = place.postgres()
    for each in [database, *database.children()]:
        each.kill()
    patiently(lambda: not database.is_running() and place.is_ready())
    process.terminate()
    _, said = process.communicate(timeout=10)
    assert process.returncode == 0, said
    assert re.findall(r"The \w+ has died; it is started again", said) == [
        "The server has died; it is started again", "The database has died; it is started again"
    ]  # fmt: skip
    assert not place.processes()


@pytest.mark.timeout(120)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server outlives its parent")
def test_it_copes_with_having_been_killed(place):
    process = place.start()
    ready(process)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while any("dfworx.infra.warm" in each.cmdline() for each in place.processes()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    again = place.start()
    assert ready(again)[0] == f"DFWorX is at {place.address}\n"
    again.terminate()
    again.communicate(timeout=10)
    assert not place.processes()


def test_a_taken_port_is_one_line_and_nothing_is_started(place):
    with socket.create_server(("127.0.0.1", int(place.environment["DFWORX_PORT"]))):
        process = place.start()
        _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.fullmatch(r"dfworx: DFWORX_PORT: port \d+ on 127.0.0.1 is taken; .*\n", said)
    assert not place.data_dir.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("DFWORX_PORT", "many"), ("DFWORX_HOST", "192.0.2.1"), ("DFWORX_DATABASE_URL", "postgres://h:1/d")],
)
def test_a_wrong_setting_is_one_line_that_names_it(place, name, value):
    place.environment[name] = value
    process = place.start()
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.fullmatch(rf"dfworx: {name}: .*\n", said)


def test_a_data_directory_out_of_reach_is_one_line(place):
    place.environment["DFWORX_DATA_DIR"] = "/proc/dfworx"
    process = place.start()
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.fullmatch(r"dfworx: .*DFWORX_DATA_DIR.*\n", said)


def test_the_settings_are_printed(place):
    assert place.start("settings").communicate(timeout=20)[0] == table()


def test_every_verb_says_what_it_does():
    commands = vars(typer.main.get_command(cli.app))["commands"]
    assert set(VERBS) <= set(commands)
    assert all(command.help for command in commands.values())


def test_make_forwards_every_verb():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tests_again = "test-elsewhere"  # the verb `test` on other databases
    assert [name for name in re.findall(r"^make (\S+)", listed, re.MULTILINE) if name != tests_again] == [
        "help",
        *VERBS,
    ]


def test_make_says_that_python_is_missing():
    done = subprocess.run(
        ["make", "tools", "PYTHON=no-such-python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("DFWorX needs Python 3.11 or newer: install it")
