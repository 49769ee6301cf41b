"""Notices: who is mailed what, once, and what has passed is not mailed."""

import asyncio
import signal
import sys
from datetime import UTC, timedelta

import aiosmtplib
import pytest
from sqlalchemy import text

from dfworx.accounts import service as accounts
from dfworx.accounts.validators import DigestChange
from dfworx.core import clock
from dfworx.core.actor import Actor
from dfworx.core.errors import Invalid
from dfworx.decisions import jobs, jobs_digest, service_digest, service_notices
from dfworx.decisions import service as decisions
from dfworx.decisions import service_asking as asking
from dfworx.decisions import service_discussing as discussing
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.events import MemberDigested, MemberNotified
from dfworx.decisions.validators import Asked, Change, Closing, NewConcern, NewDecision, NewReply, Proposal, Rule, Stand
from dfworx.infra.database import transaction

# What a worker does with what it is given, in a process of its own.
WORK = """
import asyncio, sys
from dfworx.decisions import jobs, jobs_digest
from dfworx.decisions.events import MemberDigested, MemberNotified
work, event = {
    "MemberNotified": (jobs.mail_notice, MemberNotified),
    "MemberDigested": (jobs_digest.mail_digest, MemberDigested),
}[sys.argv[1]]
asyncio.run(work(event.model_validate_json(sys.stdin.read())))
"""

# Whatever has asked somebody has done so three days earlier.
LATER = text(
    """with a as (update dfworx.decision_askings set created_at = created_at - interval '3 days',
                    reminded_at = reminded_at - interval '3 days' where decision_id = :id),
            c as (update dfworx.concerns set closed_at = closed_at - interval '3 days' where decision_id = :id)
       update dfworx.decision_revisions set created_at = created_at - interval '3 days' where decision_id = :id"""
)


def mailed(postbox) -> list[tuple[str, str]]:
    """What has arrived: (address, subject)."""
    return [(mail["To"].addresses[0].addr_spec, mail["Subject"]) for mail in postbox.mails]


async def hand_over(event: MemberDigested | MemberNotified) -> None:
    """Do its job, and let the connection to the SMTP server be closed in the turn of the loop after it."""
    await (jobs.mail_notice(event) if isinstance(event, MemberNotified) else jobs_digest.mail_digest(event))
    await asyncio.sleep(0.05)


def monday_of(cast, who) -> MemberDigested:
    """It is the day for a member of Acme."""
    return MemberDigested(
        organization_id=cast.acme, user_id=who.user_id, membership_id=who.membership_id, at=clock.now()
    )


async def told(tx) -> list[MemberNotified]:
    """The notices of a transaction."""
    return [event for _, event in tx.events if isinstance(event, MemberNotified)]


def let_pass(admin, decision) -> None:
    """Three days."""
    admin.execute(LATER, {"id": decision.id})


async def die_over(organization_id, decision) -> None:
    """A worker that dies before what it does is stored."""
    async with transaction(Actor.system(organization_id)) as tx:
        await service_notices.remind(tx, decision.id)
        raise ZeroDivisionError


def reminders_in(admin, cast) -> list[MemberNotified]:
    """What nobody has dispatched yet."""
    payloads = admin.scalars(
        text(
            """select payload from dfworx.outbox where name = 'decisions.MemberNotified' and organization_id = :id
               order by id"""
        ),
        {"id": cast.acme},
    )
    return [each for each in map(MemberNotified.model_validate, payloads) if each.kind == "reminder"]


async def proposed(acting_as, cast, *asked, channel=None):
    """A proposal of Ben's that asks them; the notices."""
    async with acting_as(cast.ben) as tx:
        new = NewDecision(title="One database", outcome="Yes.", channel_id=channel or cast.general)
        draft = await decisions.draft(tx, new)
        proposal = Proposal(asked=[each.membership_id for each in asked], rule=Rule(quorum=max(1, len(asked))))
        return await protocol.propose(tx, draft.id, proposal), await told(tx)


