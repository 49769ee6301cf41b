"""What is due in all organizations, for the worker: only ids, through a function of the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text

from dfworx.infra.database import Tx, dispatcher_engine

ENDED = text("select organization_id, decision_id from dfworx.ended_comments()")
DIGESTS = text(
    "select organization_id, membership_id from dfworx.due_digests(coalesce(cast(:at as timestamptz), now()))"
)
TAKE = text("select dfworx.take_digest(:member)")
LATE = text("select organization_id, decision_id from dfworx.late_answers()")


async def ended_comments() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of the final comments that have ended, the oldest first; at most 200."""
    return await _found(ENDED)


async def late_answers() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of open proposals with somebody to remind; at most 200."""
    return await _found(LATE)


async def due_digests(at: datetime | None = None) -> list[tuple[UUID, UUID]]:
    """(organization, membership) of those for whom something waits, and who were not mailed this week; at most 200."""
    return await _found(DIGESTS.bindparams(at=at))


async def take_digest(tx: Tx, membership_id: UUID) -> bool:
    """Whether nobody has taken the mail of this week to a member yet; it is taken now."""
    return await tx.scalar(bool, TAKE, {"member": membership_id}) is True


async def _found(query: TextClause) -> list[tuple[UUID, UUID]]:
    async with dispatcher_engine().connect() as connection:
        return [(row[0], row[1]) for row in await connection.execute(query)]
