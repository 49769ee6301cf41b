"""Records that were decided elsewhere: which numbers they get, and how they come in."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.events import DecisionImported
from dfworx.decisions.models import Decision, DecisionRevision
from dfworx.decisions.models_aging import DecisionCitation
from dfworx.decisions.models_ledger import Register
from dfworx.decisions.models_lifecycle import OPEN, RECORDED, WRITABLE, Status
from dfworx.decisions.repository import Decisions, Revisions
from dfworx.decisions.repository_aging import DecisionCitations
from dfworx.decisions.repository_ledger import Ledger
from dfworx.decisions.service_details import titled
from dfworx.decisions.validators import Brought, Closing, Content
from dfworx.decisions.views import BroughtView, DecisionView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.threads import service_bringing as threads
from dfworx.threads.validators import ImportedThread

AUTHOR = "adr:"  # and a name: where an author comes from
NOBODY = "Decision archive"  # who drafted what names nobody, where nobody is signed in


@dataclass
class _Ready:
    """A record as it will be stored: what is JSON is so already."""

    row: Decision
    revision: DecisionRevision
    citations: dict[int, str]
    stored: str = ""
    text: str = ""
    linked: str = ""  # what the ledger says of it, where it does
    view: DecisionView | None = None

    def finish(self, tx: Tx, number: int | None, successor: UUID | None) -> None:
        """Make all that depends on its number and its successor."""
        row = self.row
        row.number, row.superseded_by = number, successor
        self.stored, self.text = row.model_dump_json(), self.revision.model_dump_json()
        self.linked = ledger.said_of(tx, "imported", row) if Status(row.status) in RECORDED else ""
        self.view = DecisionView.of(row)


async def plan(tx: Tx, brought: Sequence[Brought]) -> list[BroughtView]:
    """What would become of these, in their order; nothing is stored."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # a number may be taken by a record that is out of sight
    register = await Ledger(tx).head()
    known = await Decisions(tx).of_origins([each.origin for each in brought])
    planned = await _plan(tx, brought, register.numbers if register else 0, known)
    await tx.act_as(person)
    return planned


async def bring_in(
    tx: Tx, channel_id: UUID, brought: Sequence[Brought], here: Mapping[str, UUID] | None = None
) -> list[BroughtView]:
    """Store these with a thread each; what is here already, by its origin or because `here` says so, stays as it is.

    Whoever proposes meanwhile waits for the register, so all is made before it is held, with the numbers that are free
    then; what somebody was faster with is made again.
    """
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # the database lets only an import store what is decided
    known = await _known(tx, brought, here)
    ready = await _ready(tx, [each for each in brought if each.origin not in known], person.membership_id)
    head = await Ledger(tx).head()
    foreseen = await _plan(tx, brought, head.numbers if head else 0, known)
    await _foresee(
        tx, channel_id, [each for each in brought if each.origin in ready], foreseen, ready, _ids(known, ready)
    )
    heard = tuple(channels.audience(await channels.get_open(tx, channel_id)))
    register = await Ledger(tx).register()
    known |= await Decisions(tx).of_origins(list(ready))  # somebody else may have brought in the same
    planned = await _plan(tx, brought, register.numbers, known)
    new = [each for each in brought if each.origin not in known]
    ids = _ids(known, ready)
    await _correct(tx, new, planned, ready, ids)
    await _store(tx, register, [ready[each.origin] for each in _successors_first(new)])
    stored = sorted((ready[each.origin] for each in new), key=lambda each: (each.row.number or 0, each.row.id))
    await ledger.record_said(tx, "imported", [(each.row.id, each.linked) for each in stored if each.linked])
    for each in stored:
        if each.view:
            tx.emit(DecisionImported(decision=each.view, audience=heard))
    await tx.act_as(person)
    return [each.model_copy(update={"decision_id": ids[each.origin]}) for each in planned]


