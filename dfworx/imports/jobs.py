"""What follows on an upload: bringing it in, and removing it when nobody wants it any more."""

from dfworx.imports import service as imports
from dfworx.imports.events import ImportDiscarded, ImportRequested
from dfworx.imports.service_running import carry_out
from dfworx.infra.jobs import job


@job(ImportRequested)
async def bring_in(event: ImportRequested) -> None:
    """Bring in the archive from where it was left."""
    await carry_out(event.shown.organization_id, event.shown.id)


@job(ImportDiscarded)
async def remove_archive(event: ImportDiscarded) -> None:
    """Remove what was uploaded."""
    await imports.remove_archive(event.shown.organization_id, event.shown.id)
