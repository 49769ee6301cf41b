"""The ways in: the first run, registering, invitations."""

import asyncio
import time

import pytest
from sqlalchemy import NullPool, create_engine, text

from dfworx.infra.settings import settings
from dfworx.organizations import service_arriving as arriving
from dfworx.web import identity
from tests.people import SECRET, query_of

pytestmark = pytest.mark.anyio

ADA = {"name": "Ada Ferreira", "email": "ada@acme.example", "password": SECRET, "organization": "Acme Robotics"}
NEW = {"name": "Nia Newcomer", "password": SECRET}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch, request):
    """Registering takes its time on purpose; only the test of that waits for it."""
    if "evenly" not in request.node.name:
        monkeypatch.setattr(arriving, "REGISTERING_TAKES", 0.0)


@pytest.fixture
def invited(asking, cast):
    """`await invited(role="guest")`: the token of a new invitation to Acme."""

    async def invite(**values):
        answer = await asking(cast.ada).post(_acme(cast, "/invitations"), json=values)
        return answer.json()["token"]

    return invite


def _acme(cast, path=""):
    return f"/organizations/{cast.slug}{path}"


def _form(path):
    return f"{settings().origin}/auth/{path}"


class TestSetUp:
    """POST /setup: the first run."""

    async def test_it_works(self, empty, asking):
        browser = asking()
        assert (await browser.get("/setup")).json() == {"is_needed": True}
        answer = await browser.post("/setup", json=ADA)
        assert (answer.status_code, answer.json()["slug"], answer.json()["role"]) == (201, "acme-robotics", "owner")
        assert (await browser.get("/organizations/acme-robotics")).status_code == 200
        assert (await browser.get("/account")).json()["email"] == "ada@acme.example"
        assert (await browser.get("/setup")).json() == {"is_needed": False}

    async def test_the_form_leads_into_the_organization(self, empty, asking):
        browser = asking()
        answer = await browser.post(_form("setup"), data=ADA)
        assert (answer.status_code, answer.headers["location"]) == (303, "/o/acme-robotics")
        assert (await browser.get("/account")).status_code == 200

    async def test_it_is_done_once(self, empty, asking):
        assert (await asking().post("/setup", json=ADA)).status_code == 201
        answer = await asking().post("/setup", json=ADA | {"email": "mallory@acme.example"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:dfworx:problem:already-set-up")

    async def test_of_two_at_once_one_wins(self, empty, asking):
        forms = [ADA, ADA | {"email": "ben@acme.example", "organization": "Other"}]
        answers = await asyncio.gather(*(asking().post("/setup", json=form) for form in forms))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        winner = next(answer for answer in answers if answer.status_code == 201)
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert identity.cookie_name() in winner.cookies
        assert identity.cookie_name() not in loser.cookies

    async def test_a_refusal_leaves_nothing_behind(self, empty, asking):
        for wrong in (
            {"password": "password1234"},
            {"password": "Acme Robotics 1"},
            {"organization": ""},
            {"email": "x"},
        ):
            assert (await asking().post("/setup", json=ADA | wrong)).status_code == 422
        assert (await asking().get("/setup")).json() == {"is_needed": True}

    async def test_the_first_one_administers_the_server(self, empty, asking, postgres):
        await asking().post("/setup", json=ADA)
        engine = create_engine(postgres.url("postgres", empty), poolclass=NullPool)
        with engine.connect() as connection:
            assert connection.execute(text("select is_server_admin from dfworx.users")).scalars().all() == [True]

    async def test_on_a_workspace_in_use_it_is_over(self, asking, cast):
        assert (await asking().post("/setup", json=ADA)).status_code == 409
        answer = await asking().post(_form("setup"), data=ADA)
        assert query_of(answer.headers["location"])["error"] == "already-set-up"


class TestRegister:
    """POST /accounts."""

    async def test_an_invitation_lets_in_and_makes_a_member(self, asking, cast, invited):
        browser = asking()
        form = NEW | {"email": f"nia-{cast.slug}@example.org", "invitation": await invited(role="moderator")}
        answer = await browser.post("/accounts", json=form)
        assert (answer.status_code, answer.json()["name"]) == (201, "Nia Newcomer")
        assert (await browser.get(_acme(cast))).json()["role"] == "moderator"

    async def test_the_form_leads_on(self, asking, cast, invited):
        form = NEW | {"email": f"nia-{cast.slug}@example.org", "invitation": await invited(), "next": f"/o/{cast.slug}"}
        browser = asking()
        answer = await browser.post(_form("register"), data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/o/{cast.slug}")
        assert (await browser.get(_acme(cast))).status_code == 200

    async def test_without_an_invitation_it_is_closed(self, asking, cast):
        answer = await asking().post("/accounts", json=NEW | {"email": f"nia-{cast.slug}@example.org"})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:dfworx:problem:invitation-needed")

    async def test_a_wrong_invitation_is_none(self, asking, cast):
        form = NEW | {"email": f"nia-{cast.slug}@example.org", "invitation": "made-up"}
        answer = await asking().post("/accounts", json=form)
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:dfworx:problem:invitation-not-valid")
        assert (
            await asking().post("/auth/sessions", json={"email": form["email"], "password": SECRET})
        ).status_code == 401

    async def test_the_operator_may_open_it(self, asking, cast, configured):
        configured(REGISTRATION="open")
        browser = asking()
        answer = await browser.post("/accounts", json=NEW | {"email": f"nia-{cast.slug}@example.org"})
        assert answer.status_code == 201
        assert (await browser.get("/organizations")).json() == []
        assert (await browser.get(_acme(cast))).status_code == 404

    async def test_an_address_that_has_an_account_is_answered_the_same_way(self, asking, cast, invited):
        token = await invited(max_uses=5)
        answers = [
            await asking().post("/accounts", json=NEW | {"email": email, "invitation": token})
            for email in (cast.ben.email, f"nia-{cast.slug}@example.org")
        ]
        known, fresh = answers
        assert known.status_code == fresh.status_code == 201
        assert set(known.json()) == set(fresh.json())
        assert known.json()["id"] != str(cast.ben.user_id)
        assert known.json()["name"] == "Nia Newcomer"
        flags = [answer.headers["set-cookie"].partition(";")[2] for answer in answers]
        assert flags[0] == flags[1]

    async def test_and_its_session_is_nobodys(self, asking, cast, invited, admin):
        browser = asking()
        token = await invited()
        await browser.post("/accounts", json=NEW | {"email": cast.ben.email, "invitation": token})
        assert (await browser.get("/account")).status_code == 401
        assert (await asking(cast.ben).get("/account")).json()["name"] == "Ben Okafor"
        assert (await asking().get(f"/invitations/{token}")).status_code == 200  # not used up
        assert (
            await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": SECRET})
        ).status_code == 401

    async def test_both_take_evenly_long(self, asking, cast, invited):
        token = await invited(max_uses=5)
        took = []
        for email in (cast.ben.email, f"nia-{cast.slug}@example.org"):
            begun = time.monotonic()
            await asking().post("/accounts", json=NEW | {"email": email, "invitation": token})
            took.append(time.monotonic() - begun)
        assert all(arriving.REGISTERING_TAKES <= seconds < 2 * arriving.REGISTERING_TAKES for seconds in took)

    async def test_a_weak_password_is_refused(self, asking, cast, invited):
        form = {"name": "Nia", "email": f"nia-{cast.slug}@example.org", "invitation": await invited()}
        answer = await asking().post("/accounts", json=form | {"password": "password1234"})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["password"])

    async def test_an_address_registers_so_often(self, asking, cast, configured):
        configured(RATE_REGISTER_ADDRESS="2/minute", REGISTRATION="open")
        forms = [NEW | {"email": f"nia{number}-{cast.slug}@example.org"} for number in range(3)]
        assert [(await asking().post("/accounts", json=form)).status_code for form in forms] == [201, 201, 429]


class TestLook:
    """GET /invitations/{token}."""

    async def test_anybody_with_the_link_sees_where_it_leads(self, asking, cast, invited):
        answer = await asking().get(f"/invitations/{await invited(role='guest')}")
        expected = {"organization_name": "Acme Robotics", "organization_slug": cast.slug, "role": "guest"}
        assert (answer.status_code, answer.json()) == (200, expected)

    async def test_a_made_up_one_leads_nowhere(self, asking, cast):
        assert (await asking().get("/invitations/made-up")).status_code == 404
        assert (await asking().get(f"/invitations/{'x' * 200}")).status_code == 422

    async def test_a_hash_is_no_token(self, asking, cast, invited, admin):
        await invited()
        kept = admin.execute(text("select token_hash from dfworx.invitations order by id desc limit 1")).scalar()
        assert (await asking().get(f"/invitations/{kept}")).status_code == 404

    @pytest.mark.parametrize(
        "ended", ["expires_at = now() - interval '1 second'", "revoked_at = now()", "uses = max_uses"],
        ids=["expired", "revoked", "used up"],
    )  # fmt: skip
    async def test_an_ended_one_leads_nowhere(self, asking, cast, invited, admin, ended):
        token = await invited()
        admin.execute(text(f"update dfworx.invitations set {ended} where organization_id = :id"), {"id": cast.acme})
        assert (await asking().get(f"/invitations/{token}")).status_code == 404
        assert (await asking(cast.eve).put(f"/invitations/{token}/acceptance")).status_code == 404


class TestAccept:
    """PUT /invitations/{token}/acceptance."""

    async def test_a_stranger_becomes_a_member(self, asking, cast, invited):
        eve = asking(cast.eve)
        assert (await eve.get(_acme(cast))).status_code == 404
        answer = await eve.put(f"/invitations/{await invited()}/acceptance")
        assert (answer.status_code, answer.json()["slug"], answer.json()["role"]) == (200, cast.slug, "member")
        assert (await eve.get(_acme(cast))).status_code == 200
        assert {organization["name"] for organization in (await eve.get("/organizations")).json()} == {
            "Acme Robotics", "Umbrella",
        }  # fmt: skip

    async def test_it_is_used_once_unless_more_were_meant(self, asking, cast, invited):
        token = await invited()
        assert (await asking(cast.eve).put(f"/invitations/{token}/acceptance")).status_code == 200
        assert (await asking().get(f"/invitations/{token}")).status_code == 404

    async def test_two_at_the_last_use_are_one(self, asking, cast, invited, configured):
        configured(REGISTRATION="open")
        token, late = await invited(), asking()
        await late.post("/accounts", json=NEW | {"email": f"nia-{cast.slug}@example.org"})
        clients = (asking(cast.eve), late)
        answers = await asyncio.gather(*(client.put(f"/invitations/{token}/acceptance") for client in clients))
        assert sorted(answer.status_code for answer in answers) == [200, 404]

    async def test_a_member_uses_nothing_up_and_keeps_the_role(self, asking, cast, invited):
        token = await invited(role="guest")
        assert (await asking(cast.dia).put(f"/invitations/{token}/acceptance")).json()["role"] == "admin"
        assert (await asking().get(f"/invitations/{token}")).status_code == 200

    async def test_who_left_comes_back_as_the_same_member(self, asking, cast, invited):
        ben = asking(cast.ben)
        await ben.delete(_acme(cast, "/members/me"))
        await ben.patch("/account", json={"name": "Benjamin"})
        assert (await ben.get(_acme(cast))).status_code == 404
        assert (await ben.put(f"/invitations/{await invited(role='guest')}/acceptance")).json()["role"] == "guest"
        member = (await ben.get(_acme(cast, f"/members/{cast.ben.membership_id}"))).json()
        assert (member["name"], member["role"], member["left_at"]) == ("Benjamin", "guest", None)

    async def test_nobody_signs_in_first(self, asking, cast, invited):
        assert (await asking().put(f"/invitations/{await invited()}/acceptance")).status_code == 401
