"""Settings that were changed while the server runs."""

from sqlalchemy import text

from dfworx.infra.database import Tx

PUT = text(
    """insert into dfworx.changed_settings (name, value, changed_at, changed_by) values (:name, :value, :at, :by)
       on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at,
         changed_by = excluded.changed_by"""
)
DROP = text("delete from dfworx.changed_settings where name = :name returning name")


class ChangedSettings:
    """The stored values; every process reads them."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    async def put(self, name: str, value: str) -> None:
        """Store another value."""
        await self.tx.run(PUT, {"name": name, "value": value, "at": self.tx.now, "by": self.tx.actor.user_id})

    async def drop(self, name: str) -> bool:
        """Forget it; whether there was one."""
        return await self.tx.scalar(str, DROP, {"name": name}) is not None
