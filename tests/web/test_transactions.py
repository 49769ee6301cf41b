"""The transaction of a request."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from dfworx.core.errors import Conflict
from dfworx.infra import database
from dfworx.infra.settings import settings
from dfworx.web import identity, problems
from dfworx.web.transactions import AnyTx, InTx, PersonTx
from dfworx.wiring import wire

pytestmark = pytest.mark.anyio

RENAME = text("update dfworx.organizations set name = :name where id = :id")


@pytest.fixture
async def sending(cast):
    """`sending(cast.ada)` asks a small application, and notes what the database holds when the answer begins."""
    wire()
    app = FastAPI()
    problems.install(app)

    @app.post("/o/{organization}/rename")  # noqa: FAST003 - InTx takes it
    async def rename(tx: InTx, name: str, *, fails: bool = False) -> dict[str, str]:
        await tx.run(RENAME, {"name": name, "id": tx.actor.organization})
        if fails:
            raise Conflict
        return {"name": name}

    @app.get("/person")
    async def person(tx: PersonTx) -> str:
        return tx.actor.name

    @app.get("/anybody")
    async def anybody(tx: AnyTx) -> str:
        return str((await tx.run(text("select current_user"))).scalar())

    clients = []

    def client(member=None, watch=None):
        cookies = {identity.cookie_name(): identity.token(member)} if member else {}
        transport = httpx.ASGITransport(watch(app) if watch else app)
        clients.append(httpx.AsyncClient(transport=transport, base_url=settings().origin, cookies=cookies))
        return clients[-1]

    yield client
    for made in clients:
        await made.aclose()
    await database.dispose()


def _name(admin, cast):
    return admin.execute(text("select name from dfworx.organizations where id = :id"), {"id": cast.acme}).scalar()


async def test_the_commit_comes_before_the_answer_begins(sending, cast, admin):
    seen = []

    def watch(app):
        async def watched(scope, receive, send):
            async def noting(message):
                if message["type"] == "http.response.start":
                    seen.append(_name(admin, cast))
                await send(message)

            await app(scope, receive, noting)

        return watched

    answer = await sending(cast.ada, watch).post(f"/o/{cast.slug}/rename", params={"name": "Acme Two"})
    assert answer.status_code == 200
    assert seen == ["Acme Two"]


async def test_an_error_undoes_everything(sending, cast, admin):
    answer = await sending(cast.ada).post(f"/o/{cast.slug}/rename", params={"name": "No", "fails": True})
    assert answer.status_code == 409
    assert _name(admin, cast) == "Acme Robotics"


async def test_a_commit_that_fails_is_no_success(sending, cast, monkeypatch):
    async def refuse(tx):
        raise database.CONFLICTS[0]("insert", {}, Exception("deferred"))

    monkeypatch.setattr(database, "settle", refuse)
    assert (await sending(cast.ada).post(f"/o/{cast.slug}/rename", params={"name": "No"})).status_code == 409


@pytest.mark.parametrize(
    ("who", "status"),
    [(None, 401), ("eve", 404), ("ben", 200), ("ada", 200)],
    ids=["nobody", "stranger", "colleague", "owner"],
)
async def test_the_organization_admits_its_members_alone(sending, cast, who, status):
    client = sending(getattr(cast, who) if who else None)
    assert (await client.post(f"/o/{cast.slug}/rename", params={"name": "X"})).status_code == status


@pytest.mark.parametrize("slug", ["nope", "%00", "a%0Ab", "..", "x" * 3000])
async def test_an_organization_that_does_not_exist_is_a_404(sending, cast, slug):
    assert (await sending(cast.ada).post(f"/o/{slug}/rename", params={"name": "X"})).status_code == 404


async def test_who_one_is_comes_before_what_one_sent(sending, cast):
    assert (await sending().post(f"/o/{cast.slug}/rename")).status_code == 401
    assert (await sending(cast.eve).post(f"/o/{cast.slug}/rename")).status_code == 404
    assert (await sending(cast.ben).post(f"/o/{cast.slug}/rename")).status_code == 422


async def test_a_route_of_people_needs_one(sending, cast):
    assert (await sending().get("/person")).status_code == 401
    assert (await sending(cast.eve).get("/person")).json() == "Eve Stranger"


async def test_nobody_reaches_the_database_as_anon(sending):
    assert (await sending().get("/anybody")).json() == "anon"


async def test_a_transaction_keeps_limits_and_time_zone_whatever_the_server_has(acting_as, cast):
    async with acting_as(cast.ben) as tx:
        asked = "select current_setting('statement_timeout'), current_setting('timezone')"
        assert (await tx.run(text(asked))).one() == ("4500ms", "UTC")
