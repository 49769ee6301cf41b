"""What became of talk: the decisions out of a thread, and the messages that are evidence of one."""

from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_evidence import EvidenceOf
from dfworx.decisions.service_details import summaries
from dfworx.decisions.views import DecisionSummary, DecisionView
from dfworx.decisions.views_evidence import EvidenceLink
from dfworx.infra.database import Tx
from dfworx.threads import service as threads


async def of_thread(tx: Tx, thread_id: UUID) -> list[DecisionSummary]:
    """What was decided out of a thread, and the decision whose conversation it is."""
    tx.actor.must(Verb.READ)
    rows = await Decisions(tx).of_thread(thread_id)
    return await summaries(tx, [row for row in rows if row.thread_id == thread_id or not _is_discarded(row)])


async def evidence_in(tx: Tx, thread_id: UUID) -> list[EvidenceLink]:
    """Which messages of a thread are evidence of a decision that you can see."""
    tx.actor.must(Verb.READ)
    await threads.get(tx, thread_id)
    links = await EvidenceOf(tx).in_thread(thread_id)
    rows = await Decisions(tx).those({link.decision_id for link in links})
    known = {row.id: DecisionView.of(row) for row in rows if not _is_discarded(row)}
    return [
        EvidenceLink(id=link.id, message_id=link.message_id, decision=known[link.decision_id])
        for link in links
        if link.decision_id in known
    ]


def _is_discarded(decision: Decision) -> bool:
    """A draft that was taken back: nobody but its own thread shows it."""
    return decision.number is None and decision.status == Status.WITHDRAWN
