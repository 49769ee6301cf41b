"""What may go out about tags, to REST and browser alike."""

from uuid import UUID

from pydantic import BaseModel

from dfworx.tags.models import Tag
from dfworx.tags.validators import Category, Color


class TagView(BaseModel):
    """A tag as every member sees it."""

    id: UUID
    name: str
    category: Category
    color: Color

    @classmethod
    def of(cls, tag: Tag) -> "TagView":
        """The view of a row."""
        return cls.model_validate(tag, from_attributes=True)

    @property
    def choice(self) -> dict[str, str]:
        """The same where one chooses from tags."""
        return {"id": str(self.id), "name": self.name, "group": self.category, "color": self.color}
