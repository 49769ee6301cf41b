"""What becomes of records: what grows stale with them, when they are looked at again, how the register stood once."""

from datetime import date, datetime
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.core.errors import Invalid
from dfworx.core.permissions import Verb
from dfworx.decisions import policies
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions.errors import NotOpen
from dfworx.decisions.events import (
    DecisionConfirmed,
    DecisionDeprecated,
    DecisionGrewStale,
    DecisionNamed,
    DecisionSuperseded,
    ThreadConfirmed,
)
from dfworx.decisions.models import Decision
from dfworx.decisions.models_aging import resting_on
from dfworx.decisions.models_lifecycle import IN_FORCE, RECORDED, Status
from dfworx.decisions.repository import Decisions, Revisions
from dfworx.decisions.repository_aging import DecisionCitations, StaleMarks
from dfworx.decisions.service_audience import audience
from dfworx.decisions.service_details import reasons
from dfworx.decisions.validators import Confirmation
from dfworx.decisions.validators_address import title_slug
from dfworx.decisions.views import DecisionView
from dfworx.decisions.views_aging import StaleView
from dfworx.infra.database import Tx
from dfworx.threads import service as threads

MOST = 5000  # decisions of a register of the past
CONFIRMED = "Looked at again: it holds."  # what a version says that only another date for the next review made


async def spread(tx: Tx, event: DecisionSuperseded | DecisionDeprecated) -> None:
    """Mark what rests on a record that holds no more: decisions and threads that name it, and what names those."""
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # what rests on it may be out of the sight of whoever ended it
    gone = event.decision
    successor = event.successor.id if isinstance(event, DecisionSuperseded) else None
    cites = await DecisionCitations(tx).graph()
    if successor:
        cites.pop(successor, None)  # it names the old one because it takes its place
    marked = resting_on(gone.id, cites)
    naming = await DecisionCitations(tx).threads_naming({gone.id, *marked})
    await StaleMarks(tx).mark(gone.id, sorted(marked), sorted(naming))
    for each in sorted(marked):
        decision = await Decisions(tx).get(each)
        view, heard = DecisionView.of(decision), await audience(tx, decision)
        tx.emit(DecisionGrewStale(decision=view, audience=heard, because=gone))
    await tx.act_as(person)


async def confirm(tx: Tx, decision_id: UUID, confirmation: Confirmation) -> DecisionView:
    """You have looked at it: it still holds, and a record is to be looked at again then."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_decide, decision)
    marks = await StaleMarks(tx).on(decision_id=decision_id)
    if Status(decision.status) not in IN_FORCE and not marks:
        raise NotOpen("Only what holds is confirmed.")
    if Status(decision.status) in RECORDED:
        await _look_again(tx, decision, confirmation.review_on)
    elif confirmation.review_on not in {None, decision.review_on}:
        raise Invalid(fields={"review_on": "Its date for a review is a part of its text until it is closed: write it."})
    await StaleMarks(tx).clear(marks)
    tx.emit(DecisionConfirmed(decision=DecisionView.of(decision), audience=await audience(tx, decision)))
    return DecisionView.of(decision)


async def _look_again(tx: Tx, decision: Decision, on: date | None) -> None:
    """Another date is another version of a record: who writes from the one before does not take it back."""
    if decision.review_on == on:
        return
    content = decision.content.model_copy(update={"review_on": on})
    await Revisions(tx).keep(decision.id, content, decision.version + 1, CONFIRMED)
    decision.replace(content, decision.version)
    await ledger.record(tx, "confirmed", decision)


async def confirm_thread(tx: Tx, thread_id: UUID) -> None:
    """You have looked at a thread that names a record that holds no more."""
    await threads.get(tx, thread_id)
    tx.actor.must(Verb.RESOLVE_THREAD)
    await StaleMarks(tx).clear(await StaleMarks(tx).on(thread_id=thread_id))
    tx.emit(ThreadConfirmed(thread_id=thread_id))


async def why_stale(tx: Tx, thread_id: UUID) -> list[StaleView]:
    """The records that a thread names, itself or by another, that hold no more."""
    tx.actor.must(Verb.READ)
    await threads.get(tx, thread_id)
    return await reasons(tx, await StaleMarks(tx).on(thread_id=thread_id))


async def as_of(tx: Tx, at: datetime) -> list[DecisionView]:
    """The register as it stood at a moment: every proposal and record that there was, as it was."""
    tx.actor.must(Verb.READ)
    states = await StaleMarks(tx).as_of(at, MOST)
    return [_then(state) for state in states if state["number"] is not None]


def _then(state: dict[str, object]) -> DecisionView:
    shown = {"ref": f"DEC-{state['number']}", "slug": title_slug(str(state["title"]))}
    return DecisionView.model_validate({**state, **shown})


async def reconsider(tx: Tx, decision: Decision, named: set[int]) -> None:
    """A text that names nothing stale any more is fixed."""
    marks = await StaleMarks(tx).on(decision_id=decision.id)
    if not marks:
        return
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # it may name what is out of the sight of whoever writes
    others = await StaleMarks(tx).for_the_same({mark.because_id for mark in marks})
    names = {row.id for row in await Decisions(tx).some(named)}
    await tx.act_as(person)
    fixed = [
        mark for mark in marks
        if mark.because_id not in names and not any((mark.because_id, each) in others for each in names)
    ]  # fmt: skip
    await StaleMarks(tx).clear(fixed)


async def announce_naming(tx: Tx, numbers: set[int]) -> None:
    """Let the pages of these records say where they are named, also where whoever names them does not see them."""
    if not numbers:
        return
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))
    heard = [(row.id, await audience(tx, row)) for row in await Decisions(tx).some(numbers)]
    await tx.act_as(person)
    for decision_id, topics in heard:
        tx.emit(DecisionNamed(decision_id=decision_id, audience=topics))
