"""Claims: imported authors become members of here, by an administrator's word, and back."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.core import ids

pytestmark = pytest.mark.anyio


@pytest.fixture
def author(admin, cast):
    """An imported author with a message in #general."""
    id_, message = ids.new_id(), ids.new_id()
    known = {"id": id_, "o": cast.acme, "t": cast.lobby, "message": message}
    admin.execute(
        text(
            "insert into dfworx.memberships (id, created_at, organization_id, name, role, origin)"
            " values (:id, now(), :o, 'Zoe Archive', 'guest', 'zulip:Zoe Archive')"
        ),
        known,
    )
    admin.execute(text("update dfworx.threads set last_seq = last_seq + 1, version = version + 1 where id = :t"), known)
    admin.execute(
        text(
            """insert into dfworx.messages (id, created_at, organization_id, thread_id, author_id,
                 seq, version, revision, client_key, source, html)
               select :message, now(), :o, :t, :id,
                 last_seq, version, 1, gen_random_uuid(), 'old words', '<p>old words</p>'
               from dfworx.threads where id = :t"""
        ),
        known,
    )
    return Author(f"/organizations/{cast.slug}", id_, message)


class Author:
    """Where one asks about the imported author."""

    def __init__(self, home, id_, message):
        self.id, self.claim, self.decision = id_, f"{home}/members/{id_}/claim", f"{home}/members/{id_}/claimant"
        self.message, self.list = f"{home}/messages/{message}", f"{home}/authors"


def of(member):
    """The body that names a member."""
    return {"membership_id": str(member.membership_id)}


async def test_it_works(asking, cast, author):
    asked = (await asking(cast.ben).put(author.claim)).json()
    assert (asked["claimant_id"], asked["claimed_by"]) == (str(cast.ben.membership_id), None)
    assert (await asking(cast.cy).get(author.message)).json()["author"] == "Zoe Archive"
    decided = (await asking(cast.ada).put(author.decision, json=of(cast.ben))).json()
    assert (decided["claimant_id"], decided["claimed_by"]) == (None, str(cast.ben.membership_id))
    shown = (await asking(cast.cy).get(author.message)).json()
    assert (shown["author"], shown["author_id"]) == ("Ben Okafor", str(cast.ben.membership_id))


@pytest.mark.parametrize(("caller", "status"), [(None, 401), ("eve", 404), ("gus", 403), ("ben", 200), ("ada", 200)])
async def test_who_may_claim(asking, cast, author, caller, status):
    assert (await asking(caller and getattr(cast, caller)).put(author.claim)).status_code == status


@pytest.mark.parametrize(
    ("caller", "status"), [(None, 401), ("eve", 404), ("gus", 403), ("ben", 403), ("max", 403), ("dia", 200)]
)
async def test_who_may_decide(asking, cast, author, caller, status):
    answer = await asking(caller and getattr(cast, caller)).put(author.decision, json=of(cast.ben))
    assert answer.status_code == status


async def test_an_administrator_claims_at_once(asking, cast, author):
    assert (await asking(cast.dia).put(author.claim)).json()["claimed_by"] == str(cast.dia.membership_id)


async def test_the_second_who_claims_is_refused_until_the_first_is_declined(asking, cast, author):
    assert (await asking(cast.ben).put(author.claim)).status_code == 200
    assert (await asking(cast.ben).put(author.claim)).status_code == 200
    assert (await asking(cast.cy).put(author.claim)).json()["type"].endswith("already-claimed")
    assert (await asking(cast.cy).delete(author.claim)).status_code == 403
    assert (await asking(cast.ada).delete(author.claim)).status_code == 200
    assert (await asking(cast.cy).put(author.claim)).status_code == 200


async def test_whoever_asked_takes_it_back(asking, cast, author):
    await asking(cast.ben).put(author.claim)
    assert (await asking(cast.ben).delete(author.claim)).json()["claimant_id"] is None


