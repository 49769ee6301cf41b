"""The register, narrowed: by everything that can be asked for, alone and together."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.channels import service as channels
from dfworx.core import clock
from dfworx.core.errors import NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_export as export
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_tags as tagging
from dfworx.decisions.validators import (
    COUNTED,
    PARTS,
    Change,
    Closing,
    Narrowing,
    NewDecision,
    Proposal,
    Sought,
    Stand,
)
from dfworx.tags import service as tags
from dfworx.tags.validators import NewTag

pytestmark = pytest.mark.anyio

EMPTIED = text("update dfworx.decisions set channels = '[]' where organization_id = :acme")


@pytest.fixture
async def billing(acting_as, cast) -> str:
    """A tag."""
    async with acting_as(cast.max) as tx:
        return str((await tags.create(tx, NewTag(name="Billing"))).id)


@pytest.fixture
async def register(acting_as, cast, deciding, billing) -> None:
    """One that is gone, one that rests on it and is due, a proposal that asks Cy, drafts of Cy's and in #hiring."""
    gone = await deciding("Gone")
    due = await deciding("Due", more=f"DEC-{gone}", paths=["src/queue/*.py"], review_on=clock.now().date())
    async with acting_as(cast.ben) as tx:
        await protocol.deprecate(tx, (await showing.numbered(tx, gone)).id, Closing(reason="No more."))
        await tagging.tag(tx, (await showing.numbered(tx, due)).id, billing)
        new = NewDecision(title="Asking", outcome="Yes.", channel_id=cast.general, paths=["src/"])
        asking = await decisions.draft(tx, new)
        await protocol.propose(tx, asking.id, Proposal(asked=[cast.cy.membership_id]))
        await decisions.draft(tx, NewDecision(title="Hiring", channel_id=cast.hiring))
    async with acting_as(cast.cy) as tx:
        await decisions.draft(tx, NewDecision(title="Drafted", channel_id=cast.general))


async def test_what_fits_all_that_is_asked(asking, cast, register, billing):
    today = clock.now().date()
    yesterday, cy = str(today - timedelta(days=1)), str(cast.cy.membership_id)
    found: list[tuple[dict[str, Any], str]] = [
        ({}, "Asking Drafted Due Gone"),
        ({"status": ["draft", "accepted"]}, "Drafted Due"),
        ({"tag": billing}, "Due"),
        ({"path": "src/queue/a.py"}, "Asking Due"),
        ({"path": ["docs/a.md", "src/queue/a.js"]}, "Asking"),
        ({"path": "src/queue/a.py", "status": "accepted", "title": "du"}, "Due"),
        ({"title": "DEC-2"}, "Due"),
        ({"title": "02 du"}, "Due"),
        ({"title": "dec-2 gone"}, ""),
        ({"channel": str(cast.general)}, "Asking Drafted Due Gone"),
        ({"channel": str(cast.hiring)}, ""),
        ({"person": cy}, "Asking Drafted"),
        ({"person": cy, "waiting": True}, "Asking"),
        ({"stale": True}, "Due"),
        ({"due": True, "tag": billing}, "Due"),
        ({"since": str(today)}, "Asking Drafted Due Gone"),
        ({"until": yesterday}, ""),
        ({"since": yesterday, "until": str(today), "person": str(cast.ben.membership_id)}, "Asking Due Gone"),
    ]
    client = asking(cast.cy)
    for asked, titles in found:
        answer = await client.get(f"/organizations/{cast.slug}/decisions", params=asked)
        assert sorted(row["title"] for row in answer.json()["items"]) == titles.split(), asked
    for wrong in ({"status": "maybe"}, {"person": "cy"}, {"until": "9999-12-31"}, {"tag": [billing] * 21}):
        assert (await client.get(f"/organizations/{cast.slug}/decisions", params=wrong)).status_code == 422, wrong


