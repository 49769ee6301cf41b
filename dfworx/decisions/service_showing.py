"""What people get to see of decisions: one with all that belongs to it, and the lists."""

import asyncio
from collections.abc import Collection, Sequence
from itertools import pairwise
from uuid import UUID

from dfworx.core.differences import marked
from dfworx.core.globs import compiled
from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.repository import Decisions, Revisions
from dfworx.decisions.repository_protocol import Positions
from dfworx.decisions.repository_register import RegisterPages
from dfworx.decisions.service_details import details, shown_positions, summaries, text_versions, worded
from dfworx.decisions.service_written import written
from dfworx.decisions.validators import COUNTED, PARTS, Content, Narrowing, Sought
from dfworx.decisions.validators_address import number_meant, number_of
from dfworx.decisions.views import DecisionPage, DecisionRevisionView, DecisionSummary, DecisionView, RegisterCounts
from dfworx.decisions.views_details import DecisionDetails
from dfworx.decisions.views_protocol import PositionView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.threads import service_places as places

PAGE = 50
SIMILAR = 3


async def get(tx: Tx, decision_id: UUID) -> DecisionDetails:
    """One decision with its people, positions, concerns, evidence and what became of it."""
    tx.actor.must(Verb.READ)
    return await details(tx, await Decisions(tx).get(decision_id))


async def numbered(tx: Tx, number: int) -> DecisionDetails:
    """The same by its number."""
    tx.actor.must(Verb.READ)
    return await details(tx, await Decisions(tx).numbered(number))


async def id_of(tx: Tx, name: object) -> UUID:
    """The decision that an address or a caller names: by its id, or by its number (`DEC-42`, `DEC-42-some-words`)."""
    tx.actor.must(Verb.READ)
    try:
        return UUID(str(name))
    except ValueError:
        return (await Decisions(tx).numbered(number_of(str(name)))).id


async def some(tx: Tx, numbers: Collection[int]) -> list[DecisionSummary]:
    """Those of these numbers that you can see: what a link shows of them."""
    tx.actor.must(Verb.READ)
    return await summaries(tx, await Decisions(tx).some(numbers))


async def page(tx: Tx, sought: Sought | None = None) -> DecisionPage:
    """The register, the newest first: all, or what fits."""
    tx.actor.must(Verb.READ)
    sought = sought or Sought()
    among = await governing(tx, sought)
    rows = await RegisterPages(tx).page(PAGE + 1, sought, among)
    items = await summaries(tx, rows[:PAGE])
    return DecisionPage(items=items, next=str(items[-1].id) if len(rows) > PAGE else None)


async def counts(tx: Tx, sought: Narrowing | None = None) -> RegisterCounts:
    """How many decisions each part of the register has: of all, or of what fits."""
    tx.actor.must(Verb.READ)
    sought = sought or Narrowing()
    among = await governing(tx, sought)
    parts = {name: Narrowing.model_validate(PARTS[part]) for part, name in COUNTED.items()}
    return RegisterCounts.model_validate(await RegisterPages(tx).counts(parts, sought, among))


async def find(tx: Tx, words: Sequence[str], most: int) -> list[DecisionView]:
    """Those that one may mean by a few letters: by the number (DEC-42, 42), or by parts of the title."""
    tx.actor.must(Verb.READ)
    number = number_meant(words[0]) if len(words) == 1 else 0
    rows = await Decisions(tx).called(number or None, words, most)
    return [DecisionView.of(row) for row in rows]


async def waiting_for_me(tx: Tx) -> list[DecisionSummary]:
    """The open proposals that ask for your position."""
    tx.actor.must(Verb.READ)
    return await summaries(tx, await Decisions(tx).waiting_for_me(PAGE))


async def similar(tx: Tx, words: str) -> list[DecisionSummary]:
    """What may be decided already: the three nearest to some words, by title, drivers and outcome."""
    tx.actor.must(Verb.READ)
    return await summaries(tx, await Decisions(tx).similar(words, SIMILAR))


async def due(tx: Tx) -> list[DecisionSummary]:
    """The decisions that hold and are to be looked at again, the longest due first."""
    tx.actor.must(Verb.READ)
    return await summaries(tx, await Decisions(tx).due(tx.now.date(), PAGE))


async def applicable(tx: Tx, paths: Sequence[str]) -> list[DecisionSummary]:
    """The accepted decisions whose globs, written as in .gitignore, match any of these files."""
    tx.actor.must(Verb.READ)
    return await summaries(tx, await _governing(tx, paths))


async def applicable_openly(tx: Tx, paths: Sequence[str]) -> tuple[list[DecisionSummary], list[str]]:
    """The same for whoever may read a log: of those in private channels nothing but what they are called, DEC-7."""
    tx.actor.must(Verb.READ)
    rows = await _governing(tx, paths)
    out = await places.private(tx, {row.thread_id for row in rows})
    everybodys = await summaries(tx, [row for row in rows if row.thread_id not in out])
    return everybodys, [DecisionView.of(row).ref for row in rows if row.thread_id in out]


async def _governing(tx: Tx, paths: Sequence[str]) -> list[Decision]:
    return [row for row in await Decisions(tx).governing() if _governs(row, paths)]


async def markdown(tx: Tx, decision_id: UUID) -> str:
    """The record as Markdown."""
    tx.actor.must(Verb.READ)
    return written((await Decisions(tx).get(decision_id)).content)


async def history(tx: Tx, decision_id: UUID) -> list[PositionView]:
    """Every position that was ever taken on it, the first one first, each with what it changed."""
    tx.actor.must(Verb.READ)
    decision = await Decisions(tx).get(decision_id)
    rows = await Positions(tx).history(decision_id)
    names = await organizations.names(tx, {row.membership_id for row in rows})
    version = (await text_versions(tx, [decision]))[decision_id]
    shown = await worded(shown_positions(tx.actor, decision, rows, names, version))
    last: dict[UUID, str] = {}
    for position in shown:
        if position.membership_id:
            position.was = last.get(position.membership_id, "")
            last[position.membership_id] = position.stand
    return shown


async def revisions(tx: Tx, decision_id: UUID) -> list[DecisionRevisionView]:
    """The texts that it had, the newest first, each with what it changed."""
    tx.actor.must(Verb.READ)
    await Decisions(tx).get(decision_id)
    rows = await Revisions(tx).of(decision_id)
    names = await organizations.names(tx, {row.written_by for row in rows})
    texts = ["", *(written(Content.model_validate(row.content)) for row in rows)]
    changes = await asyncio.to_thread(lambda: [marked(*pair) for pair in pairwise(texts)])  # long texts take long
    shown = [
        DecisionRevisionView.of(row, names.get(row.written_by, ""), change)
        for row, change in zip(rows, changes, strict=True)
    ]
    return shown[::-1]


async def governing(tx: Tx, sought: Narrowing) -> list[UUID] | None:
    """Of those that fit, the ones that govern the files that are asked for; None where none are."""
    if not sought.path:
        return None
    return [row.id for row in await RegisterPages(tx).about_code(sought) if _governs(row, sought.path)]


def _governs(decision: Decision, paths: Sequence[str]) -> bool:
    globs = compiled(decision.paths)
    return any(globs.match_file(path) for path in paths)
