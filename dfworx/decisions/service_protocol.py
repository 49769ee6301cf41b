"""How it is decided: proposing, positions, concerns, final comment, and what ends it."""

from collections.abc import Iterable
from uuid import UUID

from dfworx.core.errors import Forbidden, Invalid
from dfworx.core.permissions import Verb
from dfworx.decisions import policies
from dfworx.decisions import service_asking as asking
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_templates as templates
from dfworx.decisions.errors import NothingToAgreeTo, NotOpen
from dfworx.decisions.events import (
    ConcernEnded,
    ConcernRaised,
    DecisionAccepted,
    DecisionDeprecated,
    DecisionProposed,
    DecisionRejected,
    DecisionSuperseded,
    DecisionWithdrawn,
    FinalCommentBegan,
    FinalCommentStopped,
    PositionTaken,
)
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import IN_FORCE, OPEN, WRITABLE, Status, Step
from dfworx.decisions.models_protocol import Concern, ConcernState, Position, tally
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_aging import DecisionCitations
from dfworx.decisions.repository_protocol import Askings, Concerns, Positions
from dfworx.decisions.service_aging import announce_naming
from dfworx.decisions.service_audience import audience
from dfworx.decisions.service_details import entitle, may_answer, text_versions
from dfworx.decisions.service_notices import notify, notify_concerned
from dfworx.decisions.validators import Closing, NewConcern, Proposal, Stand
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import Tx
from dfworx.infra.markdown import rendered


async def propose(tx: Tx, decision_id: UUID, proposal: Proposal) -> DecisionView:
    """Give it its number, and ask people where they stand."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_propose, decision)
    decision.must_be_at(proposal.version)
    if not (decision.outcome or decision.chosen):
        raise NothingToAgreeTo
    asked = await asking.people(tx, decision, proposal)
    decider = await asking.deciding(tx, decision, proposal.decider_id)
    rule, template = await templates.applied(tx, proposal, len(asked))
    if asked and rule.quorum > len(asked):
        raise Invalid(f"A quorum of {rule.quorum} is never there: {len(asked)} are asked.")
    for name, value in rule.model_dump().items():
        setattr(decision, name, value)
    decision.decider_id = decider
    await Askings(tx).ask(decision.id, asked)
    decision.replaces = await replaced(tx, await _numbers(tx, decision, proposal))
    await announce_naming(tx, await DecisionCitations(tx).of(decision.id))
    number = await ledger.number(tx)  # late: the others wait until the end, and whoever changes templates, too
    decision.template = await templates.still(tx, template, rule, len(asked))
    decision.number = number
    decision.take(Step.PROPOSE, tx.now)
    await tx.session.flush()
    await entitle(tx, decision)
    heard = await audience(tx, decision)
    view, replaces = DecisionView.of(decision), _ids(decision)
    tx.emit(DecisionProposed(decision=view, audience=heard, asked=tuple(asked), replaces=replaces))
    await notify(tx, decision, "asked", asked)
    await settle(tx, decision)
    return DecisionView.of(decision)


async def stand(tx: Tx, decision_id: UUID, stand: Stand) -> DecisionView:
    """Say where you stand on the text as it is; what you said before stays as history."""
    decision = await Decisions(tx).held(decision_id)
    if decision.number is None or decision.status == Status.WITHDRAWN:
        raise NotOpen
    decision.must_be_at(stand.version)
    if not may_answer(tx.actor, await Askings(tx).of(decision_id)):
        raise Forbidden("Your position is not asked for. You can raise a concern, and write in the conversation.")
    position = Position(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        decision_id=decision_id,
        membership_id=tx.actor.membership,
        version=(await text_versions(tx, [decision]))[decision.id],
        is_late=Status(decision.status) not in OPEN,
        **stand.model_dump(include={"stand", "reason"}),
    )
    await Positions(tx).add(position)
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    said = "" if decision.is_hidden or decision.is_anonymous else stand.stand  # the audit is read by people, too
    tx.emit(PositionTaken(decision=view, audience=heard, membership_id=tx.actor.membership, stand=said))
    await settle(tx, decision, "a position was changed")
    return DecisionView.of(decision)


async def raise_concern(tx: Tx, decision_id: UUID, new: NewConcern) -> DecisionView:
    """Name what has to be settled first: nothing is accepted while it is open."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(Verb.TAKE_POSITION)
    if Status(decision.status) not in OPEN:
        raise NotOpen
    concern = Concern(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        decision_id=decision_id,
        owner_id=tx.actor.membership,
        html=await rendered(new.source),
        **new.model_dump(),
    )
    await Concerns(tx).add(concern)
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    tx.emit(ConcernRaised(decision=view, audience=heard, concern_id=concern.id, concern=concern.title))
    await notify(tx, decision, "concern", [decision.decider_id], concern)
    await settle(tx, decision, f"a concern was raised: {concern.title}")
    return DecisionView.of(decision)


async def withdraw_concern(tx: Tx, concern_id: UUID, closing: Closing) -> DecisionView:
    """Your own concern blocks no more."""
    decision, concern = await held_concern(tx, concern_id)
    tx.actor.must(policies.may_withdraw_concern, concern)
    return await _end_concern(tx, decision, concern, ConcernState.WITHDRAWN, closing.reason)


async def resolve_concern(tx: Tx, concern_id: UUID, closing: Closing) -> DecisionView:
    """The decider says why a concern does not block; the reason stays on the record."""
    decision, concern = await held_concern(tx, concern_id)
    tx.actor.must(policies.may_decide, decision)
    return await _end_concern(tx, decision, concern, ConcernState.RESOLVED, closing.reason)