async def came_from(tx: Tx, origins: Collection[str]) -> dict[str, UUID]:
    """The records that were brought in from there."""
    tx.actor.must(Verb.READ)
    return {origin: row.id for origin, row in (await Decisions(tx).of_origins(origins)).items()}


async def hold(tx: Tx, decision_ids: Collection[UUID]) -> None:
    """Let nobody else change these until the end: before the register is held, as whoever ends a record does it."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))
    for each in sorted(decision_ids):
        await Decisions(tx).held(each)
    await tx.act_as(person)


async def rewrite(tx: Tx, decision_id: UUID, content: Content, version: int, note: str) -> None:
    """Take over the text of a file that was changed: it asks everybody anew, or amends what is closed."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(await _hand(tx))
    await decisions.correct(tx, decision_id, content, version, note)
    await tx.act_as(person)


async def end(tx: Tx, decision_id: UUID, reason: str, successor_id: UUID | None) -> None:
    """A file says that a record holds no more: another took its place, or nothing did."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(await _hand(tx))
    if successor_id is None:
        await protocol.deprecate(tx, decision_id, Closing(reason=reason))
    else:
        old = await Decisions(tx).held(decision_id)
        await protocol.take_the_place(tx, await Decisions(tx).get(successor_id), [old])
    await tx.act_as(person)


async def _hand(tx: Tx) -> Actor:
    """Who writes for an import: whoever is signed in, or nobody in particular; the database lets the system do it."""
    person = tx.actor
    await tx.act_as(Actor.system(person.organization))
    who = person.membership_id or (await organizations.add_authors(tx, {AUTHOR: NOBODY}))[AUTHOR]
    return replace(Actor.system(person.organization), membership_id=who)


async def _known(tx: Tx, brought: Sequence[Brought], here: Mapping[str, UUID] | None) -> dict[str, Decision]:
    """Those of these that are here already."""
    rows = {row.id: row for row in await Decisions(tx).those(set((here or {}).values()))}
    known = await Decisions(tx).of_origins([each.origin for each in brought])
    return {**known, **{origin: rows[id_] for origin, id_ in (here or {}).items()}}


async def _plan(tx: Tx, brought: Sequence[Brought], highest: int, known: Mapping[str, Decision]) -> list[BroughtView]:
    """Who is free to keep a number keeps it; the others get the next ones after all of these."""
    taken = await Decisions(tx).taken()
    numbers: dict[str, int | None] = {origin: row.number for origin, row in known.items()}
    waiting = []
    for each in brought:
        if each.origin in known or each.status == "draft":
            continue
        if each.number and each.number not in taken:
            numbers[each.origin] = each.number
            taken.add(each.number)
        else:
            waiting.append(each.origin)
    after = max(highest, *taken, 0)
    numbers |= {origin: after + n for n, origin in enumerate(waiting, 1)}
    return [
        BroughtView(origin=each.origin, number=numbers.get(each.origin), is_known=each.origin in known)
        for each in brought
    ]


async def _ready(tx: Tx, new: Sequence[Brought], importer: UUID | None) -> dict[str, _Ready]:
    """What is to be stored of each, by its origin; texts take a while, so beside the loop."""
    ready = await asyncio.to_thread(lambda: {each.origin: _made(tx, each) for each in new})
    people = await _people(tx, new, importer)
    for each in new:
        row = ready[each.origin].row
        row.decider_id = people[each.decider] if each.decider else None
        row.created_by = ready[each.origin].revision.written_by = row.decider_id or importer or people[""]
    return ready


def _ids(known: Mapping[str, Decision], ready: Mapping[str, _Ready]) -> dict[str, UUID]:
    """Of all of these, by where they come from; what is here already is not made anew."""
    return {origin: each.row.id for origin, each in ready.items()} | {origin: row.id for origin, row in known.items()}


async def _foresee(
    tx: Tx,
    channel_id: UUID,
    new: Sequence[Brought],
    foreseen: Sequence[BroughtView],
    ready: Mapping[str, _Ready],
    ids: Mapping[str, UUID],
) -> None:
    """Give each its thread, and the number that it gets unless somebody is faster; the rest beside the loop."""
    numbers = {each.origin: each.number for each in foreseen}
    held = (
        await threads.bring_in(tx, [_thread(tx, channel_id, each, numbers[each.origin]) for each in new]) if new else {}
    )
    for each in new:
        ready[each.origin].row.thread_id = held[each.origin].id

    def finish() -> None:
        for each in new:
            ready[each.origin].finish(tx, numbers[each.origin], ids[each.successor] if each.successor else None)

    await asyncio.to_thread(finish)


async def _correct(
    tx: Tx,
    new: Sequence[Brought],
    planned: Sequence[BroughtView],
    ready: Mapping[str, _Ready],
    ids: Mapping[str, UUID],
) -> None:
    """Make again what was not foreseen."""
    numbers = {each.origin: each.number for each in planned}
    titles = {}
    for each in new:
        row, number = ready[each.origin].row, numbers[each.origin]
        successor = ids[each.successor] if each.successor else None
        if number != row.number:
            titles[row.thread_id] = titled(number, each.content.title)
        if (number, successor) != (row.number, row.superseded_by):
            ready[each.origin].finish(tx, number, successor)
    if titles:
        await threads.entitle(tx, titles)


async def _store(tx: Tx, register: Register, ready: Sequence[_Ready]) -> None:
    """The records, their first texts and whom they name; the register has given out their numbers."""
    await Decisions(tx).add_all(each.stored for each in ready)
    await Revisions(tx).add_all(each.text for each in ready)
    named = [said for each in ready for number, said in each.citations.items() if number != each.row.number]
    await DecisionCitations(tx).add_all(named)
    register.numbers = max(register.numbers, *(each.row.number or 0 for each in ready), 0)
    await tx.session.flush()


def _successors_first(brought: Sequence[Brought]) -> Iterator[Brought]:
    by_origin = {each.origin: each for each in brought}
    done: set[str] = set()
    for each in brought:
        chain: list[Brought] = []
        at: Brought | None = each
        while at is not None and at.origin not in done:
            done.add(at.origin)
            chain.append(at)
            at = by_origin.get(at.successor) if at.successor else None
        yield from reversed(chain)


async def _people(tx: Tx, brought: Sequence[Brought], importer: UUID | None) -> dict[str, UUID]:
    """The authors by the names of those who decided; claimed like those of imported messages."""
    names = {each.decider for each in brought if each.decider}
    if importer is None and any(not each.decider for each in brought):
        names.add("")
    if not names:
        return {}
    wanted = {f"{AUTHOR}{name}": name or NOBODY for name in sorted(names)}  # in one order: two imports queue
    found = await organizations.add_authors(tx, wanted)
    return {name: found[f"{AUTHOR}{name}"] for name in names}


def _thread(tx: Tx, channel_id: UUID, brought: Brought, number: int | None) -> ImportedThread:
    title = titled(number, brought.content.title)
    return ImportedThread(
        channel_id=channel_id, origin=brought.origin, title=title, began=brought.day or tx.now, is_record=True
    )


def _made(tx: Tx, brought: Brought) -> _Ready:
    at, status = brought.day or tx.now, Status(brought.status)
    row = Decision(
        organization_id=tx.actor.organization,
        created_at=at,
        status=status,
        proposed_at=None if status is Status.DRAFT else at,
        closed_at=at if status not in WRITABLE else None,
        closing="" if status in OPEN else brought.reason,
        origin=brought.origin,
        **brought.content.model_dump(),
    )
    about: dict[str, Any] = {"organization_id": row.organization_id, "decision_id": row.id}
    said = brought.content.model_dump(mode="json")
    revision = DecisionRevision(created_at=at, version=row.version, content=said, **about)
    named = sorted(decisions.numbers_in(brought.content))
    citations = [DecisionCitation(created_at=tx.now, number=number, **about) for number in named]
    return _Ready(row, revision, {each.number: each.model_dump_json() for each in citations})
