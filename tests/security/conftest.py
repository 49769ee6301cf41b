"""Fixtures of these tests: a furnished cast, and the logins of the application."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, AsyncExitStack, contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Engine

from dfworx.web import identity
from tests.cast import Member
from tests.elsewhere import databases
from tests.people import configured, fresh_limits
from tests.security.furnished import Furnished, furnish
from tests.serving import Served

__all__ = ["configured", "fresh_limits"]

Database = psycopg.Connection[dict[str, Any]]
Login = Callable[[str], AbstractContextManager[Database]]


@pytest.fixture(scope="module")
def furnished(admin_engine: Engine) -> Furnished:
    """One furnished cast for all tests of a module."""
    with admin_engine.begin() as connection:
        return furnish(connection)


@pytest.fixture(scope="module")
def login(postgres: databases.Database) -> Login:
    """`with login("dfworx_app") as connection`: one transaction as this login, rolled back at its end."""

    @contextmanager
    def connect(name: str) -> Iterator[Database]:
        url = postgres.url(name).replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, row_factory=dict_row) as connection:
            yield connection
            connection.rollback()

    return connect


@pytest.fixture
async def rest(server: Served) -> AsyncIterator[Callable[..., Awaitable[httpx.AsyncClient]]]:
    """`rest(cast.ben)` is Ben's browser without pages: it asks the served application, beginning at its root."""
    async with AsyncExitStack() as stack:
        made: dict[Member | None, httpx.AsyncClient] = {}

        async def client(member: Member | None = None) -> httpx.AsyncClient:
            if member not in made:
                cookies = {identity.cookie_name(): identity.token(member)} if member else {}
                origin = {"Origin": server.base_url}
                made[member] = await stack.enter_async_context(
                    httpx.AsyncClient(base_url=server.base_url, headers=origin, cookies=cookies, trust_env=False)
                )
            return made[member]

        yield client
