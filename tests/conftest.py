"""Fixtures that every test can have: a Postgres of the tests' own, a cast in it, doors to act and to ask over REST."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, Engine, create_engine

from dfworx.api import create_api
from dfworx.infra import database
from dfworx.infra.database import Tx, transaction
from dfworx.infra.settings import settings
from dfworx.web import identity
from dfworx.wiring import wire
from tests.cast import Cast, Member, gather
from tests.elsewhere import databases
from tests.elsewhere.databases import Database
from tests.ports import free_port
from tests.serving import pytest_collection_modifyitems, server

__all__ = ["pytest_collection_modifyitems", "server"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asyncio, as in production."""
    return "asyncio"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--on supabase`: the database that the tests run on."""
    parser.addoption("--on", choices=databases.KINDS, default="embedded", help="the database to run on")
    parser.addoption("--binaries", default="", help="the folder of the Postgres programs to run it with")


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The tests' database, migrated, without fsync."""
    with databases.running(request.config.getoption("--on"), request.config.getoption("--binaries")) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def environment(postgres: Database) -> None:
    """The settings of the tests' own server."""
    os.environ |= {
        "DFWORX_ENV": "test",
        "DFWORX_PORT": str(free_port()),
        "DFWORX_SECRET": "a secret for tests that is long enough to sign with",
        **postgres.names(),
        "DFWORX_ARGON2_MEMORY_MIB": "19",
        "DFWORX_RATE_WRITE": "100000/minute",
        "DFWORX_RATE_READ": "100000/minute",
    }
    settings.cache_clear()


@pytest.fixture(scope="session")
def admin_engine(postgres: Database) -> Iterator[Engine]:
    """An engine for fixtures and for looking behind row-level security: a superuser's where there is one."""
    engine = create_engine(postgres.furnisher)
    yield engine
    engine.dispose()


@pytest.fixture
def admin(admin_engine: Engine) -> Iterator[Connection]:
    """The same as a connection that commits each statement."""
    with admin_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


@pytest.fixture
def cast(admin_engine: Engine) -> Cast:
    """Ada, Dia, Max, Ben, Cy, Gus and Eve, new for this test."""
    with admin_engine.begin() as connection:
        return gather(connection)


@pytest.fixture
async def acting_as() -> AsyncIterator[Callable[[Member], AbstractAsyncContextManager[Tx]]]:
    """`async with acting_as(cast.ben) as tx`: a transaction as Ben."""
    wire()
    yield lambda member: transaction(member.actor)
    await database.dispose()


@pytest.fixture(scope="session")
def api(environment: None) -> FastAPI:
    """The API as it is mounted; its routes are made ready once, at the first question."""
    return create_api()


@pytest.fixture
async def asking(api: FastAPI) -> AsyncIterator[Callable[..., httpx.AsyncClient]]:
    """`asking(cast.ben)` is Ben's REST client, `asking()` nobody's; paths begin at /api/v1."""
    clients: list[httpx.AsyncClient] = []

    def client(member: Member | None = None) -> httpx.AsyncClient:
        cookies = {identity.cookie_name(): identity.token(member)} if member else {}
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(api, raise_app_exceptions=False),
            base_url=f"{settings().origin}/api/v1",
            headers={"origin": settings().origin},
            cookies=cookies,
        )
        clients.append(made)
        return made

    yield client
    for made in clients:
        await made.aclose()
    await database.dispose()
