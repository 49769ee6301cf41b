"""Where uploaded archives lie: in the data, a folder an import, gone when it is done or discarded."""

import asyncio
import shutil
import time
from pathlib import Path
from uuid import UUID

from dfworx.imports.models import Import
from dfworx.imports.zulip import archive
from dfworx.infra.settings import settings
from dfworx.infra.unpacking import Refused, unpack

UNPACKED = 20  # times the largest upload: more is not unpacked
ORPHAN_AFTER = 24 * 3600.0  # seconds: an upload whose row was never stored


def folder(organization_id: UUID, import_id: UUID) -> Path:
    """The folder of an import."""
    return settings().data_dir / "imports" / str(organization_id) / str(import_id)


def upload(organization_id: UUID, import_id: UUID) -> Path:
    """The archive as it was sent."""
    return folder(organization_id, import_id) / "archive"


def most_bytes() -> int:
    """The largest archive that is accepted."""
    return settings().import_max_mb * 1_000_000


async def tree(row: Import) -> Path:
    """The folder that holds the streams' folders; what was uploaded is unpacked first."""
    if row.folder:
        path = Path(row.folder)
        if not await asyncio.to_thread(path.is_dir):
            raise Refused(f"The folder {path} is not on this machine.")
        return await asyncio.to_thread(archive.root_of, path)
    packed, unpacked = upload(row.organization_id, row.id), folder(row.organization_id, row.id) / "tree"
    if not await asyncio.to_thread(unpacked.is_dir):
        if not await asyncio.to_thread(packed.is_file):
            raise Refused("The archive is not on this machine any more. Upload it again.")
        await unpack(packed, unpacked, UNPACKED * most_bytes())
    return await asyncio.to_thread(archive.root_of, unpacked)


async def remove(organization_id: UUID, import_id: UUID) -> None:
    """Remove an archive and what was unpacked of it."""
    await asyncio.to_thread(shutil.rmtree, folder(organization_id, import_id), ignore_errors=True)


async def sweep(organization_id: UUID, known: set[UUID]) -> None:
    """Remove uploads that no import knows: whoever sent them was cut off."""
    await asyncio.to_thread(_sweep, folder(organization_id, organization_id).parent, {str(each) for each in known})


def _sweep(folders: Path, known: set[str]) -> None:
    for each in folders.iterdir() if folders.is_dir() else ():
        if each.name not in known and each.stat().st_mtime < time.time() - ORPHAN_AFTER:
            shutil.rmtree(each, ignore_errors=True)
