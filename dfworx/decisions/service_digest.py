"""What waits for a member, by mail once a week."""

from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.events import MemberDigested
from dfworx.decisions.repository_due import take_digest
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations


async def digest(tx: Tx, membership_id: UUID) -> int:
    """Announce the mail of this week to a member, unless it was; gives how many that were."""
    tx.actor.must(Verb.CLOSE_COMMENT)
    member = await organizations.member(tx, membership_id)
    if member.user_id is None or not await take_digest(tx, membership_id):
        return 0
    about = {"organization_id": tx.actor.organization, "user_id": member.user_id, "membership_id": member.id}
    tx.emit(MemberDigested(**about, at=tx.now))
    return 1
