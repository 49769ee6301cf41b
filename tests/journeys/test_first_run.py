"""A newcomer: one command, one form, the first message; and the second start."""

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
from playwright.sync_api import expect

from dfworx.infra import frontend
from dfworx.infra.serving import free_port
from tests.journeys.conftest import Window
from tests.journeys.thread import is_ready, lines, message, say

STOPS_WITHIN = 10
OURS = re.compile("^DFWORX_")


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of an installation of its own, which nobody has started yet."""
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


@pytest.mark.timeout(300)
def test_from_one_command_to_the_first_message_and_back_again(installation: dict[str, str], window: Window):
    frontend.build()
    with running(installation) as (address, data):
        page = window(None, "/", base_url=address.removeprefix("DFWorX is at "))
        assert data.endswith(installation["DFWORX_DATA_DIR"])
        page.get_by_label("Your name").fill("Ada Ferreira")
        page.get_by_label("E-mail address").fill("ada@acme.example")
        page.get_by_label("Password", exact=True).fill("a sentence is fine here")
        page.get_by_label("Organization").fill("Acme Robotics")
        page.get_by_role("button", name="Create workspace").click()
        page.wait_for_url("**/o/acme-robotics/t/*")
        is_ready(page)
        expect(page.get_by_text("Welcome to Acme Robotics")).to_be_visible()
        say(page, "Good morning, Acme")
        expect(message(page, "Good morning, Acme")).to_be_visible()
        expect(page.get_by_text("sending…")).to_have_count(0)
        thread = page.url

    with running(installation):
        page.goto(thread)
        is_ready(page)
        assert lines(page)[-1] == "Good morning, Acme"
        page.get_by_role("button", name="Remove the demo").click()
        page.wait_for_url("**/c/*")
        expect(page.get_by_role("listitem").filter(has_text="Start here")).to_have_count(0)
