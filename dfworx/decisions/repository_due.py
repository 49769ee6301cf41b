"""What is due in all organizations, for the worker: only ids, through a function of the database."""

from uuid import UUID

from sqlalchemy import TextClause, text

from dfworx.infra.database import dispatcher_engine

ENDED = text("select organization_id, decision_id from dfworx.ended_comments()")
LATE = text("select organization_id, decision_id from dfworx.late_answers()")


async def ended_comments() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of the final comments that have ended, the oldest first; at most 200."""
    return await _found(ENDED)


async def late_answers() -> list[tuple[UUID, UUID]]:
    """(organization, decision) of open proposals with somebody to remind; at most 200."""
    return await _found(LATE)


async def _found(query: TextClause) -> list[tuple[UUID, UUID]]:
    async with dispatcher_engine().connect() as connection:
        return [(row.organization_id, row.decision_id) for row in await connection.execute(query)]
