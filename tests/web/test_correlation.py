"""Correlation: the id of a request."""

import json
import logging

import httpx
import pytest

from dfworx.core.correlation import correlation_id
from dfworx.infra import logs
from dfworx.web.correlation import Correlation

pytestmark = pytest.mark.anyio


async def _app(scope, receive, send):
    logging.getLogger("test").warning("inside")
    body = correlation_id.get().encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def client():
    transport = httpx.ASGITransport(Correlation(_app))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_every_request_gets_an_id_of_its_own(client):
    first, second = await client.get("/"), await client.get("/")
    assert first.text == first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_a_harmless_id_of_the_caller_is_kept(client):
    answer = await client.get("/", headers={"X-Request-ID": "trace-42.a_b"})
    assert answer.text == answer.headers["x-request-id"] == "trace-42.a_b"


@pytest.mark.parametrize("id_", ["short", "x" * 65, "two words and", "line%0abreak<script>", "a\tb-------"])
async def test_any_other_is_replaced(client, id_):
    assert (await client.get("/", headers={"X-Request-ID": id_})).headers["x-request-id"] != id_


async def test_it_stands_in_the_log_and_is_gone_afterwards(client, capsys):
    logs.configure()
    await client.get("/", headers={"X-Request-ID": "trace-4242"})
    (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
    assert (line["event"], line["correlation_id"]) == ("inside", "trace-4242")
    assert correlation_id.get() == ""
