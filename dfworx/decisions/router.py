"""Decisions over REST."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, StringConstraints

from dfworx.decisions import service as decisions
from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_asking as asking
from dfworx.decisions import service_ballots as ballots
from dfworx.decisions import service_export as export
from dfworx.decisions import service_graph as graph
from dfworx.decisions import service_inbox as inboxes
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_tags as tagging
from dfworx.decisions import service_talk as talk
from dfworx.decisions.router_path import DecisionId
from dfworx.decisions.validators import (
    Amendment,
    Asked,
    Change,
    Closing,
    Confirmation,
    Drawn,
    Narrowing,
    NewDecision,
    Proposal,
    Ranking,
    Scores,
    Sought,
    Stand,
)
from dfworx.decisions.views import DecisionPage, DecisionRevisionView, DecisionSummary, DecisionView, RegisterCounts
from dfworx.decisions.views_aging import Inbox, LedgerHead, LedgerView, StaleView
from dfworx.decisions.views_details import DecisionDetails
from dfworx.decisions.views_evidence import EvidenceLink
from dfworx.decisions.views_protocol import AskedView, Comparison, PositionView
from dfworx.web.answers import MARKDOWN, PICTURE, ZIP, Markdown, Packed, Picture
from dfworx.web.transactions import InTx

router = APIRouter(prefix="/organizations/{organization}", tags=["decisions"])

Numbers = Annotated[list[int], Query(min_length=1, max_length=100)]
FilePath = Annotated[str, StringConstraints(max_length=1000)]


@router.get("/decisions")
async def list_decisions(tx: InTx, sought: Annotated[Sought, Query()]) -> DecisionPage:
    """The register, the newest first, narrowed to what fits all that is asked.

    `status`: any of these; `title`: its words; `tag`: all of these; `path`: it governs any of these files; `channel`:
    it governs that, or its conversation stands there; `person`: decides, is asked or has drafted it; `since`, `until`:
    days (UTC) of the last step that counts (decided, else proposed, else drafted); `stale`; `due` for review; `waiting`
    for you.
    """
    return await showing.page(tx, sought)


@router.post("/decisions", status_code=201)
async def draft_decision(new: NewDecision, tx: InTx) -> DecisionDetails:
    """Begin a decision; its conversation is a thread in the channel."""
    return await showing.get(tx, (await decisions.draft(tx, new)).id)


@router.get("/decisions/counts")
async def count_decisions(tx: InTx, sought: Annotated[Narrowing, Query()]) -> RegisterCounts:
    """How many decisions each part of the register has for you; narrowed like the register, of what fits."""
    return await showing.counts(tx, sought)


@router.get("/decisions/waiting")
async def decisions_waiting(tx: InTx) -> list[DecisionSummary]:
    """The open proposals that ask for your position."""
    return await showing.waiting_for_me(tx)


@router.get("/decisions/named")
async def decisions_named(tx: InTx, number: Numbers) -> list[DecisionSummary]:
    """Those of these numbers that you can see."""
    return await showing.some(tx, number)


@router.get("/decisions/applicable")
async def decisions_applicable(
    tx: InTx, paths: Annotated[list[FilePath], Query(min_length=1, max_length=2000)]
) -> list[DecisionSummary]:
    """The accepted decisions that govern any of these files."""
    return await showing.applicable(tx, paths)


@router.get("/decisions/similar")
async def similar_decisions(
    tx: InTx, words: Annotated[str, Query(min_length=1, max_length=1000)]
) -> list[DecisionSummary]:
    """What may be decided already: the three nearest to some words."""
    return await showing.similar(tx, words)


@router.get("/decisions/due")
async def decisions_due(tx: InTx) -> list[DecisionSummary]:
    """The decisions that are to be looked at again, the longest due first."""
    return await showing.due(tx)


@router.get("/decisions/as-of")
async def register_as_of(tx: InTx, at: AwareDatetime) -> list[DecisionView]:
    """The register as it stood at a moment."""
    return await aging.as_of(tx, at)


@router.get("/decisions/timeline", response_model=None, responses=PICTURE)
async def timeline_of_decisions(tx: InTx, sought: Annotated[Narrowing, Query()]) -> Picture:
    """The records along the time, with what took the place of what; narrowed like the register."""
    return Picture(await graph.timeline(tx, sought))


@router.get("/decisions/export", response_model=None, responses=ZIP)
async def export_decisions(tx: InTx) -> Packed:
    """A zip of the register as files: MADR 4 with front matter, without drafts, the same bytes each time."""
    return Packed(await export.packed(tx))


@router.get("/decisions/numbered/{number}")
async def decision_numbered(number: int, tx: InTx) -> DecisionDetails:
    """A decision by its number."""
    return await showing.numbered(tx, number)


@router.get("/decisions/{decision_id}")
async def get_decision(decision_id: DecisionId, tx: InTx) -> DecisionDetails:
    """A decision with its people, positions, concerns and evidence."""
    return await showing.get(tx, decision_id)


@router.get("/decisions/{decision_id}/markdown", response_model=None, responses=MARKDOWN)
async def decision_as_markdown(decision_id: DecisionId, tx: InTx) -> Markdown:
    """The record as Markdown, with MADR's headings."""
    return Markdown(await showing.markdown(tx, decision_id))


