"""Many at once: numbers without gaps, one acceptance, one chain."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import text

from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_bringing as bringing
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.errors import NotThisStep
from dfworx.decisions.validators import Brought, Closing, Content, NewDecision, Proposal, Rule
from dfworx.infra.database import UNREACHABLE

MANY = 200
AT_ONCE = 10


@pytest.mark.timeout(180)
async def test_two_hundred_proposals_at_once_get_numbers_without_gaps(acting_as, cast, admin):
    """Also when some of them fail: a number that was not used is given to the next."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def propose(n: int) -> None:
        async with acting_as(cast.ben) as tx:
            new = NewDecision(title=f"Number {n}", outcome="Yes.", channel_id=cast.general)
            draft = await decisions.draft(tx, new)
            await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))
            if n % 10 == 0:
                raise Undone

    async def insist(n: int) -> None:
        """As a client does that is told to try again: on a busy machine one can wait too long for the number."""
        async with turn:
            while True:
                with suppress(*UNREACHABLE):
                    await propose(n)
                    return

    done = await asyncio.gather(*map(insist, range(MANY)), return_exceptions=True)
    failed = [each for each in done if each is not None]
    assert {type(each) for each in failed} == {Undone}
    numbers = list(
        admin.scalars(
            text("select number from dfworx.decisions where organization_id = :id order by number"), {"id": cast.acme}
        )
    )
    assert numbers == list(range(1, MANY - len(failed) + 1))


async def test_several_workers_accept_it_once(acting_as, cast):
    """And a rejection that comes at the same moment wins or loses as a whole."""
    async with acting_as(cast.ben) as tx:
        rule = Rule(quorum=0, comment_hours=0)
        made = [
            await protocol.propose(
                tx,
                (await decisions.draft(tx, NewDecision(title=f"N {n}", outcome="Yes.", channel_id=cast.general))).id,
                Proposal(rule=rule),
            )
            for n in range(6)
        ]

    async def reject(decision_id) -> bool:
        try:
            async with acting_as(cast.ben) as tx:
                await protocol.reject(tx, decision_id, Closing(reason="No."))
        except NotThisStep:
            return False
        return True

    closed, *rejected = await asyncio.gather(
        jobs.close_ended(), *(reject(each.id) for each in made[:3]), return_exceptions=False
    )
    again = await asyncio.gather(jobs.close_ended(), jobs.close_ended())
    assert closed + sum(again) + sum(rejected) == len(made)
    async with acting_as(cast.ada) as tx:
        verified = await ledger.verify(tx)
    assert (verified.entries, verified.reason) == (len(made), "")


class Undone(Exception):
    """Undoes a transaction."""


async def test_an_import_gives_way_to_who_proposes_while_it_is_made(acting_as, cast, admin, monkeypatch):
    """The number that was free goes to the proposal; the record gets the next one, and its thread says so."""
    foresee = bringing._foresee

    async def slowly(*what) -> None:
        await foresee(*what)
        async with acting_as(cast.ben) as tx:
            draft = await decisions.draft(tx, NewDecision(title="Mine", outcome="Yes.", channel_id=cast.general))
            await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))

    monkeypatch.setattr(bringing, "_foresee", slowly)
    theirs = [
        Brought(origin="a", number=1, status="superseded", content=Content(title="One"), successor="b"),
        Brought(origin="b", number=2, status="accepted", content=Content(title="Two", more="For DEC-1 and DEC-3.")),
    ]
    async with acting_as(cast.ada) as tx:
        brought = await bringing.bring_in(tx, cast.general, theirs)
        assert [each.number for each in brought] == [3, 2]
        assert (await ledger.verify(tx)).reason == ""
    rows = admin.execute(
        text(
            """select d.number, t.title, d.superseded_by, array(select c.number from dfworx.decision_citations c
                 where c.decision_id = d.id order by 1)
               from dfworx.decisions d join dfworx.threads t on t.id = d.thread_id
               where d.organization_id = :id order by d.number"""
        ),
        {"id": cast.acme},
    )
    assert [tuple(row) for row in rows] == [
        (1, "DEC-1: Mine", None, []),
        (2, "DEC-2: Two", None, [1, 3]),
        (3, "DEC-3: One", brought[1].decision_id, []),
    ]
