"""The verbs of decisions: drafting, writing, and out of which talk."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.errors import Invalid
from dfworx.core.permissions import Verb
from dfworx.decisions import policies
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions.errors import DecisionChanged
from dfworx.decisions.events import DecisionAmended, DecisionDrafted, DecisionRevised, FinalCommentStopped
from dfworx.decisions.models import Decision
from dfworx.decisions.models_evidence import Evidence, Snapshot
from dfworx.decisions.models_lifecycle import RECORDED, WRITABLE, Status
from dfworx.decisions.repository import Decisions, Revisions
from dfworx.decisions.repository_aging import DecisionCitations
from dfworx.decisions.repository_evidence import Citations, EvidenceOf
from dfworx.decisions.service_aging import announce_naming, reconsider
from dfworx.decisions.service_audience import audience
from dfworx.decisions.service_details import entitle
from dfworx.decisions.service_protocol import replaced, settle
from dfworx.decisions.service_scope import in_sight, scoped
from dfworx.decisions.service_written import written
from dfworx.decisions.validators import MOST_EVIDENCE, Amendment, Change, Content, Drawn, NewDecision
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import Tx
from dfworx.messages import service as messages
from dfworx.messages.events import MessageDeleted, MessageEdited, MessagePosted
from dfworx.messages.views import MessageSource
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread
from dfworx.threads.views import ThreadDetails

REFERENCE = re.compile(r"(?<![\w-])DEC-([1-9][0-9]{0,8})(?![\w-])")


async def draft(tx: Tx, new: NewDecision) -> DecisionView:
    """Begin a decision in a channel; a thread for its conversation is opened."""
    tx.actor.must(Verb.DRAFT_DECISION)
    content = Content.model_validate(new.model_dump(exclude={"channel_id", "supersedes"}))
    replaces = await replaced(tx, new.supersedes)
    decision = await _draft(tx, content, new.channel_id, None, [])
    decision.replaces = replaces
    return DecisionView.of(decision)


async def draw(tx: Tx, thread_id: UUID, drawn: Drawn) -> DecisionView:
    """Begin a decision out of a thread, with messages of it as evidence: these, or all there are."""
    tx.actor.must(Verb.DRAFT_DECISION)
    thread = await threads.get(tx, thread_id)
    _must_not_reveal(thread, drawn)
    found = await messages.some(tx, thread_id, drawn.message_ids, MOST_EVIDENCE)
    content = Content(title=drawn.title or thread.title)
    decision = await _draft(tx, content, drawn.channel_id or thread.channel.id, thread_id, found)
    return DecisionView.of(decision)


async def revise(tx: Tx, decision_id: UUID, change: Change) -> DecisionView:
    """Write another text. Of a proposal it asks everybody anew: what was agreed to was the text before."""
    return await _write(tx, decision_id, Content.model_validate(change.model_dump(exclude={"version"})), change.version)


async def restore(tx: Tx, decision_id: UUID, version: int, *, instead_of: int) -> DecisionView:
    """Go back to an earlier text, as another revision."""
    rows = await Revisions(tx).of(decision_id)
    found = next((row for row in rows if row.version == version), None)
    if found is None:
        raise DecisionChanged(f"There is no version {version}.")
    said = Content.model_validate(found.content)
    now = (await Decisions(tx).get(decision_id)).channels
    said = said.model_copy(update={"channels": await in_sight(tx, said.channels, now)})
    return await _write(tx, decision_id, said, instead_of)


async def amend(tx: Tx, decision_id: UUID, amendment: Amendment) -> DecisionView:
    """Correct a typing error of a closed record, for everybody to see."""
    said = Content.model_validate(amendment.model_dump(exclude={"version", "note"}))
    return await correct(tx, decision_id, said, amendment.version, amendment.note)


async def correct(tx: Tx, decision_id: UUID, said: Content, version: int, note: str) -> DecisionView:
    """The same with a text as it came in from elsewhere; what is open is written."""
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_decide, decision)
    content = await scoped(tx, said, decision.channels)
    if Status(decision.status) in WRITABLE:
        return await _write(tx, decision_id, content, version)
    await _keep(tx, decision, content, note)
    decision.replace(content, version)
    await tx.session.flush()
    if Status(decision.status) in RECORDED:
        await ledger.record(tx, "amended", decision)
    if (await threads.get(tx, decision.thread_id)).channel.archived_at is None:
        await entitle(tx, decision)
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    tx.emit(DecisionAmended(decision=view, audience=heard, note=note))
    return view


async def cite(tx: Tx, event: MessagePosted | MessageEdited | MessageDeleted) -> None:
    """Remember which decisions a message names; what the workspace notes names nothing."""
    if event.message.kind != "message":
        return
    named = _numbers(event.message.html)
    if named or not isinstance(event, MessagePosted):
        await announce_naming(tx, named ^ await Citations(tx).put(event.message.id, sorted(named)))


def _must_not_reveal(thread: ThreadDetails, drawn: Drawn) -> None:
    """The title of a thread in a private channel is not carried into another one, whose readers are others."""
    goes_elsewhere = drawn.channel_id not in {None, thread.channel.id}
    if goes_elsewhere and not drawn.title and not thread.channel.is_open:
        raise Invalid(fields={"title": "Give it a title: that of the thread is not for everybody."})


def numbers_in(content: Content) -> set[int]:
    """The decisions that a text names, itself too where it does."""
    return _numbers(written(content))


async def _draft(
    tx: Tx, content: Content, channel_id: UUID, source: UUID | None, found: Sequence[MessageSource]
) -> Decision:
    tx.actor.must(Verb.DRAFT_DECISION)
    content = await scoped(tx, content)
    thread = await threads.open_thread(tx, channel_id, NewThread(title=content.title), is_record=True)
    decision = Decision(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        created_by=tx.actor.membership,
        decider_id=tx.actor.membership,
        thread_id=thread.id,
        source_thread_id=source,
        **content.model_dump(),
    )
    await Decisions(tx).add(decision)
    await _keep(tx, decision)
    await _attach(tx, decision, found)
    heard = channels.audience(await channels.get(tx, channel_id))
    view, ids = DecisionView.of(decision), tuple(message.id for message in found)
    tx.emit(DecisionDrafted(decision=view, audience=tuple(heard), message_ids=ids, source_thread_id=source))
    return decision


async def _write(tx: Tx, decision_id: UUID, content: Content, version: int) -> DecisionView:
    decision = await Decisions(tx).held(decision_id)
    tx.actor.must(policies.may_write, decision)
    content = await scoped(tx, content, decision.channels)
    if version == decision.version and content == decision.content:
        return DecisionView.of(decision)
    was = decision.status
    decision.write(content, version, tx.now)
    await _keep(tx, decision)
    await entitle(tx, decision)
    view, heard = DecisionView.of(decision), await audience(tx, decision)
    tx.emit(DecisionRevised(decision=view, audience=heard))
    if was != decision.status:
        tx.emit(FinalCommentStopped(decision=view, audience=heard, why="the text was changed"))
    await settle(tx, decision)
    return DecisionView.of(decision)


async def _attach(tx: Tx, decision: Decision, found: Sequence[MessageSource]) -> None:
    same: dict[str, Any] = {"organization_id": tx.actor.organization, "created_at": tx.now}
    for position, message in enumerate(found, 1):
        row = Evidence(decision_id=decision.id, message_id=message.id, position=position, **same)
        await EvidenceOf(tx).add(row)
        said = message.model_dump(include={"thread_id", "author_id", "seq", "revision", "source", "html"})
        tx.session.add(Snapshot(evidence_id=row.id, written_at=message.created_at, **said, **same))
    await tx.session.flush()


async def _keep(tx: Tx, decision: Decision, content: Content | None = None, note: str = "") -> None:
    """Keep the text as a revision, and whom it names: the text that it has, or the one that it will have."""
    version, said = (decision.version + 1, content) if content else (decision.version, decision.content)
    await Revisions(tx).keep(decision.id, said, version, note)
    before, named = await DecisionCitations(tx).of(decision.id), numbers_in(said) - {decision.number}
    await DecisionCitations(tx).put(decision.id, sorted(named))
    await announce_naming(tx, before ^ named)
    await reconsider(tx, decision, named)


def _numbers(text: str) -> set[int]:
    """The decisions that a text names."""
    return {int(found) for found in REFERENCE.findall(text)}