@router.put("/decisions/{decision_id}/text")
async def revise_decision(decision_id: DecisionId, change: Change, tx: InTx) -> DecisionDetails:
    """Write another text, made from a version; a proposal asks everybody anew."""
    return await showing.get(tx, (await decisions.revise(tx, decision_id, change)).id)


@router.get("/decisions/{decision_id}/revisions")
async def decision_revisions(decision_id: DecisionId, tx: InTx) -> list[DecisionRevisionView]:
    """The texts that it had, the newest first."""
    return await showing.revisions(tx, decision_id)


@router.put("/decisions/{decision_id}/revisions/{version}/restoration")
async def restore_decision(
    decision_id: DecisionId, version: int, instead_of: Annotated[int, Query(ge=1)], tx: InTx
) -> DecisionDetails:
    """Go back to an earlier text, as another revision; `instead_of` is the version that you have seen."""
    return await showing.get(tx, (await decisions.restore(tx, decision_id, version, instead_of=instead_of)).id)


@router.post("/decisions/{decision_id}/amendments", status_code=201)
async def amend_decision(decision_id: DecisionId, amendment: Amendment, tx: InTx) -> DecisionDetails:
    """Correct a typing error of a closed record."""
    return await showing.get(tx, (await decisions.amend(tx, decision_id, amendment)).id)


@router.get("/decisions/{decision_id}/asking")
async def whom_a_proposal_asks(decision_id: DecisionId, asked: Annotated[Asked, Query()], tx: InTx) -> AskedView:
    """Whom it would ask, if it were proposed now, as people; while it is open, whom besides those who are asked."""
    return await asking.preview(tx, decision_id, asked)


@router.post("/decisions/{decision_id}/asking", status_code=201)
async def ask_more_people(decision_id: DecisionId, asked: Asked, tx: InTx) -> DecisionDetails:
    """Ask further people where they stand, while it is open; nobody is asked twice."""
    return await showing.get(tx, (await asking.ask_more(tx, decision_id, asked)).id)


@router.put("/decisions/{decision_id}/proposal")
async def propose_decision(decision_id: DecisionId, proposal: Proposal, tx: InTx) -> DecisionDetails:
    """Give it its number, and ask people where they stand."""
    return await showing.get(tx, (await protocol.propose(tx, decision_id, proposal)).id)


@router.put("/decisions/{decision_id}/position")
async def take_position(decision_id: DecisionId, stand: Stand, tx: InTx) -> DecisionDetails:
    """Say where you stand on the text as it is."""
    return await showing.get(tx, (await protocol.stand(tx, decision_id, stand)).id)


@router.get("/decisions/{decision_id}/comparison")
async def comparison_of_options(decision_id: DecisionId, tx: InTx) -> Comparison:
    """How the options compare so far, in numbers, words and a picture."""
    return await ballots.compared(tx, decision_id)


@router.put("/decisions/{decision_id}/scores")
async def score_options(decision_id: DecisionId, scores: Scores, tx: InTx) -> Comparison:
    """Say how much you like each option, where the proposal asks for scores."""
    return await ballots.score(tx, decision_id, scores)


