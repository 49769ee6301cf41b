"""Problems: what leaves when something is refused or fails."""

import logging

import httpx
import psycopg.errors
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dfworx.core.errors import Conflict, Invalid, TooMany
from dfworx.web import correlation, problems

pytestmark = pytest.mark.anyio

FAILURES = {
    "conflict": Conflict("Already there."),
    "fields": Invalid(fields={"title": "Too long."}),
    "many": TooMany(30),
    "unique": IntegrityError("insert", {}, Exception("duplicate key value 'secret'")),
    "value": DataError("insert", {}, Exception("NUL")),
    "away": OperationalError("select", {}, Exception("connection refused to 10.0.0.1")),
    "pool": PoolTimeoutError("QueuePool limit"),
    "full": OperationalError("insert", {}, psycopg.errors.DiskFull("could not extend file: No space left")),
    "io": OperationalError("insert", {}, psycopg.errors.IoError("could not write to /var/lib")),
    "killed": OperationalError("select", {}, psycopg.errors.AdminShutdown("terminating connection")),
    "crashed": OperationalError("select", {}, psycopg.errors.CrashShutdown("terminating connection")),
    "starting": OperationalError("select", {}, psycopg.errors.CannotConnectNow("the database system is starting up")),
    "crowded": OperationalError("select", {}, psycopg.errors.TooManyConnections("sorry, too many clients already")),
    "read-only": InternalError("insert", {}, psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT")),
    "slow": OperationalError("select", {}, psycopg.errors.QueryCanceled("canceling due to statement timeout")),
    "locked": OperationalError("update", {}, psycopg.errors.LockNotAvailable("canceling due to lock timeout")),
    "deadlock": OperationalError("update", {}, psycopg.errors.DeadlockDetected("deadlock detected")),
    "wrong": ProgrammingError("select", {}, psycopg.errors.UndefinedColumn("column hunter2 does not exist")),
    "bug": RuntimeError("the password is hunter2"),
}

UNABLE = ("full", "io", "killed", "crashed", "starting", "crowded", "read-only", "slow", "locked", "deadlock")


class Body(BaseModel):
    """What the small application takes."""

    title: str = Field(max_length=5)
    count: int = Field(1, ge=1)


@pytest.fixture
async def client():
    app = FastAPI()
    problems.install(app)

    @app.get("/api/fail/{what}")
    async def fail(what: str) -> None:
        raise FAILURES[what]

    @app.post("/api/body")
    async def body(body: Body) -> Body:
        return body

    @app.get("/api/begun")
    async def begun(request: Request) -> None:
        await request._send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    app.add_middleware(problems.Failures)
    app.add_middleware(correlation.Correlation)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


class TestRefusals:
    """Refusals of the core."""

    async def test_a_refusal_is_a_problem_with_a_stable_type(self, client):
        answer = await client.get("/api/fail/conflict")
        assert answer.status_code == 409
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"] == "urn:dfworx:problem:conflict"
        assert problem["detail"] == "Already there."
        assert problem["instance"] == "/api/fail/conflict"
        assert problem["correlation_id"] == answer.headers["x-request-id"]

    async def test_fields_are_named(self, client):
        assert (await client.get("/api/fail/fields")).json()["errors"] == {"title": "Too long."}

    async def test_a_limit_says_when_to_come_back(self, client):
        answer = await client.get("/api/fail/many")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


class TestValidation:
    """What comes in and does not fit."""

    async def test_every_field_is_explained_in_words_and_without_what_was_typed(self, client):
        answer = await client.post("/api/body", json={"title": "far too long a secret", "count": 0})
        assert answer.status_code == 422
        assert answer.json()["errors"] == {"title": "Use at most 5 characters.", "count": "Use 1 or more."}
        assert "secret" not in answer.text

    async def test_a_missing_field_is_needed(self, client):
        assert (await client.post("/api/body", json={})).json()["errors"] == {"title": "This is needed."}

    async def test_broken_json_is_named(self, client):
        answer = await client.post("/api/body", content="{", headers={"content-type": "application/json"})
        assert answer.json()["errors"] == {"body": "This is not valid JSON."}


class TestFailures:
    """What the database does, and what nobody expected."""

    @pytest.mark.parametrize(
        ("what", "status", "type_"),
        [
            ("unique", 409, "conflict"),
            ("value", 422, "invalid"),
            ("away", 503, "unavailable"),
            ("pool", 503, "unavailable"),
            *((what, 503, "unavailable") for what in UNABLE),
            ("wrong", 500, "unexpected"),
        ],
    )
    async def test_the_database_is_translated(self, client, what, status, type_):
        answer = await client.get(f"/api/fail/{what}")
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:dfworx:problem:{type_}")
        assert "secret" not in answer.text
        assert "10.0.0.1" not in answer.text
        assert ("retry-after" in answer.headers) == (status == 503)

    async def test_a_full_disk_is_said_and_what_to_expect(self, client):
        assert "what is there can be read" in (await client.get("/api/fail/full")).json()["detail"]

    async def test_a_mistake_of_ours_shows_only_its_id_and_stands_in_the_log(self, client, caplog):
        with caplog.at_level(logging.ERROR):
            answer = await client.get("/api/fail/bug")
        assert answer.status_code == 500
        assert "hunter2" not in answer.text
        assert answer.headers["x-request-id"] in answer.json()["detail"]
        assert "failed: GET '/api/fail/bug'" in caplog.text

    async def test_an_answer_that_has_begun_is_not_answered_twice(self, client):
        with pytest.raises(RuntimeError):
            await client.get("/api/begun")


class TestTheLog:
    """What is kept of denials."""

    async def test_they_are_kept_with_where_they_came_from(self, asking, caplog):
        with caplog.at_level(logging.INFO):
            await asking().get("/account")
        assert "refused with unauthenticated: GET '/api/v1/account' from 127.0.0.1" in caplog.text

    async def test_nothing_typed_begins_a_line_of_its_own(self, asking, cast, caplog):
        with caplog.at_level(logging.INFO):
            await asking().get("/organizations/a%0Aforged: line")
        assert all("\n" not in record.getMessage() for record in caplog.records if record.name.startswith("dfworx"))
        assert "forged" in caplog.text

    async def test_an_invitation_that_could_be_used_is_not(self, asking, caplog):
        with caplog.at_level(logging.INFO):
            await asking().put("/invitations/abcdef/acceptance")
        assert "'/api/v1/invitations/…/acceptance'" in caplog.text
        ours = [record.getMessage() for record in caplog.records if record.name.startswith("dfworx")]
        assert not any("abcdef" in message for message in ours)


async def test_the_document_says_how_problems_look(asking):
    document = (await asking().get("/openapi.json")).json()
    for operations in document["paths"].values():
        for operation in operations.values():
            for status in ("422", "4XX", "5XX"):
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"]
    assert document["components"]["schemas"]["Problem"]["properties"]["correlation_id"]


class TestUnknownAddresses:
    """The whole application."""

    async def test_an_unknown_address_is_a_json_404(self, asking):
        answer = await asking().get("/nothing/here")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:dfworx:problem:not-found")

    async def test_another_method_is_a_405_that_names_the_right_ones(self, asking):
        answer = await asking().put("/account")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH")

    async def test_a_large_body_is_refused(self, asking):
        answer = await asking().post("/auth/sessions", json={"email": "a@b.org", "password": "x" * 1_100_000})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:dfworx:problem:too-large")

    async def test_a_large_body_of_unknown_length_is_refused(self, asking):
        async def endless():
            for _ in range(20):
                yield b" " * 100_000

        answer = await asking().post("/auth/sessions", content=endless(), headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:dfworx:problem:too-large")