async def test_the_timeline_is_narrowed_to_the_same(asking, cast, register, billing):
    """What has no number is in no picture; neither is what does not fit."""
    client, path = asking(cast.cy), f"/organizations/{cast.slug}/decisions/timeline"
    found: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["3 Asking", "2 Due", "1 Gone"]),
        ({"title": "du"}, ["2 Due"]),
        ({"tag": billing, "path": "src/queue/a.py"}, ["2 Due"]),
        ({"path": "docs/a.md"}, []),
        ({"status": ["deprecated", "proposed"]}, ["3 Asking", "1 Gone"]),
        ({"title": "drafted"}, []),
    ]
    for asked, names in found:
        picture = (await client.get(path, params=asked)).text
        assert re.findall(r'class="node-name">DEC-([^<]+)<', picture) == names, asked
    assert (await client.get(path, params={"person": "cy"})).status_code == 422


class TestCounts:
    """How many decisions each part has."""

    @pytest.mark.parametrize(
        ("nick", "counted"),
        [
            ("ben", {"waiting": 0, "open": 1, "in_force": 1, "due": 1, "stale": 1, "drafts": 2, "all": 5}),
            ("cy", {"waiting": 1, "open": 1, "in_force": 1, "due": 1, "stale": 1, "drafts": 1, "all": 4}),
            ("gus", {"waiting": 0, "open": 0, "in_force": 0, "due": 0, "stale": 0, "drafts": 0, "all": 0}),
        ],
    )
    async def test_it_is_what_the_reader_may_see(self, asking, cast, register, nick, counted):
        """Ben sees a draft in #hiring, too; Cy is asked; Gus is in no channel."""
        answer = await asking(cast.people[nick]).get(f"/organizations/{cast.slug}/decisions/counts")
        assert answer.json() == counted

    @pytest.mark.parametrize("nick", ["ada", "ben", "cy"])
    async def test_each_is_as_long_as_the_list_that_it_leads_to(self, acting_as, cast, register, billing, nick):
        narrowed: list[dict[str, Any]] = [
            {},
            {"title": "d"},
            {"tag": [billing]},
            {"path": ["src/queue/a.py"]},
            {"path": ["nowhere"]},
            {"channel": cast.hiring},
            {"person": cast.ben.membership_id, "title": "ing"},
            {"until": clock.now().date() - timedelta(days=1)},
        ]
        async with acting_as(cast.people[nick]) as tx:
            for said in narrowed:
                counts = await showing.counts(tx, Narrowing.model_validate(said))
                lists = {
                    name: await showing.page(tx, Sought.model_validate({**said, **PARTS[part]}))
                    for part, name in COUNTED.items()
                }
                assert counts.model_dump() == {name: len(page.items) for name, page in lists.items()}, said

    async def test_a_guest_counts_what_is_in_their_channels(self, acting_as, asking, cast, register):
        async with acting_as(cast.ada) as tx:
            await channels.add_member(tx, cast.hiring, cast.gus.membership_id)
        answer = await asking(cast.gus).get(f"/organizations/{cast.slug}/decisions/counts")
        said = answer.json()
        assert (said["all"], said["drafts"], said["open"]) == (1, 1, 0)

    async def test_an_answer_and_a_step_change_them(self, acting_as, cast, register):
        async with acting_as(cast.cy) as tx:
            asking = (await showing.waiting_for_me(tx))[0]
            await protocol.stand(tx, asking.id, Stand(stand="abstain"))
            assert (await showing.counts(tx)).waiting == 0
            assert (await showing.counts(tx)).open == 1
        async with acting_as(cast.ben) as tx:
            await protocol.withdraw(tx, asking.id, Closing(reason="Not now."))
            counts = await showing.counts(tx)
        assert (counts.open, counts.all) == (0, 5)

    async def test_what_it_is_narrowed_to_is_as_in_the_register(self, asking, cast, register):
        client, path = asking(cast.cy), f"/organizations/{cast.slug}/decisions/counts"
        answer = await client.get(path, params={"person": str(cast.cy.membership_id), "status": "draft"})
        assert (answer.json()["drafts"], answer.json()["open"], answer.json()["all"]) == (1, 0, 1)
        assert (await client.get(path, params={"person": "cy"})).status_code == 422


