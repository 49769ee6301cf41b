"""The SQL of the ledger."""

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.decisions.models_ledger import Entry, Register
from dfworx.infra.repository import AT_ONCE, Repository

# The register counts each link as it comes: the next one has to follow it.
LINK = text(
    """with link as (
         insert into dfworx.ledger
           (id, created_at, organization_id, position, decision_id, happened, record, previous, digest)
         values (:id, :created_at, :organization_id, :position, :decision_id, :happened, :record, :previous, :digest)
         returning organization_id, position, digest
       ) update dfworx.registers r set entries = link.position, head = link.digest
         from link where r.organization_id = link.organization_id"""
)


class Ledger(Repository[Entry]):
    """The chain of what was decided."""

    model = Entry

    async def register(self) -> Register:
        """What the organization has given out so far, locked: whoever else needs a number or a link waits."""
        fresh = Register(organization_id=self.tx.actor.organization, created_at=self.tx.now)
        await self.tx.run(insert(Register).on_conflict_do_nothing(), [fresh.model_dump()])
        query = select(Register).where(col(Register.organization_id) == self.tx.actor.organization).with_for_update()
        return (await self.tx.session.exec(query.execution_options(populate_existing=True))).one()

    async def head(self, *, is_held: bool = False) -> Register | None:
        """The same, to look at; held, nobody adds anything meanwhile."""
        query = select(Register).where(col(Register.organization_id) == self.tx.actor.organization)
        if is_held:
            query = query.with_for_update(read=True)
        return (await self.tx.session.exec(query)).one_or_none()

    async def link(self, entries: Iterable[Entry]) -> None:
        """Add these to the chain, in their order; the register counts them."""
        left = iter(entries)
        while part := [entry.model_dump() for entry in islice(left, AT_ONCE)]:
            await self.tx.run(LINK, part)

    async def entries(self) -> Sequence[Entry]:
        """The whole chain that can be seen, in order."""
        return (await self.tx.session.exec(self.mine().order_by(col(Entry.position)))).all()
