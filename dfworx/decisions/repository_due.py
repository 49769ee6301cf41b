"""What is due in all organizations, for the worker: only ids, through a function of the database."""

from uuid import UUID

from sqlalchemy import text

from dfworx.infra.queue import connected

ENDED = text("select organization_id, decision_id from dfworx.ended_comments()")
LATE = text("select organization_id, decision_id from dfworx.late_answers()")


async def ended_comments() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of the final comments that have ended, the oldest first; at most 200."""
    async with connected() as connection:
        return [(row.organization_id, row.decision_id) for row in await connection.execute(ENDED)]


async def late_answers() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of open proposals with somebody to remind; at most 200."""
    async with connected() as connection:
        return [(row.organization_id, row.decision_id) for row in await connection.execute(LATE)]
