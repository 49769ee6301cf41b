"""What people get to see of decisions: one with all that belongs to it, and the lists."""

from collections.abc import Collection, Sequence
from uuid import UUID

from pathspec import GitIgnoreSpec

from dfworx.channels import service as channels
from dfworx.core.actor import Actor
from dfworx.core.differences import marked
from dfworx.core.permissions import Verb
from dfworx.core.texts import words_of
from dfworx.decisions import policies
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import IN_FORCE, OPEN, WRITABLE, Status
from dfworx.decisions.models_protocol import Concern, Position, tally
from dfworx.decisions.repository import (
    Askings,
    Citations,
    Concerns,
    Decisions,
    EvidenceOf,
    Positions,
    Revisions,
)
from dfworx.decisions.validators import Content
from dfworx.decisions.views import (
    CitationView,
    ConcernView,
    DecisionDetails,
    DecisionPage,
    DecisionRevisionView,
    DecisionSummary,
    DecisionView,
    EvidenceView,
    PersonView,
    PositionView,
    TallyView,
)
from dfworx.infra.database import Tx
from dfworx.infra.markdown import rendered
from dfworx.organizations import service as organizations
from dfworx.threads import service as threads
from dfworx.threads.validators import NewThread

PAGE = 50
TITLE = 200  # characters of a thread's title
RENDERED = ("context", "drivers", "outcome", "consequences", "confirmation", "more")


async def get(tx: Tx, decision_id: UUID) -> DecisionDetails:
    """One decision with its people, positions, concerns, evidence and what became of it."""
    tx.actor.must(Verb.READ)
    return await details(tx, await Decisions(tx).get(decision_id))


async def numbered(tx: Tx, number: int) -> DecisionDetails:
    """The same by its number."""
    tx.actor.must(Verb.READ)
    return await details(tx, await Decisions(tx).numbered(number))


async def some(tx: Tx, numbers: Collection[int]) -> list[DecisionView]:
    """Those of these numbers that you can see: what a link shows of them."""
    tx.actor.must(Verb.READ)
    return [DecisionView.of(row) for row in await Decisions(tx).some(numbers)]


async def page(tx: Tx, after: UUID | None = None, statuses: Collection[Status] = (), words: str = "") -> DecisionPage:
    """The register, the newest first: all, or those of some states whose titles contain the words."""
    tx.actor.must(Verb.READ)
    rows = await Decisions(tx).page(PAGE + 1, after, [*statuses], words_of(words))
    items = await _summaries(tx, rows[:PAGE])
    return DecisionPage(items=items, next=str(items[-1].id) if len(rows) > PAGE else None)


async def waiting_for_me(tx: Tx) -> list[DecisionSummary]:
    """The open proposals that ask for your position."""
    tx.actor.must(Verb.READ)
    return await _summaries(tx, await Decisions(tx).waiting_for_me(PAGE))


async def of_thread(tx: Tx, thread_id: UUID) -> list[DecisionSummary]:
    """What was decided out of a thread, and the decision whose conversation it is."""
    tx.actor.must(Verb.READ)
    return await _summaries(tx, await Decisions(tx).of_thread(thread_id))


async def applicable(tx: Tx, paths: Sequence[str]) -> list[DecisionSummary]:
    """The accepted decisions whose globs, written as in .gitignore, match any of these files."""
    tx.actor.must(Verb.READ)
    return await _summaries(tx, [row for row in await Decisions(tx).governing() if _governs(row, paths)])


async def markdown(tx: Tx, decision_id: UUID) -> str:
    """The record as Markdown."""
    tx.actor.must(Verb.READ)
    return written((await Decisions(tx).get(decision_id)).content)


async def history(tx: Tx, decision_id: UUID) -> list[PositionView]:
    """Every position that was ever taken on it, the first one first."""
    tx.actor.must(Verb.READ)
    decision = await Decisions(tx).get(decision_id)
    rows = await Positions(tx).history(decision_id)
    names = await organizations.names(tx, {row.membership_id for row in rows})
    return [PositionView.of(row, names.get(row.membership_id, ""), decision.version) for row in rows]


async def revisions(tx: Tx, decision_id: UUID) -> list[DecisionRevisionView]:
    """The texts that it had, the newest first, each with what it changed."""
    tx.actor.must(Verb.READ)
    await Decisions(tx).get(decision_id)
    rows = await Revisions(tx).of(decision_id)
    names = await organizations.names(tx, {row.written_by for row in rows})
    texts = ["", *(written(Content.model_validate(row.content)) for row in rows)]
    shown = [
        DecisionRevisionView.of(row, names.get(row.written_by, ""), marked(before, after))
        for row, before, after in zip(rows, texts, texts[1:], strict=False)
    ]
    return shown[::-1]


def written(content: Content) -> str:
    """The record as Markdown, with MADR's headings; what is empty is left out."""
    blocks = [f"# {content.title}"]
    for name, heading in (("context", "Context and Problem Statement"), ("drivers", "Decision Drivers")):
        blocks += _section(heading, getattr(content, name))
    blocks += _section("Considered Options", "\n".join(f"* {option.title}" for option in content.options))
    chosen = f'Chosen option: "{content.chosen}".' if content.chosen else ""
    blocks += _section("Decision Outcome", "\n\n".join(filter(None, (chosen, content.outcome))))
    blocks += _section("Consequences", content.consequences, "###")
    blocks += _section("Confirmation", content.confirmation, "###")
    judged = [option for option in content.options if option.text or option.pros or option.cons or option.neutral]
    blocks += ["## Pros and Cons of the Options"] if judged else []
    for option in judged:
        points = [("Good", option.pros), ("Neutral", option.neutral), ("Bad", option.cons)]
        lines = [f"* {sign}, because {point}" for sign, each in points for point in each]
        blocks += _section(option.title, "\n\n".join(filter(None, (option.text, "\n".join(lines)))) or " ", "###")
    return "\n\n".join([*blocks, *_section("More Information", content.more)]) + "\n"


