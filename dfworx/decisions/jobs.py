"""What the clock does to decisions, and what is mailed about them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from dfworx.accounts import service as accounts
from dfworx.core.actor import Actor
from dfworx.core.errors import NotFound
from dfworx.decisions import service_digest as digests
from dfworx.decisions import service_mailing as mailing
from dfworx.decisions import service_notices as notices
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.events import MemberNotified
from dfworx.decisions.repository_due import due_digests, ended_comments, late_answers
from dfworx.infra import mail
from dfworx.infra.database import UNREACHABLE, Tx, transaction
from dfworx.infra.jobs import job
from dfworx.infra.markdown import bare
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds

# Subject, and what the mail says.
WORDS = {
    "asked": ("Your position is asked for", "{by} asks where you stand on {ref}, “{title}”."),
    "reminder": ("Your position is still asked for", "{ref}, “{title}”, still waits for your position."),
    "concern": ("A concern holds your decision", "{by} has raised a concern about {ref}, “{title}”. It holds it."),
    "reply": ("A reply about a concern", "{by} has answered the concern “{concern}” about {ref}, “{title}”."),
    "accepted": ("Accepted", "{ref}, “{title}”, is accepted."),
    "rejected": ("Rejected", "{ref}, “{title}”, is rejected by {by}."),
}


@job(MemberNotified)
async def mail_notice(event: MemberNotified) -> None:
    """Mail a member what waits for them or is decided, once, unless that has passed."""
    kept = mailing.of_notice(event)
    try:
        async with transaction(Actor.system(event.organization_id)) as tx:
            if await mailing.is_handed_over(tx, kept) or not await notices.is_still_so(tx, event):
                return
            slug = (await organizations.get(tx)).slug
        async with transaction(Actor(user_id=event.user_id)) as tx:
            account = await accounts.get(tx)
    except NotFound:
        return
    subject, sentence = WORDS[event.kind]
    decision = event.decision
    letter = mail.compose(
        account.name,
        account.email,
        f"{subject}: {decision.ref} {decision.title}",
        "decisions/mails/notice",
        sentence=sentence.format(by=event.by, ref=decision.ref, title=decision.title, concern=bare(event.concern)),
        link=f"{settings().origin}/o/{slug}/d/{decision.address}",
        verb="Open the decision",
    )
    await mail.send(mail.identify(letter, kept.id), mailing.Once(kept))


async def keep_time() -> None:
    """Look again and again, until cancelled, for what has ended and who is to be reminded.

    Nothing is scheduled, so nothing can be lost: what is due is found by the clock of the database, after a restart
    too, and whoever comes second finds that it is done.
    """
    while True:
        try:
            await close_ended()
            await remind_late()
            await digest_weekly()
        except UNREACHABLE:
            log.warning("what is due cannot be read; trying again")
        except Exception:
            log.exception("what is due could not be done; trying again")
        await asyncio.sleep(EVERY)


async def close_ended() -> int:
    """Accept every decision whose final comment has ended; gives how many that were."""
    return await _each(await ended_comments(), protocol.accept_ended)


async def remind_late() -> int:
    """Remind who was asked and has not answered; gives how many that were."""
    return await _each(await late_answers(), notices.remind)


async def digest_weekly(at: datetime | None = None) -> int:
    """Announce the mail of Mondays to whom something waits; gives to how many."""
    return await _each(await due_digests(at), digests.digest)


async def _each(due: list[tuple[UUID, UUID]], verb: Callable[[Tx, UUID], Awaitable[int]]) -> int:
    """Do it to each in a transaction of its own; one that fails holds no other."""
    done = 0
    for organization_id, id_ in due:
        try:
            async with transaction(Actor.system(organization_id)) as tx:
                done += await verb(tx, id_)
        except UNREACHABLE:
            raise
        except Exception:
            log.exception("%s: %s failed", id_, verb.__name__)
    return done
