"""The facts that rules judge, by the database's own function; of threads and messages never the words."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from dfworx.infra.database import Tx

FACTS = text(
    """select * from dfworx.admin_facts(cast(:within as uuid), :member, cast(:thread as uuid),
         cast(:message as uuid))"""
)


class Facts:
    """What is so."""

    def __init__(self, tx: Tx, within: UUID | None) -> None:
        self.tx, self.within = tx, within

    async def find(self, member: UUID, thread: UUID | None, message: UUID | None) -> Any | None:
        """About a member and a thread, or a message and its thread; None where there is no such member."""
        values = {"within": self.within, "member": member, "thread": thread, "message": message}
        return (await self.tx.run(FACTS, values)).one_or_none()
