"""What needs an administrator, counted by the database's own function, which looks who asks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from dfworx.infra.database import Tx

ATTENTION = text("select * from dfworx.admin_attention(cast(:within as uuid))")


async def attention(tx: Tx, within: UUID | None) -> Sequence[Any]:
    """Failed imports of each organization, and how many addresses stay unconfirmed."""
    return await tx.rows(ATTENTION, {"within": within})
