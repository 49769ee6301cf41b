"""A database behind a bad network: every request ends in time, with an answer that says when to come back."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from dfworx.infra import database, patience
from dfworx.infra.settings import settings
from tests.cast import Cast
from tests.drills.proxy import Network

pytestmark = [pytest.mark.anyio, pytest.mark.embedded]


@pytest.fixture
async def network(environment: None, configured) -> AsyncIterator[Network]:
    """What lies between the application and its database."""
    where = make_url(settings().database_url).query
    with Network(Path(str(where["host"])) / f".s.PGSQL.{where['port']}").opened() as network:
        await database.dispose()
        configured(DATABASE_URL=f"postgresql://dfworx_app@127.0.0.1:{network.port}/dfworx?sslmode=disable")
        yield network
        network.flow()
        await database.dispose()


async def post(client: httpx.AsyncClient, cast: Cast) -> httpx.Response:
    """A message about retries."""
    path = f"/organizations/{cast.slug}/threads/{cast.retries}/messages"
    return await client.post(path, json={"source": "Are you there?"})


async def test_a_cut_line_is_replaced(network: Network, asking, cast: Cast):
    client = asking(cast.ben)
    assert (await post(client, cast)).status_code == 201
    network.cut()
    await asyncio.sleep(0.1)
    answers = [(await post(client, cast)).status_code for _ in range(3)]
    assert answers[1:] == [201, 201]
    assert answers[0] in {201, 503}


async def test_who_is_swallowed_gets_an_answer_and_the_next_one_is_served(
    network: Network, asking, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(patience.Connection, "answer_seconds", 0.5)
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(patience, "CONNECT_SECONDS", 2)  # the least that Postgres's library takes
    client = asking(cast.ben)
    assert (await post(client, cast)).status_code == 201
    network.swallow()
    begun = time.monotonic()
    answers = await asyncio.gather(*[post(client, cast) for _ in range(30)])
    took = time.monotonic() - begun
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
    assert took < 15, "a free connection, a new one, and no hang: nobody waits for the 30 s of a black hole"
    network.flow()
    answer = await post(client, cast)
    assert answer.status_code in {201, 503}, "what was opened before may still be found to be cut"
    assert (await post(client, cast)).status_code == 201
