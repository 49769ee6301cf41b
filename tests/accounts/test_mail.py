"""Mail about accounts, through a real SMTP server: what is sent, what its links do, and what they do not."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from dfworx.accounts import jobs
from dfworx.accounts import service as accounts
from dfworx.accounts.events import AccountRegistered, PasswordResetAsked, SessionStarted, VerificationAsked
from dfworx.accounts.views import AccountView
from dfworx.core import clock
from tests.people import SECRET

pytestmark = pytest.mark.anyio

OTHER = "walrus velvet 31 moon"


class TestReset:
    """Another password by a mailed link."""

    async def test_it_works(self, asking, cast, has_password, postbox):
        has_password(cast.ben)
        assert (await asking().post("/auth/password-resets", json={"email": cast.ben.email})).status_code == 202
        await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()))
        assert postbox.mails[-1]["To"].addresses[0].addr_spec == cast.ben.email
        assert postbox.mails[-1]["From"].addresses[0].addr_spec == "talk@acme.example"
        token = postbox.link("reset-password")
        answer = await asking().put("/auth/password-resets", json={"token": token, "new_password": OTHER})
        assert answer.status_code == 204
        assert (await asking(cast.ben).get("/account")).status_code == 401, "every session has ended"
        signed_in = await asking().post("/auth/sessions", json={"email": cast.ben.email, "password": OTHER})
        assert signed_in.status_code == 201

    async def test_a_link_works_once(self, asking, cast, has_password, postbox):
        has_password(cast.ben)
        await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()))
        body = {"token": postbox.link("reset-password"), "new_password": OTHER}
        answers = [await asking().put("/auth/password-resets", json=body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 422]
        assert answers[1].json()["type"].endswith("link-ended")

    async def test_an_old_link_does_not_work(self, asking, cast, has_password, postbox):
        has_password(cast.ben)
        asked = clock.now() - accounts.RESET_FOR - timedelta(seconds=1)
        await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=asked))
        body = {"token": postbox.link("reset-password"), "new_password": OTHER}
        assert (await asking().put("/auth/password-resets", json=body)).status_code == 422

    async def test_nothing_tells_whether_there_is_such_a_person(self, asking, cast, admin, has_password):
        has_password(cast.ben)
        answers = [
            await asking().post("/auth/password-resets", json={"email": email})
            for email in (cast.ben.email, "nobody-here@example.org")
        ]
        assert [(answer.status_code, answer.content) for answer in answers] == [(202, answers[0].content)] * 2
        asked = text("select count(*) from dfworx.outbox where name = 'accounts.PasswordResetAsked'")
        assert admin.execute(asked).scalar() >= 1

    async def test_a_weak_password_is_refused_and_the_link_still_works(self, asking, cast, has_password, postbox):
        has_password(cast.ben)
        await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()))
        token = postbox.link("reset-password")
        for password, status in (("password1234", 422), (OTHER, 204)):
            body = {"token": token, "new_password": password}
            assert (await asking().put("/auth/password-resets", json=body)).status_code == status

    async def test_nothing_but_a_hash_is_kept(self, cast, admin, postbox):
        await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()))
        token = postbox.link("reset-password")
        everything = text("select string_agg(row_to_json(l)::text, '') from dfworx.mailed_links l")
        assert token not in admin.execute(everything).scalar_one()


class TestResetLink:
    """A link that an administrator hands over."""

    @pytest.mark.parametrize(
        ("by", "whom", "status"),
        [
            ("ada", "ben", 201), ("dia", "ben", 201), ("dia", "ada", 403), ("ada", "ada", 403), ("max", "ben", 403),
            ("ben", "cy", 403), ("eve", "ben", 404),
        ],
    )  # fmt: skip
    async def test_who_may(self, asking, cast, by, whom, status):
        path = f"/organizations/{cast.slug}/members/{getattr(cast, whom).membership_id}/reset-link"
        assert (await asking(getattr(cast, by)).post(path)).status_code == status

    async def test_it_works_without_mail(self, asking, cast, has_password):
        has_password(cast.ben)
        path = f"/organizations/{cast.slug}/members/{cast.ben.membership_id}/reset-link"
        link = (await asking(cast.ada).post(path)).json()["link"]
        body = {"token": link.rpartition("/")[2], "new_password": OTHER}
        assert (await asking().put("/auth/password-resets", json=body)).status_code == 204


class TestVerification:
    """Whose an address is."""

    async def test_it_works_once(self, asking, cast, postbox):
        await jobs.mail_verification(VerificationAsked(user_id=cast.ben.user_id, at=clock.now()))
        token = postbox.link("verify")
        assert (await asking(cast.ben).get("/account")).json()["email_verified_at"] is None
        answers = [await asking().post("/auth/verifications", json={"token": token}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [204, 422]
        assert (await asking(cast.ben).get("/account")).json()["email_verified_at"]
        await jobs.mail_verification(VerificationAsked(user_id=cast.ben.user_id, at=clock.now()))
        assert len(postbox.mails) == 1, "who is verified is asked no more"

    async def test_a_link_of_one_kind_is_none_of_the_other(self, asking, cast, postbox):
        await jobs.mail_verification(VerificationAsked(user_id=cast.ben.user_id, at=clock.now()))
        body = {"token": postbox.link("verify"), "new_password": OTHER}
        assert (await asking().put("/auth/password-resets", json=body)).status_code == 422

    async def test_a_new_person_is_asked(self, cast, postbox):
        account = AccountView(id=cast.ben.user_id, email=cast.ben.email, name="Ben", created_at=clock.now())
        await jobs.mail_welcome(AccountRegistered(user_id=cast.ben.user_id, account=account))
        assert postbox.link("verify")


class TestNewDevice:
    """A sign-in with something that one had not used before."""

    async def test_it_is_told(self, asking, cast, has_password, postbox, admin):
        has_password(cast.ben)
        headers = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
        for _ in range(2):
            body = {"email": cast.ben.email, "password": SECRET}
            assert (await asking().post("/auth/sessions", json=body, headers=headers)).status_code == 201
            found = text(
                """select payload from dfworx.outbox where name = 'accounts.SessionStarted'
                   and payload->>'user_id' = :user order by id desc limit 1"""
            )
            payload = admin.execute(found, {"user": str(cast.ben.user_id)}).scalar_one()
            await jobs.mail_new_device(SessionStarted.model_validate(payload))
        assert [mail["Subject"] for mail in postbox.mails] == ["You signed in with a new device"]
        assert "Firefox on Linux" in postbox.mails[0].get_body(("plain",)).get_content()


async def test_without_smtp_it_is_said_in_the_log(cast, caplog, configured):
    configured(SMTP_URL="")
    await jobs.mail_reset(PasswordResetAsked(user_id=cast.ben.user_id, at=clock.now()))
    assert "not mailed, because DFWORX_SMTP_URL is empty: accounts/mails/reset" in caplog.text
    assert "Another password" not in caplog.text
