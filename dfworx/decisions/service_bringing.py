"""Records that were decided elsewhere: which numbers they get, and how they come in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from dfworx.channels import service as channels
from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.events import DecisionImported
from dfworx.decisions.models import Decision
from dfworx.decisions.models_lifecycle import OPEN, RECORDED, WRITABLE, Status
from dfworx.decisions.repository import Decisions, Ledger
from dfworx.decisions.service_details import titled
from dfworx.decisions.validators import Amendment, Brought, Closing, Content
from dfworx.decisions.views import BroughtView, DecisionView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.threads import service as threads
from dfworx.threads.validators import ImportedThread

AUTHOR = "adr:"  # and a name: where an author comes from
NOBODY = "Decision archive"  # who drafted what names nobody, where nobody is signed in


async def plan(tx: Tx, brought: Sequence[Brought]) -> list[BroughtView]:
    """What would become of these, in their order; nothing is stored."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # a number may be taken by a record that is out of sight
    register = await Ledger(tx).head()
    planned = await _plan(tx, brought, register.numbers if register else 0)
    await tx.act_as(person)
    return planned


async def bring_in(
    tx: Tx, channel_id: UUID, brought: Sequence[Brought], here: Mapping[str, UUID] | None = None
) -> list[BroughtView]:
    """Store these with a thread each; what is here already, by its origin or because `here` says so, stays as it is."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(Actor.system(tx.actor.organization))  # the database lets only an import store what is decided
    register = await Ledger(tx).register()
    planned = await _plan(tx, brought, register.numbers, here)
    ids = {origin: row.id for origin, row in (await _known(tx, brought, here)).items()}
    rows = await _store(tx, channel_id, brought, planned, ids, person.membership_id)
    if (highest := max((row.number or 0 for row in rows), default=0)) > register.numbers:
        register.numbers = highest
    heard = tuple(channels.audience(await channels.get_open(tx, channel_id)))
    for row in sorted(rows, key=lambda each: (each.number or 0, each.id)):
        if Status(row.status) in RECORDED:
            await ledger.record(tx, "imported", row)
        tx.emit(DecisionImported(decision=DecisionView.of(row), audience=heard))
    await tx.session.flush()
    await tx.act_as(person)
    return [each.model_copy(update={"decision_id": ids[each.origin]}) for each in planned]


async def rewrite(tx: Tx, decision_id: UUID, content: Content, version: int, note: str) -> None:
    """Take over the text of a file that was changed: it asks everybody anew, or amends what is closed."""
    tx.actor.must(Verb.IMPORT)
    person = tx.actor
    await tx.act_as(await _hand(tx))
    await decisions.amend(tx, decision_id, Amendment(**content.model_dump(), version=version, note=note))
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


async def _plan(
    tx: Tx, brought: Sequence[Brought], highest: int, here: Mapping[str, UUID] | None = None
) -> list[BroughtView]:
    """Who is free to keep a number keeps it; the others get the next ones after all of these."""
    known = await _known(tx, brought, here)
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


async def _store(
    tx: Tx,
    channel_id: UUID,
    brought: Sequence[Brought],
    planned: Sequence[BroughtView],
    ids: dict[str, UUID],
    importer: UUID | None,
) -> list[Decision]:
    """The rows of what is new, each after the one that took its place; `ids` learns of them."""
    numbers = {each.origin: each.number for each in planned}
    new = [each for each in brought if each.origin not in ids]
    conversations = [_thread(tx, channel_id, each, numbers[each.origin]) for each in new]
    held = await threads.bring_in(tx, conversations) if new else {}
    people = await _people(tx, new, importer)
    rows = []
    for each in _successors_first(new):
        row = _decision(tx, each, numbers[each.origin], held[each.origin].id)
        row.decider_id = people[each.decider] if each.decider else None
        row.created_by = row.decider_id or importer or people[""]
        row.superseded_by = ids[each.successor] if each.successor else None
        await Decisions(tx).add(row)
        await decisions.keep(
            tx, row, row.content, version=row.version, created_at=row.created_at, written_by=row.created_by
        )
        ids[each.origin] = row.id
        rows.append(row)
    return rows


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
    found = await organizations.add_authors(tx, {f"{AUTHOR}{name}": name or NOBODY for name in names})
    return {name: found[f"{AUTHOR}{name}"] for name in names}


def _thread(tx: Tx, channel_id: UUID, brought: Brought, number: int | None) -> ImportedThread:
    title = titled(number, brought.content.title)
    return ImportedThread(
        channel_id=channel_id, origin=brought.origin, title=title, began=brought.day or tx.now, is_record=True
    )


def _decision(tx: Tx, brought: Brought, number: int | None, thread_id: UUID) -> Decision:
    at = brought.day or tx.now
    return Decision(
        organization_id=tx.actor.organization,
        created_at=at,
        thread_id=thread_id,
        number=number,
        status=brought.status,
        proposed_at=at if number else None,
        closed_at=at if Status(brought.status) not in WRITABLE else None,
        closing="" if Status(brought.status) in OPEN else brought.reason,
        origin=brought.origin,
        **brought.content.model_dump(),
    )
