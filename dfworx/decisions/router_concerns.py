"""Concerns over REST, and what is said about them."""

from uuid import UUID

from fastapi import APIRouter

from dfworx.decisions import service_discussing as discussing
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.router_path import DecisionId
from dfworx.decisions.validators import Closing, NewConcern, NewReply
from dfworx.decisions.views_details import DecisionDetails
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}", tags=["decisions"])


@router.post("/decisions/{decision_id}/concerns", status_code=201)
async def raise_concern(decision_id: DecisionId, new: NewConcern, tx: InTx) -> DecisionDetails:
    """Name what has to be settled first."""
    return await showing.get(tx, (await protocol.raise_concern(tx, decision_id, new)).id)


@router.post("/concerns/{concern_id}/replies", status_code=201)
async def reply_to_concern(concern_id: UUID, new: NewReply, tx: InTx) -> DecisionDetails:
    """Say something about a concern, as long as it is open."""
    return await showing.get(tx, (await discussing.reply(tx, concern_id, new)).id)


@router.put("/concerns/{concern_id}/withdrawal")
async def withdraw_concern(concern_id: UUID, closing: Closing, tx: InTx) -> DecisionDetails:
    """Your own concern blocks no more."""
    return await showing.get(tx, (await protocol.withdraw_concern(tx, concern_id, closing)).id)


@router.put("/concerns/{concern_id}/resolution")
async def resolve_concern(concern_id: UUID, closing: Closing, tx: InTx) -> DecisionDetails:
    """As the decider say why a concern does not block."""
    return await showing.get(tx, (await protocol.resolve_concern(tx, concern_id, closing)).id)
