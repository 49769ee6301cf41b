"""How an import is done: by one runner at a time; whoever goes on begins where the last batch ended."""

import asyncio
import logging
from contextlib import suppress
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.imports import service_files as stored
from dfworx.imports.events import ArchiveImported, ImportMoved
from dfworx.imports.models import ACTIVE, State
from dfworx.imports.repository import Imports
from dfworx.imports.service_batches import Progress, Run, Stopped, Taken, bring_all_in, view_of
from dfworx.infra.database import UNREACHABLE, transaction
from dfworx.infra.unpacking import Refused

log = logging.getLogger(__name__)

HEARD_EVERY = 5.0  # seconds
ASKED_EVERY = 2.0  # seconds between two looks whether another runner is gone


async def carry_out(organization_id: UUID, import_id: UUID, progress: Progress = lambda *_: None) -> None:
    """Bring in an archive from where it was left, unless somebody else does it or it is not to be done."""
    run = Run(Actor.system(organization_id), import_id, progress)
    if not await _take(run):
        return
    beating = asyncio.create_task(_be_heard(run))
    try:
        await bring_all_in(run)
        await _end(run, State.DONE)
    except Stopped:
        await _end(run, State.STOPPED)
    except Taken:
        log.warning("import %s is done by another worker", import_id)
    except Refused as why:
        await _end(run, State.FAILED, str(why))
    except asyncio.CancelledError:
        await asyncio.shield(_give_back(run))
        raise
    except UNREACHABLE:
        await _give_back(run)
        raise
    except Exception:
        log.exception("import %s failed", import_id)
        await _end(run, State.FAILED, "Something went wrong here. The log of the server says more.")
    finally:
        beating.cancel()


async def _take(run: Run) -> bool:
    """Wait until nobody else does it; false when there is nothing to do."""
    while True:
        async with transaction(run.actor) as tx:
            if await Imports(tx).take(run.import_id, run.runner):
                return True
            row = await Imports(tx).find(run.import_id)
        if row is None or row.state not in ACTIVE:
            return False
        await asyncio.sleep(ASKED_EVERY)


async def _be_heard(run: Run) -> None:
    while True:
        await asyncio.sleep(HEARD_EVERY)
        with suppress(*UNREACHABLE):
            async with transaction(run.actor) as tx:
                await Imports(tx).beat(run.import_id, run.runner)


async def _give_back(run: Run) -> None:
    with suppress(*UNREACHABLE):
        async with transaction(run.actor) as tx:
            await Imports(tx).give_back(run.import_id, run.runner, State.RUNNING)


async def _end(run: Run, state: State, problem: str = "") -> None:
    """The import stands, for good or until it is resumed."""
    async with transaction(run.actor) as tx:
        row = await Imports(tx).held(run.import_id)
        if row.runner != run.runner:
            return
        row.state, row.problem, row.finished_at, row.runner = state, problem, tx.now, None
        run.rate = 0
        tx.emit(ImportMoved(shown=await view_of(tx, row, run)))
        if state is State.DONE:
            tx.emit(ArchiveImported(source="zulip", summary=run.summary))
    if state is State.DONE:
        await stored.remove(row.organization_id, row.id)
