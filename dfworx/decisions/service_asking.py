"""Whom a proposal asks: people by name, by role, by channel; all of them are people once it is proposed."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.errors import Invalid
from dfworx.core.permissions import Role
from dfworx.decisions import policies
from dfworx.decisions.models import Decision
from dfworx.decisions.repository import Decisions
from dfworx.decisions.service_details import onlookers
from dfworx.decisions.validators import MOST_ASKED, Asked
from dfworx.decisions.views_protocol import AskedView, PersonView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations

INSIDE = [Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER]  # who is in an open channel without having been added


async def preview(tx: Tx, decision_id: UUID, asked: Asked) -> AskedView:
    """Whom it would ask, if it were proposed now."""
    decision = await Decisions(tx).get(decision_id)
    tx.actor.must(policies.may_propose, decision)
    ids = await people(tx, decision, asked)
    names = await organizations.names(tx, ids)
    return AskedView(count=len(ids), people=[PersonView(id=each, name=names.get(each, "")) for each in ids])


async def people(tx: Tx, decision: Decision, asked: Asked) -> list[UUID]:
    """Those named, all of whom have to see the decision, and those behind roles and the channel, as far as they do."""
    named = await watching(tx, decision, asked.asked)
    if not asked.asked_roles and asked.asked_channel_id is None:
        return named
    meant = await _holding(tx, asked.asked_roles)
    if asked.asked_channel_id:
        channel = await channels.get(tx, asked.asked_channel_id)
        meant += await channels.members(tx, channel.id)
        meant += await _holding(tx, INSIDE if channel.is_open else [])
    there = {member.id for member in await onlookers(tx, decision, set(meant)) if member.user_id}
    found = list(dict.fromkeys([*named, *(each for each in meant if each in there)]))
    if not found:  # and not everybody, as when nobody is named
        raise Invalid("Nobody of these sees this decision.")
    if len(found) > MOST_ASKED:
        raise Invalid(f"These are {len(found)} people; at most {MOST_ASKED} are asked.")
    return found


async def watching(tx: Tx, decision: Decision, membership_ids: Iterable[UUID]) -> list[UUID]:
    """These, once each, all of them members who see the decision."""
    wanted = list(dict.fromkeys(membership_ids))
    there = {member.id for member in await onlookers(tx, decision, wanted)}
    if missing := [each for each in wanted if each not in there]:
        raise Invalid(f"{missing[0]} is no member who sees this decision.")
    return wanted


async def _holding(tx: Tx, roles: Iterable[Role]) -> list[UUID]:
    return [member.id for member in await organizations.holding(tx, [*roles])]
