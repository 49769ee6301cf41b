"""The short discussion of a concern: what is said about it while it is open."""

from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.events import ConcernAnswered
from dfworx.decisions.models_protocol import ConcernReply
from dfworx.decisions.repository_protocol import ConcernReplies
from dfworx.decisions.service_audience import audience
from dfworx.decisions.service_notices import notify
from dfworx.decisions.service_protocol import held_concern
from dfworx.decisions.validators import NewReply
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import Tx
from dfworx.infra.markdown import rendered


async def reply(tx: Tx, concern_id: UUID, new: NewReply) -> DecisionView:
    """Say something about a concern that is open."""
    decision, concern = await held_concern(tx, concern_id)
    tx.actor.must(Verb.TAKE_POSITION)
    concern.must_be_open()
    said = ConcernReply(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        concern_id=concern.id,
        author_id=tx.actor.membership,
        html=await rendered(new.source),
        **new.model_dump(),
    )
    await ConcernReplies(tx).add(said)
    about = {"concern_id": concern.id, "concern": concern.title, "reply_id": said.id}
    tx.emit(ConcernAnswered(decision=DecisionView.of(decision), audience=await audience(tx, decision), **about))
    await notify(tx, decision, "reply", [concern.owner_id, decision.decider_id], concern, said.id)
    return DecisionView.of(decision)