async def test_who_is_asked_is_mailed_once_each_and_not_whoever_asks(acting_as, cast, postbox):
    """With a link, and only as long as there is something to answer."""
    decision, notices = await proposed(acting_as, cast, cast.ada, cast.cy, cast.ben)
    assert {each.user_id for each in notices} == {cast.ada.user_id, cast.cy.user_id}
    async with acting_as(cast.ben) as tx:
        await asking.ask_more(tx, decision.id, Asked(asked=[cast.max.membership_id, cast.ada.membership_id]))
        notices += await told(tx)
    async with acting_as(cast.cy) as tx:
        await protocol.stand(tx, decision.id, Stand(stand="agree"))
    for notice in notices:
        await hand_over(notice)
    subject = "Your position is asked for: DEC-1 One database"
    assert mailed(postbox) == [(cast.ada.email, subject), (cast.max.email, subject)]
    assert f"/o/{cast.slug}/d/DEC-1-one-database" in postbox.mails[0].get_body(("plain",)).get_content()


async def test_a_concern_reaches_whoever_decides(acting_as, cast, postbox):
    """And what is said about it whoever raised it, too; until it is closed."""
    decision, _ = await proposed(acting_as, cast, cast.ada)
    async with acting_as(cast.cy) as tx:
        await protocol.raise_concern(tx, decision.id, NewConcern(title="Backups"))
        concern = (await showing.get(tx, decision.id)).concerns[0]
        notices = await told(tx)
    async with acting_as(cast.ben) as tx:
        await discussing.reply(tx, concern.id, NewReply(source="They run nightly."))
        notices += await told(tx)
    for notice in notices:
        await hand_over(notice)
    assert mailed(postbox) == [
        (cast.ben.email, "A concern holds your decision: DEC-1 One database"),
        (cast.cy.email, "A reply about a concern: DEC-1 One database"),
    ]
    async with acting_as(cast.cy) as tx:
        await protocol.withdraw_concern(tx, concern.id, Closing(reason="They do."))
    await hand_over(notices[0])
    assert len(postbox.mails) == 2


async def test_nobody_is_asked_about_what_they_cannot_see(acting_as, cast):
    """A guest in no channel; a colleague who is not in the private one."""
    for who, channel in ((cast.gus, cast.general), (cast.cy, cast.hiring)):
        with pytest.raises(Invalid, match="no member who sees"):
            await proposed(acting_as, cast, who, channel=channel)


@pytest.mark.parametrize("is_digest", [False, True], ids=["notice", "digest"])
async def test_a_worker_that_dies_over_a_mail_has_mailed_it_once(acting_as, cast, postbox, is_digest):
    """It is killed when the server has the mail, before it hears so; whoever takes its job up sends none."""
    _, (notice, *_) = await proposed(acting_as, cast, cast.ada)
    event = monday_of(cast, cast.ada) if is_digest else notice
    arguments = (sys.executable, "-c", WORK, type(event).__name__)
    worker = await asyncio.create_subprocess_exec(*arguments, stdin=asyncio.subprocess.PIPE)

    def kill() -> str:
        worker.send_signal(signal.SIGKILL)
        return "250 kept"

    postbox.answer = kill
    await worker.communicate(event.model_dump_json().encode())
    assert (worker.returncode, len(postbox.mails)) == (-signal.SIGKILL, 1)
    await hand_over(event)
    assert len(postbox.mails) == 1


@pytest.mark.parametrize("is_digest", [False, True], ids=["notice", "digest"])
async def test_a_mail_that_the_server_refuses_is_sent_again_as_the_same_and_then_no_more(
    acting_as, cast, postbox, is_digest
):
    """It has the same Message-ID each time."""
    _, (notice, *_) = await proposed(acting_as, cast, cast.ada)
    event = monday_of(cast, cast.ada) if is_digest else notice
    postbox.answer = lambda: "451 not now"
    with pytest.raises(aiosmtplib.SMTPDataError):
        await hand_over(event)
    postbox.answer = lambda: "250 kept"
    for _ in range(2):
        await hand_over(event)
    refused, kept = postbox.mails
    assert refused["Message-ID"] == kept["Message-ID"] is not None


async def test_who_has_not_answered_is_reminded_once(acting_as, cast, admin, postbox):
    """After two days."""
    decision, _ = await proposed(acting_as, cast, cast.ada, cast.cy)
    async with acting_as(cast.cy) as tx:
        await protocol.stand(tx, decision.id, Stand(stand="agree"))
    assert await jobs.remind_late() == 0
    let_pass(admin, decision)
    assert await jobs.remind_late() == 1
    assert await jobs.remind_late() == 0
    reminders = reminders_in(admin, cast)
    assert [each.user_id for each in reminders] == [cast.ada.user_id]
    await hand_over(reminders[0])
    assert mailed(postbox) == [(cast.ada.email, "Your position is still asked for: DEC-1 One database")]


