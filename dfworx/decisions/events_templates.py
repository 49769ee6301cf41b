"""What is announced of templates."""

from uuid import UUID

from dfworx.core.events import Event
from dfworx.decisions.views_templates import TemplateView


class TemplateEvent(Event):
    """Something happened to a template."""

    template: TemplateView

    def about(self) -> UUID:
        """The template."""
        return self.template.id


class TemplateAdded(TemplateEvent):
    """There is another way to decide."""


class TemplateChanged(TemplateEvent):
    """It says something else from now on; what was proposed by it stays as it was proposed."""


class TemplateMoved(TemplateEvent):
    """It has changed places with the one before or after it; the first one is taken where a proposal names none."""

    passed: TemplateView


class TemplateRemoved(TemplateEvent):
    """Nothing is proposed by it any more."""
