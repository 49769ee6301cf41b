"""Folders of decision records: what would come in, and bringing it in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.channels.views import ChannelView
from dfworx.core import ids
from dfworx.core.actor import Actor
from dfworx.core.errors import NotFound
from dfworx.core.permissions import Verb
from dfworx.decisions import service_bringing as decisions
from dfworx.decisions.validators import Brought
from dfworx.decisions.views import BroughtView
from dfworx.imports import service_files as stored
from dfworx.imports.adr import folder as folders
from dfworx.imports.adr.folder import Folder
from dfworx.imports.adr.records import Record
from dfworx.imports.errors import NotAnArchive
from dfworx.imports.events import DecisionsImported
from dfworx.imports.validators import NewRecords
from dfworx.imports.views import Broken, RecordsReport, RecordView
from dfworx.infra.database import Tx, transaction
from dfworx.infra.receiving import receive
from dfworx.infra.unpacking import Refused, unpack

MOST_BYTES = 20_000_000
MOST_UNPACKED = 10_000_000  # of Markdown


async def upload(actor: Actor, new: NewRecords, body: AsyncIterator[bytes]) -> RecordsReport:
    """Take a packed folder and bring it in, or only say what would come in; nothing of the file is kept."""
    async with transaction(actor) as tx:
        tx.actor.must(Verb.IMPORT)
    import_id = ids.new_id()
    try:
        found = await _unpacked(stored.upload(actor.organization, import_id), body)
    finally:
        await stored.remove(actor.organization, import_id)
    async with transaction(actor) as tx:
        return await bring_in(tx, found, new)


async def open_folder(path: Path) -> Folder:
    """Read a folder of this machine."""
    return await asyncio.to_thread(folders.open_folder, path)


async def bring_in(tx: Tx, found: Folder, new: NewRecords) -> RecordsReport:
    """Bring in the records of a folder that are not here yet, or only say what would become of each."""
    tx.actor.must(Verb.IMPORT)
    name = new.folder or found.name
    found.know(await channels_by_name(tx))
    brought = [brought_of(found, name, record) for record in found.records]
    if new.preview:
        return _report(found, name, new, await decisions.plan(tx, brought))
    channel = await channel_called(tx, new.channel)
    planned = await decisions.bring_in(tx, channel.id, brought)
    report = _report(found, name, new, planned)
    counts = report.model_dump(include={"folder", "brought", "known"})
    tx.emit(DecisionsImported(channel=channel.name, skipped=len(report.broken), **counts))
    return report


async def _unpacked(packed: Path, body: AsyncIterator[bytes]) -> Folder:
    await receive(body, packed, MOST_BYTES)
    tree = packed.with_name("tree")
    try:
        await unpack(packed, tree, MOST_UNPACKED, folders.SUFFIX)
    except Refused as why:
        raise NotAnArchive(str(why)) from None
    return await asyncio.to_thread(folders.open_tree, tree)


async def channel_called(tx: Tx, name: str) -> ChannelView:
    """The channel of this name that the importer sees, made where there is none."""
    try:
        return await channels.get_open(tx, (await channels.called(tx, name)).id)
    except NotFound:
        return await channels.create(tx, NewChannel(name=name, description="What was decided."))


async def channels_by_name(tx: Tx) -> dict[str, str]:
    """The ids of the channels that one sees, archived ones too, by their names in lower case."""
    there = [*await channels.all_visible(tx), *await channels.all_visible(tx, archived=True)]
    return {channel.name.lower(): str(channel.id) for channel in there}


def brought_of(found: Folder, name: str, record: Record) -> Brought:
    """A record of a folder as decisions take it."""
    successor = found.successors.get(record.file)
    return Brought.model_validate(
        {
            "origin": _origin(name, record.file),
            "content": record.content(),
            "status": record.status,
            "number": record.number,
            "day": record.day,
            "decider": record.deciders[0] if record.deciders else "",
            "reason": record.reason,
            "successor": _origin(name, successor) if successor else None,
        }
    )


def _origin(name: str, file: str) -> str:
    return f"adr:{name}:{file}"


def _report(found: Folder, name: str, new: NewRecords, planned: list[BroughtView]) -> RecordsReport:
    records = [
        RecordView(
            file=record.file,
            title=record.title,
            status=record.status,
            number=record.number,
            becomes=plan.number,
            is_known=plan.is_known,
            superseded_by=found.successors.get(record.file, ""),
            notes=[*found.notes.get(record.file, []), *_about(record.number, plan)],
            decision_id=plan.decision_id,
        )
        for record, plan in zip(found.records, planned, strict=True)
    ]
    known = sum(each.is_known for each in records)
    return RecordsReport(
        folder=name,
        channel=new.channel,
        is_preview=new.preview,
        brought=len(records) - known,
        known=known,
        records=records,
        broken=[Broken(path=path, reason=reason) for path, reason in found.broken],
        others=found.others,
    )


def _about(number: int | None, plan: BroughtView) -> list[str]:
    """What to know about its number."""
    if plan.is_known or number is None or number == plan.number:
        return []
    if plan.number is None:
        return ["A draft has no number yet."]
    why = f"The number {number} is taken" if number else "Numbers begin with 1"
    return [f"{why}: it gets {plan.number}."]
