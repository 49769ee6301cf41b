"""Who sees a decision: who can be asked, who can still answer, and who hears of what happens to it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.permissions import Role
from dfworx.decisions import policies
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.models_protocol import Position, answered, shortfall
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.organizations.views import MembershipView
from dfworx.threads import service as threads


async def onlookers(tx: Tx, decision: Decision, membership_ids: Collection[UUID]) -> list[MembershipView]:
    """Those of them who are there and see the decision: whoever sees its channel."""
    channel = (await threads.get(tx, decision.thread_id)).channel
    inside = set(await channels.members(tx, channel.id))
    return [
        member
        for member in await organizations.some(tx, membership_ids)
        if member.left_at is None and (member.id in inside or (channel.is_open and member.role is not Role.GUEST))
    ]


async def audience(tx: Tx, decision: Decision) -> tuple[str, ...]:
    """Who hears of what happens to it: whoever sees its channel."""
    thread = await threads.get(tx, decision.thread_id)
    return tuple(channels.audience(thread.channel))


async def shortage(tx: Tx, decision: Decision, asked: Collection[UUID], positions: Sequence[Position]) -> str:
    """What to do where those who are asked cannot make up the quorum any more, for who may do it; empty otherwise."""
    if Status(decision.status) not in OPEN or not asked or not policies.may_decide(tx.actor, decision):
        return ""
    said = answered(decision.version, positions, ())
    if len(said) >= decision.quorum:
        return ""
    able = await organizations.active(tx, [member.id for member in await onlookers(tx, decision, asked)])
    return shortfall(decision.quorum, asked, said, able, is_anonymous=decision.is_anonymous)
