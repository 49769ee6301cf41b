"""The mail that brings an invitation."""

from dfworx.core.actor import Actor
from dfworx.infra import mail
from dfworx.infra.database import transaction
from dfworx.infra.jobs import job
from dfworx.organizations import service as organizations
from dfworx.organizations.events import InvitationCreated


@job(InvitationCreated)
async def mail_invitation(event: InvitationCreated) -> None:
    """Send the link to the address that it was made for, if there is one."""
    invitation = event.invitation
    if not invitation.email:
        return
    async with transaction(Actor.system(invitation.organization_id)) as tx:
        letter = await organizations.letter(tx, invitation)
    await mail.send(
        mail.compose(
            "",
            invitation.email,
            f"You are invited to {letter.organization}",
            "organizations/mails/invitation",
            **letter.model_dump(),
            role=invitation.role,
            until=f"{invitation.expires_at:%-d %B %Y}",
            verb=f"Join {letter.organization}",
        )
    )
