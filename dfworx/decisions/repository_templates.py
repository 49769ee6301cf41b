"""The SQL of templates."""

from collections.abc import Sequence

from sqlmodel import col

from dfworx.decisions.models_templates import DecisionTemplate
from dfworx.infra.repository import Repository


class DecisionTemplates(Repository[DecisionTemplate]):
    """The templates that an organization has changed; without any it has those that it began with."""

    model = DecisionTemplate

    async def all(self) -> Sequence[DecisionTemplate]:
        """In their order."""
        query = self.mine().order_by(col(DecisionTemplate.position), col(DecisionTemplate.id))
        return (await self.tx.session.exec(query.execution_options(populate_existing=True))).all()

    async def remove(self, template: DecisionTemplate) -> None:
        """Delete it."""
        await self.tx.session.delete(template)
        await self.tx.session.flush()
