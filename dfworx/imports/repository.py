"""The SQL of imports."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, tuple_
from sqlmodel import col

from dfworx.core.errors import NotFound
from dfworx.imports.models import ACTIVE, LEASE, SETTLED, Import
from dfworx.infra.repository import Repository

# By the clock of the database alone: workers may disagree on the time.
TAKE = text(
    """update dfworx.imports set runner = :runner, heartbeat_at = now(), started_at = coalesce(started_at, now()),
         state = case state when 'stopping' then 'stopping' else 'running' end
       where id = :id and organization_id = :organization
         and (state = 'waiting' or (state in ('running', 'stopping')
           and (runner is null or heartbeat_at is null or heartbeat_at < now() - :lease)))
       returning id"""
)
BEAT = text(
    """update dfworx.imports set heartbeat_at = now()
       where id = :id and organization_id = :organization and runner = :runner"""
)
GIVE_BACK = text(
    """update dfworx.imports set runner = null, state = :state
       where id = :id and organization_id = :organization and runner = :runner and state = 'running'"""
)


class Imports(Repository[Import]):
    """The imports of the organization."""

    model = Import

    async def page(self, limit: int, before: tuple[datetime, UUID] | None) -> Sequence[Import]:
        """The newest first, from a keyset (created, id) on."""
        keyset = tuple_(col(Import.created_at), col(Import.id))
        query = self.mine().order_by(col(Import.created_at).desc(), col(Import.id).desc()).limit(limit)
        return (await self.tx.session.exec(query.where(keyset < before) if before else query)).all()

    async def held(self, import_id: UUID) -> Import:
        """The import, locked: whoever writes a batch of it has finished that."""
        query = self.mine().where(col(Import.id) == import_id).with_for_update()
        row = (await self.tx.session.exec(query.execution_options(populate_existing=True))).one_or_none()
        if row is None:
            raise NotFound
        return row

    async def active(self) -> Import | None:
        """The one that goes on at the moment, locked."""
        query = self.mine().where(col(Import.state).in_(ACTIVE)).with_for_update()
        return (await self.tx.session.exec(query)).one_or_none()

    async def unsettled(self) -> set[UUID]:
        """The ids of those that go on or could."""
        query = self.mine().where(col(Import.state).not_in(SETTLED))
        return {row.id for row in (await self.tx.session.exec(query)).all()}

    async def take(self, import_id: UUID, runner: UUID) -> bool:
        """Become the one who does it; false while somebody else does."""
        values = self._of(import_id, runner) | {"lease": LEASE}
        return await self.tx.scalar(UUID, TAKE, values) is not None

    async def beat(self, import_id: UUID, runner: UUID) -> None:
        """Be heard of."""
        await self.tx.run(BEAT, self._of(import_id, runner))

    async def give_back(self, import_id: UUID, runner: UUID, state: str) -> None:
        """Do it no more."""
        await self.tx.run(GIVE_BACK, self._of(import_id, runner) | {"state": state})

    def _of(self, import_id: UUID, runner: UUID) -> dict[str, Any]:
        return {"id": import_id, "organization": self.tx.actor.organization, "runner": runner}
