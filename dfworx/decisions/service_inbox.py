"""What waits for somebody, and what it is about."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_aging import StaleMarks
from dfworx.decisions.repository_protocol import ConcernReplies
from dfworx.decisions.service_details import is_due, summaries
from dfworx.decisions.views import DecisionSummary
from dfworx.decisions.views_aging import Inbox, InboxItem
from dfworx.infra.database import Tx
from dfworx.infra.markdown import excerpt
from dfworx.organizations import service as organizations

PAGE = 50


async def inbox(tx: Tx) -> Inbox:
    """What waits for you."""
    tx.actor.must(Verb.READ)
    me = tx.actor.membership
    found = {
        "positions": await Decisions(tx).waiting_for_me(PAGE),
        "concerns": await Decisions(tx).held_up(me, PAGE),
        "replies": await Decisions(tx).answered(me, PAGE),
        "reviews": await Decisions(tx).due(tx.now.date(), PAGE, me),
        "stale": await Decisions(tx).those(await StaleMarks(tx).of_decider(me, PAGE)),
        "orphaned": await _orphaned(tx),
    }
    rows = {row.id: row for each in found.values() for row in each}
    shown = {each.id: each for each in await summaries(tx, [*rows.values()])}
    why = {
        "concerns": {row.id: " · ".join(shown[row.id].held_by) for row in found["concerns"]},
        "replies": await _replies(tx, [row.id for row in found["replies"]]),
        "stale": await _resting(tx, [row.id for row in found["stale"]]),
        "orphaned": await _left(tx, found["orphaned"], shown),
    }
    lists = {
        name: [InboxItem(**shown[row.id].model_dump(), why=why.get(name, {}).get(row.id, "")) for row in each]
        for name, each in found.items()
    }
    return Inbox(id=me, **lists, count=sum(map(len, lists.values())))


async def _replies(tx: Tx, decision_ids: list[UUID]) -> dict[UUID, str]:
    """Who said what last about one's concerns on these."""
    last = await ConcernReplies(tx).last_to(tx.actor.membership, decision_ids) if decision_ids else {}
    names = await organizations.names(tx, {reply.author_id for reply in last.values()})
    return {id_: f"{names.get(reply.author_id, '')}: {excerpt(reply.source)}" for id_, reply in last.items()}


async def _orphaned(tx: Tx) -> Sequence[Decision]:
    """What waits for a decider who is gone, for whoever may decide anybody's."""
    if not tx.actor.may(Verb.DECIDE_ANY):
        return []
    return await Decisions(tx).those(await StaleMarks(tx).orphaned(tx.now.date(), PAGE))


async def _left(tx: Tx, rows: Sequence[Decision], shown: Mapping[UUID, DecisionSummary]) -> dict[UUID, str]:
    """What waits on these."""
    resting = await _resting(tx, [row.id for row in rows])
    review = {row.id: "a review is due" for row in rows if is_due(row, tx.now.date())}
    return {
        row.id: " · ".join(filter(None, [*shown[row.id].held_by, review.get(row.id), resting.get(row.id)]))
        for row in rows
    }


async def _resting(tx: Tx, decision_ids: list[UUID]) -> dict[UUID, str]:
    """What these rest on that holds no more, as far as one sees it."""
    marks = await StaleMarks(tx).among(decision_ids) if decision_ids else {}
    gone = {
        row.id: f"DEC-{row.number}" for row in await Decisions(tx).those({b for each in marks.values() for b in each})
    }
    named = {id_: [gone[each] for each in found if each in gone] for id_, found in marks.items()}
    return {id_: f"rests on {', '.join(refs)}" for id_, refs in named.items() if refs}
