"""The verbs of the ledger: write a link, and look whether all hold."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from dfworx.core import ids
from dfworx.core.actor import Actor
from dfworx.core.permissions import Verb
from dfworx.decisions.models import Decision
from dfworx.decisions.models_ledger import canonical, digest, first_altered
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_ledger import Ledger
from dfworx.decisions.views_aging import EntryView, LedgerHead, LedgerView
from dfworx.infra.database import Tx

HOW = {"decider_id", "closed_at", "closing", "superseded_by"}
LATER = {"channels"}  # came after the first entries were written: what is empty is not said


async def number(tx: Tx) -> int:
    """The next number: gapless, since it is given back when the transaction is undone, and never given twice."""
    register = await Ledger(tx).register()
    register.numbers += 1
    await tx.session.flush()
    return register.numbers


async def record(tx: Tx, happened: str, *decisions: Decision) -> None:
    """Add the records as they are now to the chain, in this order."""
    await tx.session.flush()
    await record_said(tx, happened, [(each.id, said_of(tx, happened, each)) for each in decisions])


async def record_said(tx: Tx, happened: str, said: Iterable[tuple[UUID, str]]) -> None:
    """The same, of the ids of records and what is said of each."""
    register = await Ledger(tx).register()
    await Ledger(tx).link([*_chained(tx, happened, said, register.entries, register.head)])


def said_of(tx: Tx, happened: str, decision: Decision) -> str:
    """What a link says of a record."""
    return canonical(happened, tx.now, record_of(decision))


def _chained(
    tx: Tx, happened: str, records: Iterable[tuple[UUID, str]], last: int, head: str
) -> Iterator[tuple[int, str, str]]:
    """Positions, digests and rows of the ledger as JSON: an import makes thousands while others wait."""
    same = {"organization_id": str(tx.actor.organization), "created_at": tx.now.isoformat(), "happened": happened}
    for position, (decision_id, said) in enumerate(records, last + 1):
        link = {"id": str(ids.new_id()), "decision_id": str(decision_id), "position": position, "record": said}
        previous, head = head, digest(head, said)
        yield position, head, json.dumps({**same, **link, "previous": previous, "digest": head})


def record_of(decision: Decision) -> dict[str, Any]:
    """What of a decision cannot be altered without being noticed."""
    said = decision.content.model_dump(mode="json")
    said = {name: value for name, value in said.items() if value or name not in LATER}
    rule = decision.rule.model_dump(mode="json")
    how = decision.model_dump(mode="json", include={"number", "status", "version", *HOW})
    return {**said, "rule": rule, **how}


async def head(tx: Tx) -> LedgerHead:
    """The end of the chain, to keep elsewhere and compare: whoever alters an entry alters it."""
    tx.actor.must(Verb.READ)
    register = await Ledger(tx).head()
    said = {"entries": register.entries, "head": register.head} if register and register.entries else {}
    return LedgerHead(id=tx.actor.organization, **{"entries": 0, "head": "", **said})


async def verify(tx: Tx) -> LedgerView:
    """Whether every link holds, and every record is what its last link says; the first one that is not."""
    tx.actor.must(Verb.READ_AUDIT)
    await tx.act_as(Actor.system(tx.actor.organization))  # a chain is judged as a whole, whoever can see which link
    register = await Ledger(tx).head(is_held=True)  # nothing is added or changed while it is read
    entries = await Ledger(tx).entries()
    count, head = (register.entries, register.head) if register else (0, "")
    shown = {"entries": count, "head": head}
    if (altered := first_altered(entries)) is not None:
        return LedgerView(**shown, altered=EntryView.of(altered), reason="The entry is not what was written.")
    if len(entries) != count or (entries and entries[-1].digest != head):
        last = EntryView.of(entries[-1]) if entries else None
        return LedgerView(**shown, altered=last, reason="Entries are missing after this one.")
    last_of = {entry.decision_id: entry for entry in entries}
    decided = {row.id: row for row in await Decisions(tx).decided()}
    for entry in sorted(last_of.values(), key=lambda entry: entry.position):
        decision = decided.get(entry.decision_id)
        if decision is None or not _says(decision, json.loads(entry.record)["record"]):
            return LedgerView(**shown, altered=EntryView.of(entry), reason="The record is not what the ledger says.")
    if any(each not in last_of for each in decided):
        return LedgerView(**shown, reason="A record was decided and is not in the ledger.")
    return LedgerView(**shown)


def _says(decision: Decision, record: dict[str, Any]) -> bool:
    """Whether a decision is what an entry says of it; older entries say less."""
    now = record_of(decision)
    return all(now.get(name) == value for name, value in record.items())
