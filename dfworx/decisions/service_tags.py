"""Tags on decisions."""

from typing import Any
from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.repository import Decisions
from dfworx.decisions.service_audience import audience
from dfworx.infra.database import Tx
from dfworx.tags import service as tags
from dfworx.tags.events import Tagged, Untagged
from dfworx.tags.views import TagView


async def tag(tx: Tx, decision_id: UUID, tag_id: UUID) -> None:
    """Put a tag on a decision, whatever has become of it; putting it on twice changes nothing."""
    tx.actor.must(Verb.READ)
    decision = await Decisions(tx).get(decision_id)
    put = await tags.put(tx, "decision", decision_id, tag_id)
    if put is not None:
        tx.emit(Tagged(**await _tagging(tx, decision, put)))


async def untag(tx: Tx, decision_id: UUID, tag_id: UUID) -> None:
    """Take a tag off a decision."""
    tx.actor.must(Verb.READ)
    decision = await Decisions(tx).get(decision_id)
    taken = await tags.take_off(tx, "decision", decision_id, tag_id)
    tx.emit(Untagged(**await _tagging(tx, decision, taken)))


async def _tagging(tx: Tx, decision: Decision, tag: TagView) -> dict[str, Any]:
    heard = await audience(tx, decision)
    return {"tag": tag, "kind": "decision", "subject_id": decision.id, "scope": "", "audience": heard}
