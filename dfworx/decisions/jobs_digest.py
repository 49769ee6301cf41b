"""The mail of Mondays: what waits for somebody in an organization."""

from dfworx.accounts import service as accounts
from dfworx.core.actor import Actor
from dfworx.core.errors import NotFound
from dfworx.decisions import service_inbox as inboxes
from dfworx.decisions import service_mailing as mailing
from dfworx.decisions.events import MemberDigested
from dfworx.infra import mail
from dfworx.infra.database import transaction
from dfworx.infra.jobs import job
from dfworx.infra.settings import settings
from dfworx.organizations import service as organizations

SECTIONS = {
    "positions": "You are asked where you stand",
    "concerns": "A concern holds what you decide",
    "reviews": "You wanted to look at them again by now",
    "stale": "They rest on a record that holds no more",
    "orphaned": "Their decider is gone, and you may decide in their stead",
}


@job(MemberDigested)
async def mail_digest(event: MemberDigested) -> None:
    """Mail a member all that waits for them now, once; nothing where nothing does, or they want no such mail."""
    organization_id, kept = event.organization_id, mailing.of_digest(event)
    try:
        async with transaction(Actor.system(organization_id)) as tx:
            if await mailing.is_handed_over(tx, kept):
                return
            role, here = (await organizations.member(tx, event.membership_id)).role, await organizations.get(tx)
        person = Actor(
            user_id=event.user_id, organization_id=organization_id, membership_id=event.membership_id, role=role
        )
        async with transaction(person) as tx:
            account, waiting = await accounts.get(tx), await inboxes.inbox(tx)
    except NotFound:
        return
    if not account.gets_digest or not waiting.count:
        return
    home = f"{settings().origin}/o/{here.slug}"
    many = "1 decision waits" if waiting.count == 1 else f"{waiting.count} decisions wait"
    letter = mail.compose(
        account.name,
        account.email,
        f"{many} for you in {here.name}",
        "decisions/mails/digest",
        sections=[(said, getattr(waiting, name)) for name, said in SECTIONS.items() if getattr(waiting, name)],
        home=home,
        link=f"{home}/inbox",
        verb="Open the inbox",
    )
    await mail.send(mail.identify(letter, kept.id), mailing.Once(kept))
