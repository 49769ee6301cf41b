"""The SQL of the ledger."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dfworx.decisions.models_ledger import Entry, Register
from dfworx.infra.repository import Repository


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

    async def link(self, links: Sequence[tuple[int, str, str]]) -> None:
        """Add these, by position, digest and row as JSON, to the chain, in their order; the register counts them."""
        if links:
            await self.add_all(row for _, _, row in links)
            position, digest, _ = links[-1]
            here = col(Register.organization_id) == self.tx.actor.organization
            await self.tx.run(update(Register).where(here).values(entries=position, head=digest))

    async def entries(self) -> Sequence[Entry]:
        """The whole chain that can be seen, in order."""
        return (await self.tx.session.exec(self.mine().order_by(col(Entry.position)))).all()
