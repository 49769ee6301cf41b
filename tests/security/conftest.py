"""Fixtures of these tests: a furnished cast, and the logins of the application."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from sqlalchemy import Engine

from dfworx.infra.postgres import EmbeddedPostgres
from tests.people import configured, fresh_limits
from tests.security.furnished import Furnished, furnish

__all__ = ["configured", "fresh_limits"]

Database = psycopg.Connection[dict[str, Any]]
Login = Callable[[str], AbstractContextManager[Database]]


@pytest.fixture(scope="module")
def furnished(admin_engine: Engine) -> Furnished:
    """One furnished cast for all tests of a module."""
    with admin_engine.begin() as connection:
        return furnish(connection)


@pytest.fixture(scope="module")
def login(postgres: EmbeddedPostgres) -> Login:
    """`with login("dfworx_app") as connection`: one transaction as this login, rolled back at its end."""

    @contextmanager
    def connect(name: str) -> Iterator[Database]:
        url = postgres.url(name).replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(url, row_factory=dict_row) as connection:
            yield connection
            connection.rollback()

    return connect