@router.put("/decisions/{decision_id}/ranking")
async def rank_options(decision_id: DecisionId, ranking: Ranking, tx: InTx) -> Comparison:
    """Say which options you like better than which, where the proposal asks for a ranking."""
    return await ballots.rank(tx, decision_id, ranking)


@router.get("/decisions/{decision_id}/positions")
async def position_history(decision_id: DecisionId, tx: InTx) -> list[PositionView]:
    """Every position that was ever taken on it, the first one first."""
    return await showing.history(tx, decision_id)


@router.put("/decisions/{decision_id}/rejection")
async def reject_decision(decision_id: DecisionId, closing: Closing, tx: InTx) -> DecisionDetails:
    """It is decided that this is not done."""
    return await showing.get(tx, (await protocol.reject(tx, decision_id, closing)).id)


@router.put("/decisions/{decision_id}/withdrawal")
async def withdraw_decision(decision_id: DecisionId, closing: Closing, tx: InTx) -> DecisionDetails:
    """Take a draft or a proposal back."""
    return await showing.get(tx, (await protocol.withdraw(tx, decision_id, closing)).id)


@router.put("/decisions/{decision_id}/deprecation")
async def deprecate_decision(decision_id: DecisionId, closing: Closing, tx: InTx) -> DecisionDetails:
    """It holds no more, and nothing takes its place."""
    return await showing.get(tx, (await protocol.deprecate(tx, decision_id, closing)).id)


@router.put("/decisions/{decision_id}/confirmation")
async def confirm_decision(decision_id: DecisionId, confirmation: Confirmation, tx: InTx) -> DecisionDetails:
    """You have looked at it: it still holds, and is to be looked at again then."""
    return await showing.get(tx, (await aging.confirm(tx, decision_id, confirmation)).id)


@router.put("/decisions/{decision_id}/tags/{tag_id}", status_code=204)
async def tag_decision(decision_id: DecisionId, tag_id: UUID, tx: InTx) -> None:
    """Put a tag on it; doing it twice changes nothing."""
    await tagging.tag(tx, decision_id, tag_id)


@router.delete("/decisions/{decision_id}/tags/{tag_id}", status_code=204)
async def untag_decision(decision_id: DecisionId, tag_id: UUID, tx: InTx) -> None:
    """Take a tag off it."""
    await tagging.untag(tx, decision_id, tag_id)


@router.get("/threads/{thread_id}/staleness")
async def why_a_thread_is_stale(thread_id: UUID, tx: InTx) -> list[StaleView]:
    """The records that a thread names and that hold no more."""
    return await aging.why_stale(tx, thread_id)


@router.put("/threads/{thread_id}/confirmation", status_code=204)
async def confirm_thread(thread_id: UUID, tx: InTx) -> None:
    """You have looked at a thread that names a record that holds no more."""
    await aging.confirm_thread(tx, thread_id)


@router.get("/inbox")
async def inbox(tx: InTx) -> Inbox:
    """What waits for you."""
    return await inboxes.inbox(tx)


@router.get("/threads/{thread_id}/decisions")
async def decisions_of_thread(thread_id: UUID, tx: InTx) -> list[DecisionSummary]:
    """What was decided out of a thread, and the decision whose conversation it is."""
    return await talk.of_thread(tx, thread_id)


@router.get("/threads/{thread_id}/evidence")
async def evidence_in_thread(thread_id: UUID, tx: InTx) -> list[EvidenceLink]:
    """Which messages of a thread are evidence of which decision."""
    return await talk.evidence_in(tx, thread_id)


@router.post("/threads/{thread_id}/decisions", status_code=201)
async def draw_decision(thread_id: UUID, drawn: Drawn, tx: InTx) -> DecisionDetails:
    """Begin a decision out of a thread, with messages of it as evidence: these, or the last 200."""
    return await showing.get(tx, (await decisions.draw(tx, thread_id, drawn)).id)


@router.get("/ledger/head")
async def head_of_ledger(tx: InTx) -> LedgerHead:
    """The last digest of the chain of what was decided."""
    return await ledger.head(tx)


@router.get("/ledger")
async def verify_ledger(tx: InTx) -> LedgerView:
    """Whether the chain of what was decided holds, and where it does not."""
    return await ledger.verify(tx)
