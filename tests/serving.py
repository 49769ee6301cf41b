"""The app as it is served: front end built, granian, the tests' own database; for sockets and browsers."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dfworx.infra import frontend, serving
from dfworx.infra.settings import settings
from tests.elsewhere.databases import Database

# One server serves all tests from one address: its limits must not be what they meet.
PATIENT = {
    "DFWORX_RATE_SIGN_IN_ACCOUNT": "10000/minute",
    "DFWORX_RATE_SIGN_IN_ADDRESS": "10000/minute",
    "DFWORX_RATE_REGISTER_ADDRESS": "10000/minute",
}


@dataclass(frozen=True)
class Served:
    """A running server, its database, and what it has written to its log."""

    base_url: str
    pid: int
    postgres: Database
    log: Path

    def said(self) -> str:
        """The log so far."""
        return self.log.read_text()


@pytest.fixture(scope="session")
def server(environment: None, postgres: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app on a free port, until the tests end."""
    frontend.build()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    before = {name: os.environ.get(name) for name in PATIENT}
    os.environ.update(PATIENT)
    serve = serving.server(settings())
    try:
        with _children_write_into(log):
            process = serve.__enter__()
    except serving.ServerError as error:
        raise AssertionError(f"{error}\n{log.read_text()}") from None
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})
    yield Served(settings().origin, process.pid, postgres, log)
    serve.__exit__(None, None, None)


@contextmanager
def _children_write_into(log: Path) -> Iterator[None]:
    """What a process writes that is started meanwhile goes into a file."""
    kept = [os.dup(each) for each in (1, 2)]
    sys.stdout.flush()
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for number, each in enumerate(kept, 1):
            os.dup2(each, number)
            os.close(each)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs the server runs late: its dispatcher empties the outbox, which other tests look into.

    What needs a browser runs last: Playwright keeps an event loop running, beside which no other can. On another
    database than ours only what is about the database runs.
    """
    if config.getoption("--on") != "embedded":
        items[:] = [item for item in items if not _brings_its_own(item)]

    def lateness(item: pytest.Item) -> int:
        needs = getattr(item, "fixturenames", ())
        return 2 if "chrome" in needs else int("server" in needs)

    items.sort(key=lateness)
    for item in items:  # one process takes a whole file, the server's tests of a file apart from the others
        item.add_marker(pytest.mark.xdist_group(f"{lateness(item)} {item.path.name}"))


def _brings_its_own(item: pytest.Item) -> bool:
    """Whether it is about the served application, or starts a database by itself."""
    served = {"server", "serve", "chrome"} & set(getattr(item, "fixturenames", ()))
    return bool(served) or item.get_closest_marker("embedded") is not None
