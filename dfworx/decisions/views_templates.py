"""What may go out about templates."""

from typing import Self
from uuid import UUID

from dfworx.decisions.models_templates import DecisionTemplate
from dfworx.decisions.validators import Template


class TemplateView(Template):
    """A template as every member sees it, in the order of `position`."""

    id: UUID
    organization_id: UUID
    position: int

    @classmethod
    def of(cls, row: DecisionTemplate) -> Self:
        """The view of a row."""
        return cls.model_validate(row.model_dump(include=set(cls.model_fields)))
