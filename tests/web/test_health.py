"""Health."""

import pytest

from dfworx.infra import database, migrations
from dfworx.infra.settings import settings

pytestmark = pytest.mark.anyio


async def _ask(asking, path):
    return await asking().get(f"{settings().origin}/api/{path}")


async def test_a_process_that_answers_is_alive(asking):
    answer = await _ask(asking, "health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_migrated_database_is_ready(asking):
    assert (await _ask(asking, "ready")).status_code == 200


async def test_another_migration_is_not(asking, monkeypatch):
    monkeypatch.setattr(migrations, "head", lambda: "9999")
    answer = await _ask(asking, "ready")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:dfworx:problem:unavailable")


async def test_a_database_that_is_away_is_not(asking, configured):
    await database.dispose()
    configured(DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    answer = await _ask(asking, "ready")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "127.0.0.1" not in answer.text
    assert (await _ask(asking, "health")).status_code == 200
    await database.dispose()
