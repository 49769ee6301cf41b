"""The app as it is served: front end built, granian, the tests' own database; for sockets and browsers."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from dfworx.infra import frontend, serving
from dfworx.infra.settings import settings

# One server serves all tests from one address: its limits must not be what they meet.
PATIENT = {
    "DFWORX_RATE_SIGN_IN_ACCOUNT": "10000/minute",
    "DFWORX_RATE_SIGN_IN_ADDRESS": "10000/minute",
    "DFWORX_RATE_REGISTER_ADDRESS": "10000/minute",
}


@dataclass(frozen=True)
class Served:
    """A running server."""

    base_url: str
    pid: int


@pytest.fixture(scope="session")
def server(environment: None) -> Iterator[Served]:
    """The app on a free port, until the tests end."""
    frontend.build()
    before = {name: os.environ.get(name) for name in PATIENT}
    os.environ.update(PATIENT)
    with serving.server(settings()) as process:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        yield Served(settings().origin, process.pid)
