"""What tags announce; what they hang on announces that they do."""

from uuid import UUID

from dfworx.core.events import Event
from dfworx.tags.validators import Kind
from dfworx.tags.views import TagView


class _TagEvent(Event):
    tag: TagView

    def about(self) -> UUID:
        """The tag."""
        return self.tag.id


class _TagsEvent(_TagEvent):
    audience: tuple[str, ...]


class TagCreated(_TagsEvent):
    """A tag exists."""


class TagChanged(_TagsEvent):
    """It has another name, category or color."""


class TagRemoved(_TagsEvent):
    """It is gone, from all that it hung on, too."""


class _TaggingEvent(_TagEvent):
    """`scope` is what the list of such subjects belongs to."""

    kind: Kind
    subject_id: UUID
    scope: str
    audience: tuple[str, ...]

    def about(self) -> UUID:
        """What it hangs on."""
        return self.subject_id


class Tagged(_TaggingEvent):
    """A tag was put on something."""


class Untagged(_TaggingEvent):
    """It was taken off."""
