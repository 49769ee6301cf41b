"""What the clock does to decisions: a final comment that has ended makes a record."""

import asyncio
import logging
from uuid import UUID

from dfworx.core.actor import Actor
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.repository_due import ended_comments
from dfworx.infra.database import UNREACHABLE, transaction

log = logging.getLogger(__name__)

EVERY = 5.0  # seconds


async def close_comments() -> None:
    """Look again and again, until cancelled.

    Nothing is scheduled, so nothing can be lost: what has ended is found by the clock of the database, after a restart
    too, and whoever comes second finds that it is done.
    """
    while True:
        try:
            await close_ended()
        except UNREACHABLE:
            log.warning("the ended final comments cannot be read; trying again")
        except Exception:
            log.exception("the ended final comments could not be closed; trying again")
        await asyncio.sleep(EVERY)


async def close_ended() -> int:
    """Accept every decision whose final comment has ended; gives how many that were. One that fails holds no other."""
    closed = 0
    for organization_id, decision_id in await ended_comments():
        try:
            closed += await _close(organization_id, decision_id)
        except UNREACHABLE:
            raise
        except Exception:
            log.exception("decision %s could not be accepted", decision_id)
    return closed


async def _close(organization_id: UUID, decision_id: UUID) -> bool:
    async with transaction(Actor.system(organization_id)) as tx:
        return await protocol.accept_ended(tx, decision_id)