async def reject(tx: Tx, decision_id: UUID, closing: Closing) -> DecisionView:
    """It is decided that this is not done."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_decide, decision)
    decision.take(Step.REJECT, tx.now, closing.reason)
    await ledger.record(tx, "rejected", decision)
    heard = await audience(tx, decision)
    view = DecisionView.of(decision)
    tx.emit(DecisionRejected(decision=view, audience=heard, why=closing.reason, replaces=_ids(decision)))
    await notify_concerned(tx, decision, "rejected")
    return DecisionView.of(decision)


async def withdraw(tx: Tx, decision_id: UUID, closing: Closing) -> DecisionView:
    """Take a draft or a proposal back; a number that it has stays its own."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_withdraw, decision)
    decision.take(Step.WITHDRAW, tx.now, closing.reason)
    await tx.session.flush()
    heard = await audience(tx, decision)
    view = DecisionView.of(decision)
    tx.emit(DecisionWithdrawn(decision=view, audience=heard, why=closing.reason, replaces=_ids(decision)))
    return DecisionView.of(decision)


async def deprecate(tx: Tx, decision_id: UUID, closing: Closing) -> DecisionView:
    """It holds no more, and nothing takes its place."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_decide, decision)
    decision.take(Step.DEPRECATE, tx.now, closing.reason)
    await ledger.record(tx, "deprecated", decision)
    heard = await audience(tx, decision)
    tx.emit(DecisionDeprecated(decision=DecisionView.of(decision), audience=heard, why=closing.reason))
    return DecisionView.of(decision)


async def accept_ended(tx: Tx, decision_id: UUID) -> bool:
    """Accept a decision whose final comment has ended; false when that is not so (any more). Twice is once."""
    tx.actor.must(Verb.CLOSE_COMMENT)
    decision = await Decisions(tx).held(decision_id)
    is_over = decision.comment_ends_at is not None and decision.comment_ends_at <= await Decisions(tx).clock()
    if decision.status != Status.FINAL_COMMENT or not is_over:
        return False
    replaced = [await Decisions(tx).held(UUID(each)) for each in sorted(decision.replaces)]  # before the register
    decision.take(Step.ACCEPT, tx.now)
    await ledger.record(tx, "accepted", decision)
    heard = await audience(tx, decision)
    tx.emit(DecisionAccepted(decision=DecisionView.of(decision), audience=heard))
    await notify_concerned(tx, decision, "accepted")
    await take_the_place(tx, decision, replaced)
    return True


async def settle(tx: Tx, decision: Decision, why: str = "") -> None:
    """Begin the final comment when enough agree and nothing blocks; stop it when that is so no more."""
    await tx.session.flush()
    if Status(decision.status) not in OPEN:
        return
    positions = await Positions(tx).of([decision.id])
    carries = tally(decision.version, positions, await Concerns(tx).of(decision.id)).carries(decision.rule)
    if carries == (decision.status == Status.FINAL_COMMENT):
        return
    decision.take(Step.BEGIN_FINAL_COMMENT if carries else Step.STOP_FINAL_COMMENT, await Decisions(tx).clock())
    await tx.session.flush()
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    tx.emit(
        FinalCommentBegan(decision=view, audience=heard)
        if carries
        else FinalCommentStopped(decision=view, audience=heard, why=why)
    )


async def _numbers(tx: Tx, decision: Decision, proposal: Proposal) -> list[int]:
    if proposal.supersedes is not None:
        return proposal.supersedes
    return [row.number or 0 for row in await Decisions(tx).those(_ids(decision))]


def _ids(decision: Decision) -> tuple[UUID, ...]:
    return tuple(UUID(each) for each in decision.replaces)


async def replaced(tx: Tx, numbers: Iterable[int]) -> list[str]:
    """The ids of the records whose place it takes, once it is accepted."""
    found = []
    for number in dict.fromkeys(numbers):
        old = await Decisions(tx).numbered(number)
        if Status(old.status) not in IN_FORCE:
            raise Invalid(f"DEC-{number} is {old.status}: only what is accepted can be superseded.")
        if not policies.may_decide(tx.actor, old):
            raise Forbidden(f"DEC-{number} is not yours to supersede: ask who decides it, or a moderator.")
        found.append(str(old.id))
    return found


async def take_the_place(tx: Tx, decision: Decision, replaced: Iterable[Decision]) -> None:
    """Supersede these by a record that holds."""
    for old in replaced:
        if Status(old.status) not in IN_FORCE:
            continue  # another record was faster, or it was deprecated
        old.superseded_by = decision.id
        old.take(Step.SUPERSEDE, tx.now)
        await ledger.record(tx, "superseded", old)
        view, heard = DecisionView.of(old), await audience(tx, old)
        tx.emit(DecisionSuperseded(decision=view, audience=heard, successor=DecisionView.of(decision)))


async def held_concern(tx: Tx, concern_id: UUID) -> tuple[Decision, Concern]:
    """A concern as it is now, with its decision, which is locked."""
    concern = await Concerns(tx).get(concern_id)
    decision = await Decisions(tx).held(concern.decision_id)
    await tx.session.refresh(concern)  # somebody may have closed it while we waited
    if Status(decision.status) not in WRITABLE:
        raise NotOpen
    return decision, concern


async def _end_concern(tx: Tx, decision: Decision, concern: Concern, state: ConcernState, reason: str) -> DecisionView:
    concern.close(state, tx.actor.membership, tx.now, reason)
    await tx.session.flush()
    about = {"concern_id": concern.id, "concern": concern.title, "state": state.value, "why": reason}
    tx.emit(ConcernEnded(decision=DecisionView.of(decision), audience=await audience(tx, decision), **about))
    await settle(tx, decision)
    return DecisionView.of(decision)
