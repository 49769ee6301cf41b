"""The verbs of imports: archives of other products, into an existing organization, as often as one likes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

from dfworx.core import ids
from dfworx.core.actor import Actor
from dfworx.core.pagination import cursor, read_cursor
from dfworx.core.permissions import Verb
from dfworx.imports import service_files as stored
from dfworx.imports.errors import ImportRunning, NotAnArchive
from dfworx.imports.events import ImportDiscarded, ImportMoved, ImportRequested, ImportStopped
from dfworx.imports.models import Import, State
from dfworx.imports.repository import Imports
from dfworx.imports.service_batches import Progress
from dfworx.imports.service_running import carry_out
from dfworx.imports.validators import NewImport
from dfworx.imports.views import ImportPage, ImportSummary, ImportView
from dfworx.infra.database import Tx, transaction
from dfworx.infra.receiving import receive
from dfworx.organizations import service as organizations

PAGE = 20
PACKED = (b"PK\x03\x04", b"\x1f\x8b")  # how a .zip and a .gz begin


async def upload(actor: Actor, new: NewImport, body: AsyncIterator[bytes]) -> ImportView:
    """Take an archive and begin to bring it in; it is on the disk before anything says so."""
    async with transaction(actor) as tx:
        await _must_be_free(tx)
    import_id = ids.new_id()
    path = stored.upload(actor.organization, import_id)
    try:
        received = await receive(body, path, stored.most_bytes())
        await asyncio.to_thread(_must_be_packed, path)
        async with transaction(actor) as tx:
            return await _begin(tx, new, id=import_id, bytes=received.bytes, digest=received.digest)
    except BaseException:
        await stored.remove(actor.organization, import_id)
        raise


async def page(tx: Tx, before: str | None = None) -> ImportPage:
    """The imports of the organization, the newest first."""
    tx.actor.must(Verb.IMPORT)
    rows = await Imports(tx).page(PAGE + 1, read_cursor(before))
    items = [await _view(tx, row) for row in rows[:PAGE]]
    last = items[-1] if len(rows) > PAGE else None
    return ImportPage(items=items, next=last and cursor(last.created_at, last.id))


async def get(tx: Tx, import_id: UUID) -> ImportView:
    """One import: how far it is, what it has brought, what it could not read."""
    tx.actor.must(Verb.IMPORT)
    return await _view(tx, await Imports(tx).get(import_id))


async def stop(tx: Tx, import_id: UUID) -> ImportView:
    """Do no more after the batch that is being written; what came in stays, and it can go on."""
    tx.actor.must(Verb.IMPORT)
    row = await Imports(tx).held(import_id)
    row.stop(tx.now)
    return await _announce(tx, row, ImportStopped)


async def resume(tx: Tx, import_id: UUID) -> ImportView:
    """Go on where it was stopped or failed."""
    tx.actor.must(Verb.IMPORT)
    row = await Imports(tx).held(import_id)
    await _must_be_free(tx)
    row.resume()
    return await _announce(tx, row, ImportRequested)


async def discard(tx: Tx, import_id: UUID) -> ImportView:
    """Never go on: what came in stays, the archive is removed."""
    tx.actor.must(Verb.IMPORT)
    row = await Imports(tx).held(import_id)
    row.discard()
    return await _announce(tx, row, ImportDiscarded)


async def remove_archive(organization_id: UUID, import_id: UUID) -> None:
    """Remove what was uploaded, and what other uploads left behind that were cut off."""
    await stored.remove(organization_id, import_id)
    async with transaction(Actor.system(organization_id)) as tx:
        known = await Imports(tx).unsettled()
    await stored.sweep(organization_id, known)


async def zulip_archive(
    path: Path, organization_id: UUID, progress: Progress = lambda *_: None, realm: str = ""
) -> ImportView:
    """Bring in a Zulip archive from a folder of this machine, here and now; what was interrupted goes on."""
    actor = Actor.system(organization_id)
    folder = await asyncio.to_thread(path.resolve)
    async with transaction(actor) as tx:
        import_id = await _begun_here(tx, folder, realm)
    try:
        await carry_out(organization_id, import_id, progress)
    finally:
        async with transaction(actor) as tx:
            row = await Imports(tx).held(import_id)
            if row.state in {State.RUNNING, State.STOPPING, State.WAITING}:  # Ctrl-C: nobody else shall go on by itself
                row.runner = None
                row.stop(tx.now)
            view = await _view(tx, row)
    return view


async def _begun_here(tx: Tx, folder: Path, realm: str) -> UUID:
    """A new import, or the one of this folder that its command has left behind."""
    active = await Imports(tx).active()
    if active is None:
        made = await _begin(tx, NewImport(name=folder.name or "archive", realm=realm), folder=str(folder))
        return made.id
    if active.folder != str(folder) or not active.is_left_behind(tx.now):
        raise ImportRunning
    return active.id


async def _begin(tx: Tx, new: NewImport, **what: object) -> ImportView:
    tx.actor.must(Verb.IMPORT)
    await _must_be_free(tx)
    row = Import.model_validate(
        {
            "organization_id": tx.actor.organization,
            "created_at": tx.now,
            "name": new.name,
            "realm": new.realm.rstrip("/"),
            "started_by": tx.actor.membership_id,
            "report": ImportSummary().model_dump(mode="json"),
            **what,
        }
    )
    await Imports(tx).add(row)
    view = await _view(tx, row)
    tx.emit(ImportMoved(shown=view) if row.folder else ImportRequested(shown=view))
    return view


async def _must_be_free(tx: Tx) -> None:
    tx.actor.must(Verb.IMPORT)
    if await Imports(tx).active() is not None:
        raise ImportRunning


async def _announce(tx: Tx, row: Import, event: type[ImportRequested | ImportStopped | ImportDiscarded]) -> ImportView:
    await tx.session.flush()
    view = await _view(tx, row)
    tx.emit(event(shown=view))
    return view


async def _view(tx: Tx, row: Import) -> ImportView:
    names = await organizations.names(tx, {row.started_by})
    return ImportView.of(row, names.get(row.started_by, "") if row.started_by else "")


def _must_be_packed(path: Path) -> None:
    with path.open("rb") as file:
        if not file.read(4).startswith(PACKED):
            raise NotAnArchive("This is not a .zip or .tar.gz file.")
