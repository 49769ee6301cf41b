"""Tokens: a script's session, its refresh tokens, and personal access tokens."""

import asyncio
from datetime import timedelta

import jwt
import pytest
from sqlalchemy import text

from dfworx.core import clock
from dfworx.infra.secrets import session_secret
from dfworx.infra.settings import settings
from dfworx.web import identity
from tests.people import SECRET

pytestmark = pytest.mark.anyio


@pytest.fixture
def script(asking):
    """`script(token)` is a program that shows a bearer token, and no Origin."""

    def client(token=None):
        made = asking()
        del made.headers["origin"]
        if token:
            made.headers["authorization"] = f"Bearer {token}"
        return made

    return client


@pytest.fixture
def signed_in(script, has_password):
    """`signed_in(cast.ben)`: the tokens of a script that has signed in with Ben's password."""

    async def grant(member):
        has_password(member)
        form = {"grant_type": "password", "username": member.email, "password": SECRET}
        answer = await script().post("/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return grant


@pytest.fixture
def made(asking):
    """`made(cast.ben, scope="write")`: the secret of a personal access token of Ben's."""

    async def make(member, **new):
        answer = await asking(member).post("/account/tokens", json={"name": "deploy", **new})
        assert answer.status_code == 201, answer.text
        return answer.json()["token"]

    return make


async def refreshed(script, token):
    return await script().post("/auth/token", json={"grant_type": "refresh_token", "refresh_token": token})


def problem(answer):
    """Its status and type."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:dfworx:problem:")


class TestSigningIn:
    """The password grant."""

    async def test_it_works_and_lasts_ten_minutes(self, script, signed_in, cast):
        tokens = await signed_in(cast.ben)
        assert (tokens["token_type"], tokens["expires_in"] in {599, 600}) == ("Bearer", True)
        assert (await script(tokens["access_token"]).get("/account")).json()["email"] == cast.ben.email

    async def test_it_stands_in_the_list_of_sessions_and_ends_there(self, asking, script, signed_in, cast):
        tokens = await signed_in(cast.ben)
        ben = asking(cast.ben)
        (session,) = [s for s in (await ben.get("/auth/sessions")).json() if s["kind"] == "api"]
        await ben.delete(f"/auth/sessions/{session['id']}")
        assert (await script(tokens["access_token"]).get("/account")).status_code == 401
        assert problem(await refreshed(script, tokens["refresh_token"])) == (401, "grant-ended")

    async def test_a_wrong_password_is_answered_like_an_unknown_address(self, script, has_password, cast):
        has_password(cast.ben)
        for name in (cast.ben.email, "nobody@example.org"):
            form = {"grant_type": "password", "username": name, "password": "not it at all"}
            assert problem(await script().post("/auth/token", data=form)) == (401, "bad-credentials")

    async def test_guesses_here_and_at_the_door_of_browsers_add_up(self, script, has_password, cast, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        has_password(cast.ben)
        form = {"grant_type": "password", "username": cast.ben.email, "password": "not it at all"}
        await script().post("/auth/token", data=form)
        await script().post("/auth/sessions", json={"email": cast.ben.email, "password": "not it at all"})
        assert (await script().post("/auth/token", data=form | {"password": SECRET})).status_code == 429

    @pytest.mark.parametrize(
        "body",
        [
            {}, {"grant_type": "client_credentials"}, {"grant_type": "password"}, {"grant_type": "refresh_token"},
            {"grant_type": ["password"]}, {"grant_type": "refresh_token", "refresh_token": "x", "scope": "admin"},
        ],
    )  # fmt: skip
    async def test_other_grants_are_invalid(self, script, body):
        assert problem(await script().post("/auth/token", json=body)) == (422, "invalid")

    @pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{"])
    async def test_what_cannot_be_read_is_invalid(self, script, content):
        answer = await script().post("/auth/token", content=content, headers={"content-type": "application/json"})
        assert problem(answer) == (422, "invalid")


class TestGoingOn:
    """The refresh grant."""

    async def test_each_token_works_once(self, script, signed_in, cast):
        first = await signed_in(cast.ben)
        second = (await refreshed(script, first["refresh_token"])).json()
        third = (await refreshed(script, second["refresh_token"])).json()
        assert len({each["refresh_token"] for each in (first, second, third)}) == 3
        assert (await script(third["access_token"]).get("/account")).status_code == 200

    async def test_many_at_once_get_the_same_successor(self, script, signed_in, cast):
        first = await signed_in(cast.ben)
        answers = await asyncio.gather(*[refreshed(script, first["refresh_token"]) for _ in range(5)])
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["refresh_token"] for answer in answers}) == 1

    async def test_one_that_was_spent_before_ends_the_family(self, script, signed_in, cast, admin):
        first = await signed_in(cast.ben)
        second = (await refreshed(script, first["refresh_token"])).json()
        admin.execute(
            text("update dfworx.refresh_tokens set spent_at = spent_at - interval '11 s' where user_id = :id"),
            {"id": cast.ben.user_id},
        )
        assert problem(await refreshed(script, first["refresh_token"])) == (401, "grant-ended")
        assert problem(await refreshed(script, second["refresh_token"])) == (401, "grant-ended")
        assert (await script(second["access_token"]).get("/account")).status_code == 401
        names = admin.scalars(
            text("select name from dfworx.audit_events where user_id = :id order by created_at desc limit 2"),
            {"id": cast.ben.user_id},
        )
        assert set(names) == {"accounts.RefreshTokenReused", "accounts.SessionRevoked"}

    async def test_the_grace_ends_when_the_successor_is_used(self, script, signed_in, cast):
        first = await signed_in(cast.ben)
        second = (await refreshed(script, first["refresh_token"])).json()
        await refreshed(script, second["refresh_token"])
        assert problem(await refreshed(script, first["refresh_token"])) == (401, "grant-ended")

    @pytest.mark.parametrize("ending", ["expires_at = now()", "last_seen_at = now() - interval '31 days'"])
    async def test_it_ends_with_its_session(self, script, signed_in, cast, admin, ending):
        tokens = await signed_in(cast.ben)
        admin.execute(
            text(f"update dfworx.sessions set {ending} where user_id = :id and kind = 'api'"), {"id": cast.ben.user_id}
        )
        assert problem(await refreshed(script, tokens["refresh_token"])) == (401, "grant-ended")

    async def test_only_hashes_are_kept(self, signed_in, made, cast, admin):
        tokens, personal = await signed_in(cast.ben), await made(cast.ben)
        kept = str(admin.execute(text("select * from dfworx.refresh_tokens")).all())
        kept += str(admin.execute(text("select * from dfworx.personal_tokens")).all())
        kept += str(admin.execute(text("select * from dfworx.audit_events")).all())
        kept += str(admin.execute(text("select * from dfworx.outbox")).all())
        for secret in (tokens["refresh_token"], tokens["access_token"], personal):
            assert secret not in kept


class TestSigningOut:
    """Revocation (RFC 7009)."""

    @pytest.mark.parametrize("kind", ["refresh_token", "access_token"])
    async def test_either_token_ends_the_session(self, script, signed_in, cast, kind):
        tokens = await signed_in(cast.ben)
        answer = await script().post("/auth/token/revocation", data={"token": tokens[kind]})
        assert answer.status_code == 204
        assert (await script(tokens["access_token"]).get("/account")).status_code == 401
        assert problem(await refreshed(script, tokens["refresh_token"])) == (401, "grant-ended")


class TestWhatIsBelieved:
    """The corpus of bearer tokens that are nobody's."""

    @pytest.mark.parametrize(
        "flaw",
        [
            "none",
            "other key",
            "cookie",
            "expired",
            "other aud",
            "no aud",
            "no typ",
            "HS512",
            "unknown pat",
            "refresh",
            "",
        ],
    )
    async def test_a_flawed_one_is_nobody(self, script, signed_in, cast, flaw):
        secret = session_secret(settings())
        claims = {
            "sub": str(cast.ben.user_id), "sid": str(cast.ben.session_id), "aud": identity.AUDIENCE,
            "exp": clock.now() + timedelta(minutes=5),
        }  # fmt: skip
        typed = {"typ": identity.KIND}

        def signed(changed=None, key=secret, algorithm="HS256", headers=typed):
            return jwt.encode({**claims, **(changed or {})}, key, algorithm=algorithm, headers=headers)

        assert (await script(signed()).get("/account")).status_code == 200
        bare = {name: value for name, value in claims.items() if name != "aud"}
        token = {
            "none": lambda: signed(key=None, algorithm="none"),
            "other key": lambda: signed(key="x" * 40),
            "cookie": lambda: identity.token(cast.ben),
            "expired": lambda: signed({"exp": clock.now() - timedelta(seconds=1)}),
            "other aud": lambda: signed({"aud": "somebody-else"}),
            "no aud": lambda: jwt.encode(bare, secret, algorithm="HS256", headers=typed),
            "no typ": lambda: signed(headers=None),
            "HS512": lambda: signed(key=secret * 2, algorithm="HS512"),
            "unknown pat": lambda: f"{identity.PERSONAL}{'x' * 43}",
            "refresh": lambda: "dfx_rt_" + "x" * 43,
            "": lambda: "",
        }[flaw]()
        client = script()
        client.headers["authorization"] = f"Bearer {token}"
        assert problem(await client.get("/account")) == (401, "unauthenticated")

    async def test_an_access_token_is_no_cookie(self, asking, signed_in, cast):
        client = asking()
        client.cookies.set(identity.cookie_name(), (await signed_in(cast.ben))["access_token"])
        assert (await client.get("/account")).status_code == 401

    async def test_with_a_bearer_the_cookie_does_not_count(self, asking, signed_in, cast):
        client = asking(cast.ada)
        client.headers["authorization"] = f"Bearer {(await signed_in(cast.ben))['access_token']}"
        assert (await client.get("/account")).json()["email"] == cast.ben.email
        client.headers["authorization"] = "Bearer nonsense"
        assert (await client.get("/account")).status_code == 401

    async def test_a_bearer_needs_no_origin_and_a_form_still_does(self, script, signed_in, cast):
        client = script((await signed_in(cast.ben))["access_token"])
        assert (await client.patch("/account", json={"name": "Ben Okafor"})).status_code == 200
        form = {"email": cast.ben.email, "password": SECRET}
        answer = await client.post(f"{settings().origin}/auth/sign-in", data=form)
        assert problem(answer) == (403, "foreign-origin")


class TestPersonalTokens:
    """What a person makes for scripts."""

    async def test_it_works_until_it_is_revoked(self, asking, script, made, cast):
        secret = await made(cast.ben)
        assert secret.startswith("dfx_pat_")
        assert (await script(secret).get("/account")).status_code == 200
        ben = asking(cast.ben)
        (token,) = (await ben.get("/account/tokens")).json()
        assert (token["name"], token["scope"], token["organization"]) == ("deploy", "read", None)
        assert token["last_used_at"] is not None
        assert (await ben.delete(f"/account/tokens/{token['id']}")).status_code == 204
        assert (await script(secret).get("/account")).status_code == 401
        assert (await ben.get("/account/tokens")).json() == []

    async def test_it_ends_by_time(self, script, made, cast, admin):
        secret = await made(cast.ben, days=1)
        admin.execute(
            text("update dfworx.personal_tokens set expires_at = now() where user_id = :id"), {"id": cast.ben.user_id}
        )
        assert (await script(secret).get("/account")).status_code == 401

    async def test_a_reading_one_changes_nothing(self, script, made, cast):
        client, here = script(await made(cast.ben)), f"/organizations/{cast.slug}"
        assert (await client.get(f"{here}/threads/{cast.retries}/messages")).status_code == 200
        answer = await client.post(f"{here}/threads/{cast.retries}/messages", json={"source": "hello"})
        assert problem(answer) == (403, "insufficient-scope")

    async def test_a_writing_one_writes(self, script, made, cast):
        client = script(await made(cast.ben, scope="write"))
        path = f"/organizations/{cast.slug}/threads/{cast.retries}/messages"
        assert (await client.post(path, json={"source": "hello"})).status_code == 201

    @pytest.mark.parametrize(("scope", "status"), [("write", 403), ("admin", 200)])
    async def test_an_owner_administers_only_by_one_that_was_made_for_it(self, script, made, cast, scope, status):
        client = script(await made(cast.ada, scope=scope))
        assert (await client.patch(f"/organizations/{cast.slug}", json={"name": "Acme"})).status_code == status

    async def test_no_scope_gives_more_than_the_role(self, script, made, cast):
        client = script(await made(cast.ben, scope="admin"))
        assert (await client.patch(f"/organizations/{cast.slug}", json={"name": "Acme"})).status_code == 403

    async def test_one_for_an_organization_is_good_below_its_address_alone(self, asking, script, made, cast):
        answer = await asking(cast.ben).post("/organizations", json={"name": "Initech"})
        other = answer.json()["slug"]
        client = script(await made(cast.ben, organization=cast.slug))
        assert (await client.get(f"/organizations/{cast.slug}")).status_code == 200
        assert (await client.get(f"/organizations/{other}")).status_code == 404
        assert problem(await client.get("/organizations")) == (403, "insufficient-scope")

    async def test_none_is_made_for_an_organization_of_others(self, asking, cast):
        new = {"name": "deploy", "organization": cast.slug}
        assert problem(await asking(cast.eve).post("/account/tokens", json=new)) == (422, "unknown-organization")

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "/account/tokens", None), ("POST", "/account/tokens", {"name": "another"}),
            ("DELETE", "/account/tokens/00000000-0000-0000-0000-000000000000", None),
            ("PUT", "/account/password", {"current_password": SECRET, "new_password": "plover harvest 92 quiet"}),
            ("GET", "/auth/sessions", None), ("DELETE", "/auth/sessions", None),
            ("PATCH", "/account", {"name": "Somebody Else"}),
        ],
    )  # fmt: skip
    async def test_passwords_sessions_and_tokens_are_not_for_tokens(self, script, made, cast, method, path, body):
        client = script(await made(cast.ben, scope="admin"))
        assert problem(await client.request(method, path, json=body)) == (403, "session-needed")

    async def test_somebody_elses_does_not_exist(self, asking, made, cast):
        await made(cast.ben)
        (token,) = (await asking(cast.ben).get("/account/tokens")).json()
        assert (await asking(cast.cy).delete(f"/account/tokens/{token['id']}")).status_code == 404

    async def test_who_leaves_takes_no_token_along(self, asking, script, made, cast):
        secret = await made(cast.ben)
        assert (await asking(cast.ben).delete(f"/organizations/{cast.slug}/members/me")).status_code == 204
        assert (await script(secret).get(f"/organizations/{cast.slug}")).status_code == 404

    async def test_a_flood_of_made_up_ones_is_counted_for_its_address(self, script, configured):
        configured(RATE_READ="3/minute")
        answers = [await script(f"dfx_pat_{n}").get("/account") for n in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