async def test_who_holds_it_by_a_concern_is_not_asked_by_mail(acting_as, cast, admin, postbox):
    """Neither at once nor later nor on Mondays; closing the concern asks them anew."""
    decision, asked = await proposed(acting_as, cast, cast.cy)
    async with acting_as(cast.cy) as tx:
        await protocol.raise_concern(tx, decision.id, NewConcern(title="Backups"))
        concern = (await showing.get(tx, decision.id)).concerns[0]
    let_pass(admin, decision)
    now = admin.scalar(text("select now()")).astimezone(UTC)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=8)
    digests = text("select count(*) from dfworx.due_digests(:at) d where d.membership_id = :cy")
    cy = {"at": monday, "cy": cast.cy.membership_id}
    assert (await jobs.remind_late(), admin.scalar(digests, cy)) == (0, 0)
    for event in (*asked, monday_of(cast, cast.cy)):
        await hand_over(event)
    assert mailed(postbox) == []
    async with acting_as(cast.cy) as tx:
        await protocol.withdraw_concern(tx, concern.id, Closing(reason="They run."))
    assert (await jobs.remind_late(), admin.scalar(digests, cy)) == (0, 1)


async def test_who_is_asked_anew_is_reminded_anew_once(acting_as, cast, admin, postbox):
    """By a closed concern, and by another text; also when a worker dies in between, or takes up the same job."""
    decision, _ = await proposed(acting_as, cast, cast.cy)
    let_pass(admin, decision)
    assert await jobs.remind_late() == 1
    async with acting_as(cast.cy) as tx:
        await protocol.raise_concern(tx, decision.id, NewConcern(title="Backups"))
        concern = (await showing.get(tx, decision.id)).concerns[0]
        await protocol.withdraw_concern(tx, concern.id, Closing(reason="They run."))
    assert await jobs.remind_late() == 0
    let_pass(admin, decision)
    with pytest.raises(ZeroDivisionError):
        await die_over(cast.acme, decision)
    assert [await jobs.remind_late() for _ in range(2)] == [1, 0]
    async with acting_as(cast.ben) as tx:
        await decisions.revise(tx, decision.id, Change(title="One database", outcome="No.", version=1))
    let_pass(admin, decision)
    assert [await jobs.remind_late() for _ in range(2)] == [1, 0]
    reminders = reminders_in(admin, cast)
    for each in [*reminders, *reminders]:
        await hand_over(each)
    assert [address for address, _ in mailed(postbox)] == [cast.cy.email] * 3


async def test_on_mondays_members_are_mailed_what_waits_for_them(acting_as, cast, admin, postbox):
    """Once, in what they can see, and not who wants none, or has said where they stand meanwhile."""
    decision, _ = await proposed(acting_as, cast, cast.ada, cast.cy, cast.max, cast.dia)
    async with transaction(Actor(user_id=cast.max.user_id)) as tx:
        await accounts.choose_digest(tx, DigestChange(is_wanted=False))
    now = admin.scalar(text("select now()")).astimezone(UTC)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=8)
    taken = text("select count(*) from dfworx.digests where organization_id = :id")
    for at, count in ((monday - timedelta(hours=2), 0), (monday + timedelta(days=1), 0), (monday, 3)):
        await jobs.digest_weekly(at)
        assert admin.scalar(taken, {"id": cast.acme}) == count
    async with transaction(Actor.system(cast.acme)) as tx:
        assert await service_digest.digest(tx, cast.ada.membership_id) == 0
    async with acting_as(cast.cy) as tx:
        await protocol.stand(tx, decision.id, Stand(stand="agree"))
    for who in (cast.ada, cast.cy, cast.max):
        await hand_over(monday_of(cast, who))
    assert mailed(postbox) == [(cast.ada.email, "1 decision waits for you in Acme Robotics")]
    assert f"/o/{cast.slug}/d/DEC-1-one-database" in postbox.mails[0].get_body(("plain",)).get_content()
