"""What one changes about oneself."""

import pytest
from sqlalchemy import text

from tests.people import SECRET

pytestmark = pytest.mark.anyio

OTHER = "marsh lantern 9 violet"
CHANGE = {"current_password": SECRET, "new_password": OTHER}


class TestGet:
    """GET /account."""

    async def test_it_is_ones_own(self, asking, cast):
        account = (await asking(cast.ben).get("/account")).json()
        assert (account["id"], account["email"]) == (str(cast.ben.user_id), cast.ben.email)
        assert set(account) == {
            "id",
            "email",
            "name",
            "created_at",
            "email_verified_at",
            "shows_presence",
            "gets_digest",
        }

    async def test_nobody_has_one(self, asking):
        assert (await asking().get("/account")).status_code == 401


class TestRename:
    """PATCH /account."""

    async def test_the_name_follows_into_every_organization(self, asking, cast):
        ben = asking(cast.ben)
        own = (await ben.post("/organizations", json={"name": "Ben's own"})).json()["slug"]
        assert (await ben.patch("/account", json={"name": " Benjamin  Okafor "})).json()["name"] == "Benjamin Okafor"
        for slug in (cast.slug, own):
            names = {member["name"] for member in (await ben.get(f"/organizations/{slug}/members")).json()["items"]}
            assert "Benjamin Okafor" in names
            assert "Ben Okafor" not in names

    async def test_nobody_elses_name_changes(self, asking, cast):
        await asking(cast.ben).patch("/account", json={"name": "Eve Stranger"})
        assert (await asking(cast.cy).get("/account")).json()["name"] == "Cy Lindqvist"

    async def test_the_same_name_is_no_event(self, asking, cast, admin):
        await asking(cast.ben).patch("/account", json={"name": cast.ben.name})
        statement = text("select count(*) from dfworx.audit_events where user_id = :id")
        assert admin.execute(statement, {"id": cast.ben.user_id}).scalar() == 0

    @pytest.mark.parametrize(
        "change", [{"name": ""}, {"name": "x" * 81}, {}, {"name": "B", "email": "x@y.example"}], ids=str
    )
    async def test_what_does_not_fit_is_refused(self, asking, cast, change):
        assert (await asking(cast.ben).patch("/account", json=change)).status_code == 422

    async def test_nobody_cannot(self, asking):
        assert (await asking().patch("/account", json={"name": "X"})).status_code == 401


class TestChangePassword:
    """PUT /account/password."""

    async def test_the_new_one_works_and_the_old_one_does_not(self, asking, cast, has_password):
        assert (await asking(has_password(cast.ben)).put("/account/password", json=CHANGE)).status_code == 204
        form = {"email": cast.ben.email, "password": OTHER}
        assert (await asking().post("/auth/sessions", json=form)).status_code == 201
        assert (await asking().post("/auth/sessions", json=form | {"password": SECRET})).status_code == 401

    async def test_every_other_session_ends(self, asking, cast, has_password):
        has_password(cast.ben)
        browser = asking()
        await browser.post("/auth/sessions", json={"email": cast.ben.email, "password": SECRET})
        assert (await browser.put("/account/password", json=CHANGE)).status_code == 204
        assert (await browser.get("/account")).status_code == 200
        assert (await asking(cast.ben).get("/account")).status_code == 401

    async def test_it_needs_the_current_one(self, asking, cast, has_password):
        ben = asking(has_password(cast.ben))
        answer = await ben.put("/account/password", json=CHANGE | {"current_password": "guess"})
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["current_password"])
        assert (await asking(cast.cy).put("/account/password", json=CHANGE)).status_code == 422

    async def test_guessing_the_current_one_is_limited(self, asking, cast, has_password, configured):
        configured(RATE_SIGN_IN_ACCOUNT="2/minute")
        ben = asking(has_password(cast.ben))
        wrong = CHANGE | {"current_password": "guess"}
        assert [(await ben.put("/account/password", json=wrong)).status_code for _ in range(3)] == [422, 422, 429]

    async def test_the_new_one_is_judged_like_any(self, asking, cast, has_password):
        ben = asking(has_password(cast.ben))
        for weak in ("password1234", "Ben Okafor 2026", "short"):
            answer = await ben.put("/account/password", json=CHANGE | {"new_password": weak})
            assert (answer.status_code, list(answer.json()["errors"])) == (422, ["new_password"])

    async def test_nobody_cannot(self, asking):
        assert (await asking().put("/account/password", json=CHANGE)).status_code == 401

    async def test_no_secret_reaches_the_outbox_or_the_audit(self, asking, cast, has_password, admin):
        await asking(has_password(cast.ben)).put("/account/password", json=CHANGE)
        for table, column in (("outbox", "payload"), ("audit_events", "details")):
            kept = str(admin.execute(text(f"select json_agg({column}) from dfworx.{table}")).scalar())
            assert OTHER not in kept
            assert SECRET not in kept
            assert "argon2" not in kept
