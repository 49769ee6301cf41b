"""What the tests of people and of the web share: passwords for the cast, settings for a test, an empty database."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text

from dfworx.core import ids
from dfworx.infra import database, migrations, passwords
from dfworx.infra.settings import settings
from dfworx.web import limits
from tests.cast import Member
from tests.elsewhere.databases import Database

SECRET = "crane orchid 77 sail"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """No test counts against another one's rate limits."""
    limits.reset()


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """`configured(REGISTRATION="open")` sets settings for one test."""

    def configure(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"DFWORX_{name}", str(value))
        settings.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def has_password(admin: Connection) -> Callable[[Member], Member]:
    """`has_password(cast.ben)`: Ben can sign in with SECRET."""

    def give(member: Member) -> Member:
        kept = passwords._hasher().hash(SECRET)
        statement = text(
            "insert into dfworx.passwords (id, created_at, user_id, hash) values (:id, now(), :user, :hash)"
        )
        admin.execute(statement, {"id": ids.new_id(), "user": member.user_id, "hash": kept})
        return member

    return give


@pytest.fixture
async def empty(postgres: Database, configured: Callable[..., None]):
    """The application on a database in which nobody has an account yet."""
    name = f"empty_{ids.new_id().hex[-12:]}"
    engine = create_engine(postgres.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    names = postgres.names(name)
    migrations.prepare(postgres.url("postgres", name), names["DFWORX_DATABASE_DIRECT_URL"])
    await database.dispose()
    configured(DATABASE_URL=names["DFWORX_DATABASE_URL"])
    yield name
    await database.dispose()


def query_of(location: str) -> dict[str, str]:
    """The query of a redirect."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
