"""Health: whether the process lives, and whether it can serve."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from dfworx.core.errors import Unavailable
from dfworx.infra import migrations
from dfworx.infra.database import transaction
from dfworx.web.leaving import departure

router = APIRouter(prefix="/api", tags=["health"])


class Health(BaseModel):
    """Everything is well."""

    status: Literal["ok"] = "ok"


@router.get("/health")
async def health() -> Health:
    """Whether the process answers."""
    return Health()


@router.get("/ready")
async def ready() -> Health:
    """Whether the database answers and suits this release, and the server is not about to stop."""
    if departure.has_begun:
        raise Unavailable("The server is about to stop.")
    async with transaction() as tx:
        current = await migrations.current(tx)
    if not migrations.suits(current):
        raise Unavailable(f"The database is at migration {current}; this release needs {migrations.head()}.")
    return Health()
