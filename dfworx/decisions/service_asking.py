"""Whom a proposal asks, and whom besides while it is open: people by name, by role, by channel; once asked, people."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.errors import Invalid
from dfworx.core.permissions import Role, allows
from dfworx.decisions import policies
from dfworx.decisions.errors import EverybodyMayAnswer, NobodyNew, NotOpen
from dfworx.decisions.events import PeopleAsked
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_protocol import Askings
from dfworx.decisions.service_audience import audience, onlookers
from dfworx.decisions.service_notices import notify
from dfworx.decisions.validators import MOST_ASKED, Asked
from dfworx.decisions.views import DecisionView
from dfworx.decisions.views_protocol import AskedView, PersonView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.organizations.views import MembershipView

INSIDE = [Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER]  # who is in an open channel without having been added


async def preview(tx: Tx, decision_id: UUID, asked: Asked) -> AskedView:
    """Whom it would ask, if it were proposed now; while it is open, whom besides."""
    decision = await Decisions(tx).get(decision_id)
    is_open = Status(decision.status) in OPEN
    tx.actor.must(policies.may_decide if is_open else policies.may_propose, decision)
    ids = await (_further if is_open else people)(tx, decision, asked)
    names = await organizations.names(tx, ids)
    return AskedView(count=len(ids), people=[PersonView(id=each, name=names.get(each, "")) for each in ids])


async def ask_more(tx: Tx, decision_id: UUID, asked: Asked) -> DecisionView:
    """Ask further people where they stand, while it is open; the rule stays, and a final comment goes on."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_decide, decision)
    if Status(decision.status) not in OPEN:
        raise NotOpen
    further = await _further(tx, decision, asked)
    if not further:
        raise NobodyNew
    await Askings(tx).ask(decision.id, further)
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    tx.emit(PeopleAsked(decision=view, audience=heard, asked=tuple(further)))
    await notify(tx, decision, "asked", further)
    return view


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
    _must_be_few(len(found))
    return found


async def _further(tx: Tx, decision: Decision, asked: Asked) -> list[UUID]:
    """Those of them who are not asked yet."""
    known = await Askings(tx).of(decision.id)
    if not known:
        raise EverybodyMayAnswer
    found = [each for each in await people(tx, decision, asked) if each not in known]
    _must_be_few(len(known) + len(found))
    return found


def _must_be_few(count: int) -> None:
    if count > MOST_ASKED:
        raise Invalid(f"These are {count} people; at most {MOST_ASKED} are asked.")


async def watching(tx: Tx, decision: Decision, membership_ids: Iterable[UUID]) -> list[UUID]:
    """These, once each, all of them members who see the decision."""
    wanted = list(dict.fromkeys(membership_ids))
    there = {member.id for member in await onlookers(tx, decision, wanted)}
    if missing := [each for each in wanted if each not in there]:
        raise Invalid(f"{missing[0]} is no member who sees this decision.")
    return wanted


async def deciding(tx: Tx, decision: Decision, named: UUID | None) -> UUID:
    """Who decides: a member who sees it, and can do what is left to them.

    Where nobody is named, as the draft has it, or whoever proposes, where those cannot.
    """
    wanted = [named] if named else [*filter(None, [decision.decider_id]), tx.actor.membership]
    there = {member.id: member for member in await onlookers(tx, decision, wanted)}
    found = [there[each] for each in wanted if each in there]
    for member in found:
        if may_be_decider(member):
            return member.id
    if found:
        raise Invalid(fields={"decider_id": f"{found[0].name} is a guest, and guests do not decide. Choose a member."})
    raise Invalid(fields={"decider_id": "Whoever decides has to be a member who sees this decision."})


def may_be_decider(member: MembershipView) -> bool:
    """Whether they could reject, resolve and confirm what they decide."""
    return allows(member.role, policies.TO_DECIDE)


async def _holding(tx: Tx, roles: Iterable[Role]) -> list[UUID]:
    return [member.id for member in await organizations.holding(tx, [*roles])]
