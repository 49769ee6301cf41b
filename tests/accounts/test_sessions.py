"""Signing in and out, and the sessions in between."""

import asyncio
from datetime import timedelta
from typing import cast as cast_to

import pytest
from sqlalchemy import QueuePool, text

from dfworx.accounts import service_identity as identities
from dfworx.infra import database, passwords
from dfworx.infra.settings import settings
from dfworx.web import identity
from tests.people import SECRET, query_of

pytestmark = pytest.mark.anyio

OTHER = "marsh lantern 9 violet"


def _form(member, password=SECRET):
    return {"email": member.email, "password": password}


@pytest.fixture
async def signed_in(asking):
    """`await signed_in(member)`: another browser in which the member has signed in by the password."""

    async def browser(member, password=SECRET):
        client = asking()
        answer = await client.post("/auth/sessions", json=_form(member, password))
        assert answer.status_code == 201, answer.text
        return client

    return browser


@pytest.fixture
def asked(monkeypatch):
    """The questions that were put to the database about identities."""
    questions = []
    look_up = identities._look_up

    async def watched(session_id, slug):
        questions.append((session_id, slug))
        return await look_up(session_id, slug)

    monkeypatch.setattr(identities, "_look_up", watched)
    return questions


class TestSignIn:
    """POST /auth/sessions."""

    async def test_it_works(self, asking, cast, has_password):
        browser = asking()
        answer = await browser.post("/auth/sessions", json=_form(has_password(cast.ben)))
        assert (answer.status_code, answer.json()["email"]) == (201, cast.ben.email)
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert (await browser.get("/account")).json()["name"] == "Ben Okafor"

    async def test_the_address_may_be_typed_in_capitals(self, asking, cast, has_password):
        form = _form(has_password(cast.ben)) | {"email": f" {cast.ben.email.upper()} "}
        assert (await asking().post("/auth/sessions", json=form)).status_code == 201

    async def test_each_time_begins_a_new_session(self, cast, has_password, signed_in):
        has_password(cast.ben)
        first, second = await signed_in(cast.ben), await signed_in(cast.ben)
        name = identity.cookie_name()
        assert first.cookies[name] != second.cookies[name]

    async def test_a_wrong_password_and_an_unknown_address_look_the_same(self, asking, cast, has_password):
        wrong = await asking().post("/auth/sessions", json=_form(has_password(cast.ben), OTHER))
        unknown = await asking().post("/auth/sessions", json={"email": "nobody@example.org", "password": OTHER})
        drop = ("correlation_id",)
        assert {k: v for k, v in wrong.json().items() if k not in drop} == {
            k: v for k, v in unknown.json().items() if k not in drop
        }
        assert wrong.status_code == unknown.status_code == 401
        assert "set-cookie" not in wrong.headers

    async def test_they_take_as_long(self, cast, has_password, asking, monkeypatch):
        has_password(cast.ben)
        hashed = []
        verify = passwords._verify

        def watched(password, kept):
            hashed.append(kept is not None)
            return verify(password, kept)

        monkeypatch.setattr(passwords, "_verify", watched)
        for email in (cast.ben.email, "nobody@example.org"):
            await asking().post("/auth/sessions", json={"email": email, "password": OTHER})
        assert hashed == [True, False]
        assert passwords._nobodys_hash().rsplit("$", 2)[0] == passwords._hasher().hash("x").rsplit("$", 2)[0]

    async def test_a_person_without_a_password_cannot(self, asking, cast):
        assert (await asking().post("/auth/sessions", json=_form(cast.cy))).status_code == 401

    async def test_a_deactivated_person_cannot(self, asking, cast, has_password, admin):
        has_password(cast.ben)
        admin.execute(text("update dfworx.users set deactivated_at = now() where id = :id"), {"id": cast.ben.user_id})
        assert (await asking().post("/auth/sessions", json=_form(cast.ben))).status_code == 401
        assert (await asking(cast.ben).get("/account")).status_code == 401

    async def test_an_account_is_guarded_against_guessing(self, asking, cast, has_password, configured):
        configured(RATE_SIGN_IN_ACCOUNT="3/minute")
        has_password(cast.ben)
        answers = [(await asking().post("/auth/sessions", json=_form(cast.ben, OTHER))) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
        assert int(answers[3].headers["retry-after"]) > 0
        assert (await asking().post("/auth/sessions", json=_form(cast.ben))).status_code == 429
        assert (await asking().post("/auth/sessions", json=_form(has_password(cast.cy)))).status_code == 201

    async def test_addresses_without_account_are_counted_alike(self, asking, configured):
        configured(RATE_SIGN_IN_ACCOUNT="1/minute")
        form = {"email": "nobody@example.org", "password": OTHER}
        assert [(await asking().post("/auth/sessions", json=form)).status_code for _ in range(2)] == [401, 429]

    async def test_an_old_hash_is_made_anew(self, asking, cast, has_password, admin, configured):
        has_password(cast.ben)
        configured(ARGON2_ROUNDS=2)
        passwords._hasher.cache_clear()
        assert (await asking().post("/auth/sessions", json=_form(cast.ben))).status_code == 201
        statement = text("select hash from dfworx.passwords where user_id = :id")
        assert ",t=2," in str(admin.execute(statement, {"id": cast.ben.user_id}).scalar())
        assert (await asking().post("/auth/sessions", json=_form(cast.ben))).status_code == 201
        configured(ARGON2_ROUNDS=1)
        passwords._hasher.cache_clear()

    async def test_waiting_for_the_hash_holds_no_connection(self, asking, cast, has_password, monkeypatch):
        has_password(cast.ben)
        open_ones = []
        matches = passwords.matches

        async def watched(*arguments):
            open_ones.append(cast_to("QueuePool", database.engine().pool).checkedout())
            return await matches(*arguments)

        monkeypatch.setattr(passwords, "matches", watched)
        assert (await asking().post("/auth/sessions", json=_form(cast.ben))).status_code == 201
        assert open_ones == [0]


class TestSessions:
    """GET and DELETE /auth/sessions."""

    async def test_the_list_marks_the_current_one(self, cast, has_password, signed_in):
        has_password(cast.ben)
        browser = await signed_in(cast.ben)
        listed = (await browser.get("/auth/sessions")).json()
        assert sorted(session["is_current"] for session in listed) == [False, True]
        assert "python-httpx" in next(session["user_agent"] for session in listed if session["is_current"])

    async def test_it_shows_nobody_elses(self, asking, cast):
        listed = (await asking(cast.eve).get("/auth/sessions")).json()
        assert [session["id"] for session in listed] == [str(cast.eve.session_id)]

    async def test_a_revoked_one_is_dead_at_once(self, asking, cast, has_password, signed_in):
        has_password(cast.ben)
        browser = await signed_in(cast.ben)
        assert (await asking(cast.ben).get("/account")).status_code == 200
        assert (await browser.delete(f"/auth/sessions/{cast.ben.session_id}")).status_code == 204
        assert (await asking(cast.ben).get("/account")).status_code == 401
        assert (await browser.get("/account")).status_code == 200
        assert len((await browser.get("/auth/sessions")).json()) == 1

    @pytest.mark.parametrize("caller", ["eve", "cy", "ada"], ids=["stranger", "colleague", "owner"])
    async def test_nobody_else_can_revoke_it(self, asking, cast, caller):
        answer = await asking(getattr(cast, caller)).delete(f"/auth/sessions/{cast.ben.session_id}")
        assert answer.status_code == 404
        assert (await asking(cast.ben).get("/account")).status_code == 200

    async def test_signing_out_ends_this_one_alone(self, asking, cast, has_password, signed_in):
        has_password(cast.ben)
        browser = await signed_in(cast.ben)
        cookie = browser.cookies[identity.cookie_name()]
        answer = await browser.delete("/auth/sessions/current")
        assert (answer.status_code, answer.headers["clear-site-data"]) == (204, '"storage"')
        assert identity.cookie_name() not in browser.cookies
        replay = await browser.get("/account", headers={"cookie": f"{identity.cookie_name()}={cookie}"})
        assert replay.status_code == 401
        assert (await asking(cast.ben).get("/account")).status_code == 200

    async def test_signing_out_everywhere_ends_all(self, asking, cast, has_password, signed_in):
        has_password(cast.ben)
        browser = await signed_in(cast.ben)
        cookie = browser.cookies[identity.cookie_name()]
        assert (await browser.delete("/auth/sessions")).status_code == 204
        replay = await browser.get("/account", headers={"cookie": f"{identity.cookie_name()}={cookie}"})
        assert replay.status_code == 401
        assert (await asking(cast.ben).get("/account")).status_code == 401
        assert (await asking(cast.cy).get("/account")).status_code == 200

    async def test_nobody_has_none(self, asking):
        for method, path in (("GET", ""), ("DELETE", ""), ("DELETE", "/current")):
            assert (await asking().request(method, f"/auth/sessions{path}")).status_code == 401


class TestIdentify:
    """The port that says who acts."""

    async def test_it_knows_person_organization_and_role(self, asking, cast):
        actor = await identities.identify(cast.dia.session_id, cast.slug)
        assert actor == cast.dia.actor

    async def test_a_stranger_has_no_role(self, asking, cast):
        actor = await identities.identify(cast.eve.session_id, cast.slug)
        assert (actor.user_id, actor.organization_id, actor.role) == (cast.eve.user_id, None, None)

    async def test_no_session_is_nobody(self, asking, cast):
        assert not (await identities.identify(None, cast.slug)).is_person
        assert not (await identities.identify(cast.acme, cast.slug)).is_person

    @pytest.mark.parametrize(
        "ended",
        ["expires_at = now() - interval '1 second'", "last_seen_at = now() - interval '31 days'", "revoked_at = now()"],
        ids=["too old", "idle too long", "revoked"],
    )
    async def test_an_ended_session_is_nobody(self, asking, cast, admin, ended):
        admin.execute(text(f"update dfworx.sessions set {ended} where id = :id"), {"id": cast.ben.session_id})
        assert not (await identities.identify(cast.ben.session_id, None)).is_person

    async def test_the_idle_limit_is_a_setting(self, asking, cast, admin, configured):
        configured(SESSION_IDLE_DAYS=2)
        statement = text("update dfworx.sessions set last_seen_at = now() - interval '3 days' where id = :id")
        admin.execute(statement, {"id": cast.ben.session_id})
        assert not (await identities.identify(cast.ben.session_id, None)).is_person

    async def test_being_seen_is_written_down_now_and_then(self, asking, cast, admin):
        statement = text("update dfworx.sessions set last_seen_at = now() - interval '3 days' where id = :id")
        admin.execute(statement, {"id": cast.ben.session_id})
        await identities.identify(cast.ben.session_id, None)
        seen = text("select now() - last_seen_at from dfworx.sessions where id = :id")
        assert admin.execute(seen, {"id": cast.ben.session_id}).scalar_one() < timedelta(minutes=1)

    async def test_it_is_asked_once_in_two_seconds(self, asking, cast, monkeypatch, asked):
        assert identities.KNOWN_FOR == 2.0
        monkeypatch.setattr(identities, "KNOWN_FOR", 0.1)
        for _ in range(3):
            await identities.identify(cast.ben.session_id, cast.slug)
        assert len(asked) == 1
        await asyncio.sleep(0.11)
        await identities.identify(cast.ben.session_id, cast.slug)
        assert len(asked) == 2

    async def test_strangers_are_looked_at_each_time(self, asking, cast, asked):
        for _ in range(2):
            await identities.identify(cast.eve.session_id, cast.slug)
        assert len(asked) == 2


class TestForms:
    """The browser's native forms."""

    async def test_signing_in_leads_on_with_a_cookie(self, asking, cast, has_password):
        browser = asking()
        answer = await browser.post(_url("sign-in?next=/o/acme/t/1"), data=_form(has_password(cast.ben)))
        assert (answer.status_code, answer.headers["location"]) == (303, "/o/acme/t/1")
        assert (await browser.get("/account")).status_code == 200

    async def test_where_to_may_stand_in_the_form(self, asking, cast, has_password):
        form = _form(has_password(cast.ben)) | {"next": "/o/acme"}
        assert (await asking().post(_url("sign-in"), data=form)).headers["location"] == "/o/acme"

    @pytest.mark.parametrize(
        "page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
    )
    async def test_it_never_leads_away(self, asking, cast, has_password, page):
        form = _form(has_password(cast.ben)) | {"next": page}
        assert (await asking().post(_url("sign-in"), data=form)).headers["location"] == "/"

    async def test_a_refusal_leads_back_without_what_was_typed(self, asking, cast, has_password):
        page = {"referer": f"{settings().origin}/sign-in?next=/o/acme"}
        answer = await asking().post(_url("sign-in"), data=_form(has_password(cast.ben), OTHER), headers=page)
        assert answer.status_code == 303
        assert query_of(answer.headers["location"]) == {"next": "/o/acme", "error": "bad-credentials"}

    async def test_a_field_that_does_not_fit_is_named(self, asking):
        answer = await asking().post(_url("sign-in"), data={"email": "nonsense", "password": "x"})
        assert query_of(answer.headers["location"]) == {"error": "invalid", "field": "email"}

    async def test_signing_out_works_with_a_dead_session_too(self, asking, cast):
        browser = asking(cast.ben)
        for _ in range(2):
            answer = await browser.post(_url("sign-out"))
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert (await asking(cast.ben).get("/account")).status_code == 401

    async def test_the_password_is_changed(self, asking, cast, has_password):
        form = {"current_password": SECRET, "new_password": OTHER}
        answer = await asking(has_password(cast.ben)).post(_url("password"), data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        wrong = await asking(cast.ben).post(_url("password"), data=form)
        assert query_of(wrong.headers["location"]) == {"error": "wrong-password", "field": "current_password"}

    async def test_nobody_is_sent_back_to_sign_in(self, asking):
        answer = await asking().post(_url("password"), data={"current_password": SECRET, "new_password": OTHER})
        assert query_of(answer.headers["location"])["error"] == "unauthenticated"


def _url(path):
    return f"{settings().origin}/auth/{path}"
