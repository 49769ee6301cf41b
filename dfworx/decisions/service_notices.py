"""Who hears of a decision by mail, and whether it is still worth saying."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.events import MemberNotified
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.models_protocol import Concern, ConcernState, answered
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_protocol import Askings, Concerns, Positions
from dfworx.decisions.service_audience import onlookers
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import Tx

Kind = Literal["asked", "reminder", "concern", "reply", "accepted", "rejected"]


async def notify(
    tx: Tx,
    decision: Decision,
    kind: Kind,
    membership_ids: Iterable[UUID | None],
    concern: Concern | None = None,
    occasion: UUID | None = None,
) -> None:
    """Tell these members, but for whoever does it; once each of the same occasion: the concern, or the decision."""
    subject = {"concern_id": concern.id, "concern": concern.title, "occasion": concern.id} if concern else {}
    subject |= {"occasion": occasion} if occasion else {}
    wanted = {each for each in membership_ids if each} - {tx.actor.membership_id}
    for member in await onlookers(tx, decision, wanted):
        if member.user_id is None:
            continue
        who = {"user_id": member.user_id, "membership_id": member.id, "organization_id": member.organization_id}
        tx.emit(MemberNotified(**who, **subject, decision=DecisionView.of(decision), kind=kind, by=tx.actor.name))


async def notify_concerned(tx: Tx, decision: Decision, kind: Kind) -> None:
    """Tell everybody who was asked, who drafted it and who decides."""
    await notify(tx, decision, kind, [*await Askings(tx).of(decision.id), decision.created_by, decision.decider_id])


async def remind(tx: Tx, decision_id: UUID) -> int:
    """Remind those for whose position it still waits, once each time that they are asked; gives how many."""
    tx.actor.must(Verb.CLOSE_COMMENT)
    decision = await Decisions(tx).held(decision_id)
    late = await Askings(tx).late(decision_id)
    asked: dict[UUID, list[UUID]] = {}
    for row, occasion in late:
        row.reminded_at = tx.now
        asked.setdefault(occasion, []).append(row.membership_id)
    await tx.session.flush()
    for occasion, membership_ids in asked.items():
        await notify(tx, decision, "reminder", membership_ids, occasion=occasion)
    return len(late)


async def is_still_so(tx: Tx, event: MemberNotified) -> bool:
    """Whether a notice is worth sending by now: nobody is asked for what they have said, or about what is over."""
    decision = await Decisions(tx).get(event.decision.id)
    if not await onlookers(tx, decision, [event.membership_id]):
        return False
    if event.kind in {"asked", "reminder"}:
        return Status(decision.status) in OPEN and event.membership_id not in await _answered(tx, decision)
    concern = await Concerns(tx).find(event.concern_id) if event.concern_id else None
    return concern is None or concern.state == ConcernState.OPEN


async def _answered(tx: Tx, decision: Decision) -> set[UUID]:
    positions = await Positions(tx).of([decision.id])
    return answered(decision.version, positions, await Concerns(tx).holders(decision.id))
