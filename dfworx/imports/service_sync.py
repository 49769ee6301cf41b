"""A folder kept in step with the register, both ways; or a sentence on why not, and nothing done."""

import asyncio
from pathlib import Path, PurePosixPath
from uuid import UUID

from pydantic import BaseModel, ValidationError

from dfworx.core.actor import Actor
from dfworx.core.errors import Refusal
from dfworx.core.permissions import Verb
from dfworx.decisions import service_bringing as bringing
from dfworx.decisions import service_export as export
from dfworx.decisions.views import RecordFile
from dfworx.imports.adr import folder as folders
from dfworx.imports.events import DecisionsImported
from dfworx.imports.service_adr import brought_of, channel_called, channels_by_name
from dfworx.imports.service_mirror import Kept, Plan, Tree, compared, digest
from dfworx.imports.validators import NewSync
from dfworx.imports.views_sync import Step, SyncReport
from dfworx.infra.database import Tx, transaction

STATE = ".dfworx-sync.json"  # the last common state; it belongs to the files
IN_CONFLICT = b"\n<<<<<<< "


class State(BaseModel):
    """The last common state: whose records these are, and each with its file."""

    organization: UUID
    records: dict[str, Kept] = {}


async def sync(actor: Actor, path: Path, new: NewSync) -> SyncReport:
    """Bring in what the folder has changed, write out what the register has; where both have, stop and name it."""
    try:
        tree = await asyncio.to_thread(_read, path, actor.organization)
        async with transaction(actor) as tx:
            tx.actor.must(Verb.IMPORT)
            tree.folder.know(await channels_by_name(tx))
            plan = compared(tree, await export.records(tx, await _here(tx, tree), private=new.private), new.amend)
            if new.preview or plan.problems:
                return _report(plan, new)
            pairs = await _bring_in(tx, tree, plan, new)
            here = {id_: file for file, id_ in pairs.items()}
            records = {each.id: each for each in await export.records(tx, here, private=new.private)}
            beside = await export.head(tx)
    except _Stopped as stopped:
        plan = Plan()
        plan.stop(stopped.file, stopped.reason)
        return _report(plan, new)
    state = State(organization=actor.organization)
    for file, id_ in pairs.items():
        state.records[file] = await asyncio.to_thread(_settle, path, tree, file, records[id_])
    await asyncio.to_thread(_put, path / beside[0], beside[1])
    await asyncio.to_thread(_put, path / STATE, f"{state.model_dump_json(indent=1)}\n")
    return _report(plan, new)


class _Stopped(Exception):
    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file, self.reason = file, reason


def _read(path: Path, organization_id: UUID) -> Tree:
    """The folder as it is."""
    name = path.resolve().name
    found = folders.contents(path)
    folder = folders.read_folder(
        [(str(PurePosixPath(name, file)), content) for file, content in found.items()], PurePosixPath(name)
    )
    folder.broken += [
        (file, "Git has left a conflict in it.") for file, said in found.items() if said and IN_CONFLICT in b"\n" + said
    ]
    digests = {file: digest(content or b"") for file, content in found.items()}
    return Tree(folder, digests, _kept(path / STATE, organization_id))


def _kept(path: Path, organization_id: UUID) -> dict[str, Kept]:
    """The last common state; none at the first time."""
    if not path.exists():
        return {}
    try:
        state = State.model_validate_json(path.read_bytes())
    except ValidationError:
        raise _Stopped(STATE, "It cannot be read; without it, files are told by their numbers alone.") from None
    if state.organization != organization_id:
        raise _Stopped(STATE, "This folder is kept in step with another organization.")
    for file in state.records:
        if not _lies_below(path.parent, file):
            raise _Stopped(STATE, f"It names “{file}”, which is no record of this folder.")
    return state.records


def _lies_below(folder: Path, file: str) -> bool:
    """Whether a name that others have written down is that of a Markdown file in the folder, links followed."""
    return file.endswith(folders.SUFFIX) and (folder / file).parent.resolve().is_relative_to(folder.resolve())


async def _here(tx: Tx, tree: Tree) -> dict[UUID, str]:
    """The files of the records that the folder has: as they were, and those that were brought in from it."""
    origins = {tree.origin(each.file): each.file for each in tree.folder.records if each.file not in tree.kept}
    came = await bringing.came_from(tx, origins.keys())
    brought = {id_: origins[origin] for origin, id_ in came.items()}
    return brought | {kept.decision: file for file, kept in tree.kept.items()}


async def _bring_in(tx: Tx, tree: Tree, plan: Plan, new: NewSync) -> dict[str, UUID]:
    """Do what is planned for the register; the decision of every file."""
    ids = {file: record.id for file, record in plan.pairs.items()}
    await bringing.hold(tx, [change.record.id for change in plan.changes])
    if plan.new:
        channel = await channel_called(tx, new.channel)
        here = {tree.origin(file): id_ for file, id_ in ids.items() if file in tree.digests}
        found = [each for each in tree.folder.records if each.file in {*ids, *(one.file for one in plan.new)}]
        brought = [brought_of(tree.folder, tree.folder.name, each) for each in found]
        stored = await bringing.bring_in(tx, channel.id, brought, here)
        ids |= {each.file: view.decision_id for each, view in zip(found, stored, strict=True) if view.decision_id}
        counts = {"brought": len(plan.new), "known": len(found) - len(plan.new), "skipped": 0}
        tx.emit(DecisionsImported(folder=tree.folder.name, channel=channel.name, **counts))
    for change in plan.changes:
        try:
            if change.content is not None:
                note = new.amend or f"Changed in {change.file}."
                await bringing.rewrite(tx, change.record.id, change.content, change.record.version, note[:500])
            else:
                await bringing.end(tx, change.record.id, change.reason, ids.get(change.successor))
        except Refusal as error:
            raise _Stopped(change.file, str(error)) from None
    return ids


def _settle(path: Path, tree: Tree, file: str, record: RecordFile) -> Kept:
    """Write a record out where its file is not what somebody has just written there."""
    now, kept = tree.digests.get(file), tree.kept.get(file)
    then = digest(record.text.encode())
    is_edited = now is not None and (kept is None or kept.file != now)
    if not is_edited and (now is None or kept is None or kept.record != then):
        _put(path / file, record.text)
        now = then
    return Kept(decision=record.id, file=now or then, record=then)


def _put(path: Path, text: str) -> None:
    """Write a file as a whole, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)  # a link that somebody has left there would be followed
    fresh.write_text(text, encoding="utf-8", newline="\n")
    fresh.replace(path)


def _report(plan: Plan, new: NewSync) -> SyncReport:
    refs = {file: record.ref for file, record in plan.pairs.items()}
    titles = {file: record.title for file, record in plan.pairs.items()}
    steps = [Step(file=each.file, ref="", title=each.title, what="comes in") for each in plan.new]
    steps += [
        Step(file=each.file, ref=each.record.ref, title=each.record.title, what=each.what) for each in plan.changes
    ]
    steps += [Step(file=file, ref=refs[file], title=titles[file], what="written") for file in plan.written]
    return SyncReport(
        is_preview=new.preview, steps=steps, same=plan.same, left_out=plan.left_out, problems=plan.problems
    )