async def test_what_one_holds_by_a_concern_does_not_wait_for_one(asking, cast, register):
    """Over REST: in the register, in the inbox, on the record; until the concern is withdrawn."""
    home, client = f"/organizations/{cast.slug}", asking(cast.cy)

    async def waiting() -> list[int]:
        register = (await client.get(f"{home}/decisions", params={"waiting": True})).json()["items"]
        inbox = (await client.get(f"{home}/inbox")).json()
        return [len(register), len((await client.get(f"{home}/decisions/waiting")).json()), inbox["count"]]

    assert await waiting() == [1, 1, 1]
    (row,) = (await client.get(f"{home}/decisions", params={"title": "Asking"})).json()["items"]
    record = (await client.post(f"{home}/decisions/{row['id']}/concerns", json={"title": "Who pays?"})).json()
    assert [(each["stand"], each["has_concern"]) for each in record["asked"]] == [("", True)]
    assert await waiting() == [0, 0, 0]
    (row,) = (await client.get(f"{home}/decisions", params={"title": "Asking"})).json()["items"]
    assert (row["is_asked"], row["has_answered"], row["answered"]) == (True, True, 0)
    concern = record["concerns"][0]["id"]
    await client.put(f"{home}/concerns/{concern}/withdrawal", json={"reason": "We do."})
    assert await waiting() == [1, 1, 1]


class TestScope:
    """The channels that a decision governs."""

    async def test_those_that_one_does_not_see_are_not_shown_and_stay(self, acting_as, asking, cast):
        both = [str(cast.general), str(cast.hiring)]
        async with acting_as(cast.ben) as tx:
            made = await decisions.draft(tx, NewDecision(title="Scope", channel_id=cast.general, channels=both))
            assert [each.name for each in (await showing.get(tx, made.id)).governs] == ["general", "hiring"]
        async with acting_as(cast.cy) as tx:
            assert [each.name for each in (await showing.get(tx, made.id)).governs] == ["general"]
            await decisions.revise(tx, made.id, Change(title="Scope", version=1))
            assert (await showing.get(tx, made.id)).governs == []
        for nick, found in (("ben", 1), ("cy", 0)):
            query = {"channel": both[1], "title": "scope"}
            answer = await asking(cast.people[nick]).get(f"/organizations/{cast.slug}/decisions", params=query)
            assert len(answer.json()["items"]) == found
        async with acting_as(cast.ben) as tx:
            assert [each.name for each in (await showing.get(tx, made.id)).governs] == ["hiring"]
            await decisions.restore(tx, made.id, 1, instead_of=2)
            assert [each.name for each in (await showing.get(tx, made.id)).governs] == ["general", "hiring"]

    async def test_one_names_only_what_one_sees(self, acting_as, cast):
        new = NewDecision(title="Scope", channel_id=cast.general, channels=[str(cast.hiring)])
        with pytest.raises(NotFound):
            async with acting_as(cast.cy) as tx:
                await decisions.draft(tx, new)

    async def test_it_stands_in_the_ledger_and_in_the_files(self, acting_as, cast, deciding):
        """An entry that was written before there were any says nothing of them, and holds."""
        await deciding("Everywhere")
        await deciding("Here", channels=[str(cast.general)])
        async with acting_as(cast.ada) as tx:
            _, here = await export.files(tx)
            assert 'channels: ["general"]' in here[1].splitlines()
            shown = await ledger.verify(tx)
        assert (shown.entries, shown.altered, shown.reason) == (2, None, "")

    async def test_what_was_decided_keeps_it(self, acting_as, cast, deciding, admin):
        await deciding("Here", channels=[str(cast.general)])
        with pytest.raises(DBAPIError, match="the text of a closed decision stays"):
            admin.execute(
                text("update dfworx.decisions set channels = '[]' where organization_id = :a"), {"a": cast.acme}
            )