async def test_ones_own_words_are_edited_and_deleted(asking, cast, author):
    assert (await asking(cast.ben).patch(author.message, json={"source": "new"})).status_code == 403
    await asking(cast.ada).put(author.decision, json=of(cast.ben))
    assert (await asking(cast.cy).patch(author.message, json={"source": "new"})).status_code == 403
    assert (await asking(cast.ben).patch(author.message, json={"source": "new"})).json()["author"] == "Ben Okafor"
    assert (await asking(cast.ben).get(f"{author.message}/revisions")).json()[0]["source"] == "old words"
    assert (await asking(cast.ben).delete(author.message)).status_code == 200


async def test_undone_it_is_as_before(asking, cast, author):
    await asking(cast.ada).put(author.decision, json=of(cast.ben))
    assert (await asking(cast.ben).delete(author.claim)).status_code == 403
    assert (await asking(cast.ada).delete(author.claim)).json()["claimed_by"] is None
    assert (await asking(cast.ben).get(author.message)).json()["author"] == "Zoe Archive"
    assert (await asking(cast.ben).patch(author.message, json={"source": "new"})).status_code == 403


async def test_the_name_stays_when_the_member_leaves(asking, cast, author):
    await asking(cast.ada).put(author.decision, json=of(cast.ben))
    await asking(cast.ben).delete(f"/organizations/{cast.slug}/members/me")
    assert (await asking(cast.cy).get(author.message)).json()["author"] == "Ben Okafor"


async def test_whoever_left_after_asking_is_not_approved(asking, cast, author):
    await asking(cast.ben).put(author.claim)
    await asking(cast.ben).delete(f"/organizations/{cast.slug}/members/me")
    assert (await asking(cast.ada).put(author.decision, json=of(cast.ben))).json()["type"].endswith("not-present")


async def test_a_member_cannot_be_claimed_nor_an_author_be_an_author(asking, cast, author):
    home = f"/organizations/{cast.slug}/members/{cast.cy.membership_id}"
    assert (await asking(cast.ben).put(f"{home}/claim")).status_code == 409
    assert (await asking(cast.ada).put(f"{home}/claimant", json=of(cast.ben))).status_code == 409
    itself = {"membership_id": str(author.id)}
    assert (await asking(cast.ada).put(author.decision, json=itself)).status_code == 409


async def test_nobody_of_elsewhere_becomes_the_author(asking, cast, author):
    assert (await asking(cast.ada).put(author.decision, json=of(cast.eve))).status_code == 404


async def test_the_database_itself_lets_no_member_decide(acting_as, cast, author):
    async with acting_as(cast.ben) as tx:
        statement = text("update dfworx.memberships set claimed_by = :me where id = :id")
        try:
            changed = (await tx.run(statement, {"me": cast.ben.membership_id, "id": author.id})).rowcount
        except DBAPIError:
            changed = 0
    assert changed == 0


async def test_it_stands_in_the_audit_and_in_the_list(asking, cast, author):
    await asking(cast.ben).put(author.claim)
    (listed,) = (await asking(cast.cy).get(author.list)).json()["items"]
    assert listed["claimant_id"] == str(cast.ben.membership_id)
    await asking(cast.ada).put(author.decision, json=of(cast.ben))
    await asking(cast.ada).delete(author.claim)
    told = [
        each["name"].rpartition(".")[2]
        for each in (await asking(cast.ada).get(f"/organizations/{cast.slug}/audit")).json()["items"]
    ]
    assert told[:3] == ["ClaimEnded", "AuthorClaimed", "AuthorAskedFor"]


async def test_the_guide_of_the_demo_thread_was_nobody(asking, cast, admin):
    guide = ids.new_id()
    added = text(
        "insert into dfworx.memberships (id, created_at, organization_id, name, role, origin)"
        " values (:id, now(), :o, 'DFWorX', 'guest', 'demo')"
    )
    admin.execute(added, {"id": guide, "o": cast.acme})
    asked = Author(f"/organizations/{cast.slug}", guide, guide)
    assert (await asking(cast.ben).get(asked.list)).json()["items"] == []
    for answer in (
        await asking(cast.ben).put(asked.claim),
        await asking(cast.ada).put(asked.decision, json=of(cast.ben)),
    ):
        assert (answer.status_code, answer.json()["title"]) == (409, "This is no imported author.")