def _section(heading: str, text: str, level: str = "##") -> list[str]:
    return [f"{level} {heading}", text] if text else []


async def details(tx: Tx, decision: Decision) -> DecisionDetails:
    """Everything that belongs to it, as far as the actor may see it."""
    asked = await Askings(tx).of(decision.id)
    positions = await Positions(tx).of([decision.id])
    concerns = await Concerns(tx).of(decision.id)
    thread = await threads.get(tx, decision.thread_id)
    people = {decision.created_by, decision.decider_id, *asked, *(p.membership_id for p in positions)}
    people |= {person for c in concerns for person in (c.owner_id, c.closed_by)}
    names = await organizations.names(tx, people)
    stands = {p.membership_id: p.stand for p in positions if p.version == decision.version}
    source = decision.source_thread_id
    return DecisionDetails.of(
        decision,
        source_thread_id=source if source and await threads.can_see(tx, source) else None,
        channel_id=thread.channel.id,
        channel=thread.channel.name,
        author=names.get(decision.created_by, ""),
        decider=names.get(decision.decider_id, "") if decision.decider_id else "",
        html={name: await rendered(getattr(decision, name)) for name in RENDERED},
        asked=[PersonView(id=each, name=names.get(each, ""), stand=stands.get(each, "")) for each in asked],
        positions=[PositionView.of(p, names.get(p.membership_id, ""), decision.version) for p in positions],
        concerns=[ConcernView.of(concern, names) for concern in concerns],
        evidence=await _evidence(tx, decision.id),
        tally=TallyView.of(tally(decision.version, positions, concerns), decision),
        supersedes=[DecisionView.of(row) for row in await Decisions(tx).superseded_by(decision.id)],
        successor=await _successor(tx, decision),
        cited_in=await _cited_in(tx, decision),
        may=_may(tx.actor, decision, asked, concerns),
    )


def may_answer(actor: Actor, asked: Collection[UUID]) -> bool:
    """Whether this member's position is asked for: everybody's, where nobody is named."""
    return actor.may(Verb.TAKE_POSITION) and (not asked or actor.membership_id in asked)


def _may(actor: Actor, decision: Decision, asked: Collection[UUID], concerns: Sequence[Concern]) -> dict[str, bool]:
    status = Status(decision.status)
    is_open, decides = status in OPEN, policies.may_decide(actor, decision)
    return {
        "write": status in WRITABLE and policies.may_write(actor, decision),
        "propose": status is Status.DRAFT and policies.may_propose(actor, decision),
        "answer": decision.number is not None and status is not Status.WITHDRAWN and may_answer(actor, asked),
        "raise": is_open and actor.may(Verb.TAKE_POSITION),
        "reject": is_open and decides,
        "withdraw": status in WRITABLE and policies.may_withdraw(actor, decision),
        "resolve": is_open and decides and any(concern.state == "open" for concern in concerns),
        "deprecate": status in IN_FORCE and decides,
        "amend": status not in WRITABLE and decides,
    }


def _governs(decision: Decision, paths: Sequence[str]) -> bool:
    globs = GitIgnoreSpec.from_lines(decision.paths)
    return any(globs.match_file(path) for path in paths)


async def _summaries(tx: Tx, rows: Sequence[Decision]) -> list[DecisionSummary]:
    ids = [row.id for row in rows]
    names = await organizations.names(tx, {row.decider_id for row in rows})
    concerns = await Concerns(tx).open_on(ids)
    me = tx.actor.membership_id
    mine = {p.decision_id: p for p in await Positions(tx).of(ids) if p.membership_id == me}
    asked = await Askings(tx).asking(ids, me) if me else set()
    return [
        DecisionSummary.of(
            row,
            decider=names.get(row.decider_id, "") if row.decider_id else "",
            is_asked=row.id in asked,
            has_answered=_holds(mine.get(row.id), row),
            concerns=concerns.get(row.id, 0),
        )
        for row in rows
    ]


def _holds(position: Position | None, decision: Decision) -> bool:
    return position is not None and position.version == decision.version


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


async def _successor(tx: Tx, decision: Decision) -> DecisionView | None:
    row = await Decisions(tx).find(decision.superseded_by) if decision.superseded_by else None
    return DecisionView.of(row) if row else None


async def _cited_in(tx: Tx, decision: Decision) -> list[CitationView]:
    rows = await Citations(tx).of(decision.number) if decision.number else []
    return [CitationView(message_id=r.message_id, thread_id=r.thread_id, thread=r.thread, seq=r.seq) for r in rows]


async def entitle(tx: Tx, decision: Decision) -> None:
    """The conversation is called what the decision is called."""
    title = f"DEC-{decision.number}: {decision.title}" if decision.number else decision.title
    title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
    await threads.entitle(tx, decision.thread_id, NewThread(title=title))


async def audience(tx: Tx, decision: Decision) -> tuple[str, ...]:
    """Who hears of what happens to it: whoever sees its channel."""
    thread = await threads.get(tx, decision.thread_id)
    return tuple(channels.audience(thread.channel))
