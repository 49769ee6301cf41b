"""One decision with all that belongs to it, as far as somebody may see it; and what lists show of it."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from dfworx.core import ids
from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.core.texts import cut
from dfworx.decisions import policies
from dfworx.decisions.models import Decision
from dfworx.decisions.models_aging import StaleMark
from dfworx.decisions.models_lifecycle import IN_FORCE, OPEN, WRITABLE, Status
from dfworx.decisions.models_protocol import Concern, ConcernState, Position, answered, tally
from dfworx.decisions.repository import Decisions, Revisions
from dfworx.decisions.repository_aging import StaleMarks
from dfworx.decisions.repository_evidence import Citations, EvidenceOf
from dfworx.decisions.repository_protocol import Askings, ConcernReplies, Concerns, Positions
from dfworx.decisions.service_audience import shortage
from dfworx.decisions.service_scope import governed
from dfworx.decisions.validators import Option
from dfworx.decisions.views import DecisionSummary, DecisionView
from dfworx.decisions.views_aging import StaleView
from dfworx.decisions.views_details import DecisionDetails, OptionText
from dfworx.decisions.views_evidence import CitationView, EvidenceView
from dfworx.decisions.views_protocol import ConcernView, PersonView, PositionView, TallyView
from dfworx.infra.database import Tx
from dfworx.infra.markdown import bare, excerpt, inline, rendered
from dfworx.organizations import service as organizations
from dfworx.tags import service as tags
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread

TITLE = 200  # characters of a thread's title
GIST = 160  # characters of an outcome, where there is room for a line of it
MARKS = re.compile(r"`|\*\*|^[#>*+-]+\s+", re.MULTILINE)  # of markdown, where a text is shown in a line
RENDERED = ("context", "drivers", "outcome", "consequences", "confirmation", "more", "closing")


async def details(tx: Tx, decision: Decision) -> DecisionDetails:
    """Everything that belongs to it, as far as the actor may see it."""
    asked = await Askings(tx).of(decision.id)
    positions = await Positions(tx).of([decision.id])
    concerns = await Concerns(tx).of(decision.id)
    marks = await StaleMarks(tx).on(decision_id=decision.id)
    thread = await threads.get(tx, decision.thread_id)
    people = {decision.created_by, decision.decider_id, *asked, *(p.membership_id for p in positions)}
    people |= {person for c in concerns for person in (c.owner_id, c.closed_by)}
    replies = await ConcernReplies(tx).on([concern.id for concern in concerns])
    people |= {reply.author_id for said in replies.values() for reply in said}
    names = await organizations.names(tx, people)
    version = (await text_versions(tx, [decision]))[decision.id]
    shown = await worded(shown_positions(tx.actor, decision, positions, names, version))
    stands = {p.membership_id: p.stand for p in shown if p.membership_id and not p.is_stale}
    holders = {concern.owner_id for concern in concerns if concern.state == ConcernState.OPEN}
    short = await shortage(tx, decision, asked, positions)
    counted = TallyView.of(tally(version, positions, concerns), decision, short)
    source = decision.source_thread_id
    governs = sorted((await governed(tx, [decision])).values(), key=lambda each: each.name)
    return DecisionDetails.of(
        decision,
        channels=[each.id for each in governs],
        governs=governs,
        source_thread_id=source if source and await threads.can_see(tx, source) else None,
        channel_id=thread.channel.id,
        channel=thread.channel.name,
        author=names.get(decision.created_by, ""),
        decider=names.get(decision.decider_id, "") if decision.decider_id else "",
        html={name: await rendered(getattr(decision, name)) for name in RENDERED} | {"chosen": inline(decision.chosen)},
        options_html=[await _option(option, decision.chosen) for option in decision.content.options],
        asked=[
            PersonView(id=each, name=names.get(each, ""), stand=stands.get(each, ""), has_concern=each in holders)
            for each in asked
        ],
        positions=shown,
        concerns=[await _concern(ConcernView.of(each, names, replies[each.id])) for each in concerns],
        evidence=await _evidence(tx, decision.id),
        tally=counted.without_results() if is_veiled(tx.actor, decision, positions) else counted,
        supersedes=[DecisionView.of(row) for row in await Decisions(tx).superseded_by(decision.id)],
        replaces=await _replaces(tx, decision),
        contested_by=[DecisionView.of(row) for row in await Decisions(tx).replacing(decision.id)],
        successor=await _successor(tx, decision),
        cited_in=await _cited_in(tx, decision),
        named_by=await _named_by(tx, decision),
        stale=await reasons(tx, marks),
        is_due=is_due(decision, tx.now.date()),
        is_imported=decision.origin is not None,
        tags=(await tags.on(tx, "decision", [decision.id]))[decision.id],
        may=_may(tx.actor, decision, asked, concerns, is_stale=bool(marks)),
    )


async def _concern(concern: ConcernView) -> ConcernView:
    looks = {"title_html": inline(concern.title), "reason_html": await rendered(concern.reason)}
    return concern.model_copy(update=looks)


async def _option(option: Option, chosen: str) -> OptionText:
    is_chosen = bool(chosen) and excerpt(option.title, TITLE) == excerpt(chosen, TITLE)  # a title may hold a link
    points = {name: [await rendered(point) for point in getattr(option, name)] for name in ("pros", "cons", "neutral")}
    return OptionText(title=inline(option.title), text=await rendered(option.text), is_chosen=is_chosen, **points)


async def text_versions(tx: Tx, rows: Sequence[Decision]) -> dict[UUID, int]:
    """The version of each that people were asked about: a closed record that was amended is no other text."""
    closed = [row.id for row in rows if Status(row.status) not in WRITABLE]
    amended = await Revisions(tx).amendments(closed) if closed else {}
    return {row.id: row.version - amended.get(row.id, 0) for row in rows}


def is_veiled(actor: Actor, decision: Decision, positions: Sequence[Position]) -> bool:
    """Whether how others answered is hidden from somebody who has no position yet; a concern shows nothing."""
    has_position = any(p.membership_id == actor.membership_id and p.version == decision.version for p in positions)
    return decision.is_hidden and Status(decision.status) in OPEN and not has_position


def shown_positions(
    actor: Actor, decision: Decision, positions: Sequence[Position], names: dict[UUID, str], version: int
) -> list[PositionView]:
    """The positions, as far as this proposal shows them to somebody: in no order that tells who took which.

    `version` is that of the text that people were asked about.
    """
    me = actor.membership_id
    veiled = is_veiled(actor, decision, positions)
    shown = [
        PositionView.of(p, names.get(p.membership_id, ""), version)
        for p in positions
        if p.membership_id == me or not veiled
    ]
    if not decision.is_anonymous:
        return shown
    nameless = [
        p
        if p.membership_id == me
        else p.model_copy(update={"id": ids.new_id(), "membership_id": None, "person": "", "created_at": None})
        for p in shown
    ]
    return sorted(nameless, key=lambda p: ("", "", "") if p.membership_id else ("nameless", p.stand, p.reason))


async def worded(positions: list[PositionView]) -> list[PositionView]:
    """With what their reasons look like."""
    return [each.model_copy(update={"html": await rendered(each.reason)}) for each in positions]


def may_answer(actor: Actor, asked: Collection[UUID]) -> bool:
    """Whether this member's position is asked for: everybody's, where nobody is named."""
    return actor.may(Verb.TAKE_POSITION) and (not asked or actor.membership_id in asked)


def _may(
    actor: Actor, decision: Decision, asked: Collection[UUID], concerns: Sequence[Concern], *, is_stale: bool
) -> dict[str, bool]:
    status = Status(decision.status)
    is_open, decides = status in OPEN, policies.may_decide(actor, decision)
    return {
        "write": status in WRITABLE and policies.may_write(actor, decision),
        "propose": status is Status.DRAFT and policies.may_propose(actor, decision),
        "answer": decision.number is not None and status is not Status.WITHDRAWN and may_answer(actor, asked),
        "raise": is_open and actor.may(Verb.TAKE_POSITION),
        "ask": is_open and decides and bool(asked),
        "reject": is_open and decides,
        "withdraw": status in WRITABLE and policies.may_withdraw(actor, decision),
        "resolve": is_open and decides and any(concern.state == "open" for concern in concerns),
        "deprecate": status in IN_FORCE and decides,
        "amend": status not in WRITABLE and decides,
        "supersede": status in IN_FORCE and decides and actor.may(Verb.DRAFT_DECISION),
        "confirm": (status in IN_FORCE or is_stale) and decides,
        "tag": actor.may(Verb.TAG),
    }


async def summaries(tx: Tx, rows: Sequence[Decision]) -> list[DecisionSummary]:
    """These as they stand in a list."""
    shown = [row.id for row in rows]
    names = await organizations.names(tx, {row.decider_id for row in rows})
    concerns = await Concerns(tx).open_on(shown)
    me = tx.actor.membership_id
    versions = await text_versions(tx, rows)
    positions: dict[UUID, list[Position]] = {}
    for position in await Positions(tx).of(shown):
        positions.setdefault(position.decision_id, []).append(position)
    asked = await Askings(tx).on(shown)
    hanging = await tags.on(tx, "decision", shown)
    stale = await StaleMarks(tx).among(shown)
    after = {
        row.id: row.number for row in await Decisions(tx).those({r.superseded_by for r in rows if r.superseded_by})
    }

    def said(row: Decision, holders: Collection[UUID] = ()) -> set[UUID]:
        return answered(versions[row.id], positions.get(row.id, ()), holders)

    return [
        DecisionSummary.of(
            row,
            decider=names.get(row.decider_id, "") if row.decider_id else "",
            gist=bare(row.chosen) or _beginning(row.outcome),
            asked=len(asked.get(row.id, ())),
            answered=len(asked.get(row.id, set()) & said(row)),
            is_asked=me in asked.get(row.id, ()),
            has_answered=me in said(row, [owner for owner, _ in concerns.get(row.id, ())]),
            concerns=len(concerns.get(row.id, ())),
            held_by=[bare(title) for _, title in concerns.get(row.id, ())],
            tags=hanging[row.id],
            is_stale=row.id in stale,
            successor_ref=f"DEC-{after[row.superseded_by]}" if row.superseded_by in after else "",
        )
        for row in rows
    ]


def _beginning(text: str) -> str:
    return cut(" ".join(MARKS.sub("", text).split()), GIST)


async def _evidence(tx: Tx, decision_id: UUID) -> list[EvidenceView]:
    rows = await EvidenceOf(tx).of(decision_id)
    changed = await EvidenceOf(tx).changed(decision_id)
    authors = await organizations.authors(tx, {snapshot.author_id for _, snapshot in rows if snapshot})
    return [
        EvidenceView.of(
            row, snapshot, authors.get(snapshot.author_id) if snapshot else None, has_changed=row.id in changed
        )
        for row, snapshot in rows
    ]


async def reasons(tx: Tx, marks: Sequence[StaleMark]) -> list[StaleView]:
    """Why something is marked: the records that hold no more, as far as one can see them."""
    gone = {row.id: row for row in await Decisions(tx).those({mark.because_id for mark in marks})}
    after = await Decisions(tx).those({row.superseded_by for row in gone.values() if row.superseded_by})
    views = {row.id: DecisionView.of(row) for row in (*gone.values(), *after)}
    return [
        StaleView(
            id=mark.id,
            because=views[mark.because_id],
            successor=views.get(row.superseded_by) if row.superseded_by else None,
            since=mark.created_at,
        )
        for mark in marks
        if (row := gone.get(mark.because_id))
    ]


def is_due(decision: Decision, on: date) -> bool:
    """Whether it holds and is to be looked at again."""
    return Status(decision.status) in IN_FORCE and decision.review_on is not None and decision.review_on <= on


async def _successor(tx: Tx, decision: Decision) -> DecisionView | None:
    row = await Decisions(tx).find(decision.superseded_by) if decision.superseded_by else None
    return DecisionView.of(row) if row else None


async def _replaces(tx: Tx, decision: Decision) -> list[DecisionView]:
    if Status(decision.status) not in WRITABLE:
        return []
    return [DecisionView.of(row) for row in await Decisions(tx).those([UUID(each) for each in decision.replaces])]


async def _named_by(tx: Tx, decision: Decision) -> list[DecisionView]:
    return [DecisionView.of(row) for row in await Decisions(tx).naming(decision.number)] if decision.number else []


async def _cited_in(tx: Tx, decision: Decision) -> list[CitationView]:
    rows = await Citations(tx).of(decision.number) if decision.number else []
    return [CitationView(message_id=r.message_id, thread_id=r.thread_id, thread=r.thread, seq=r.seq) for r in rows]


async def entitle(tx: Tx, decision: Decision) -> None:
    """The conversation is called what the decision is called."""
    await threads.entitle(tx, decision.thread_id, NewThread(title=titled(decision.number, decision.title)))


def titled(number: int | None, title: str) -> str:
    """What the conversation about a decision is called."""
    return cut(f"DEC-{number}: {title}" if number else title, TITLE)
