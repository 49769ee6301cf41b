"""What may come in for tags."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from dfworx.core.texts import legible

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40), AfterValidator(legible)]
Kind = Literal["thread", "decision"]


class Category(StrEnum):
    """What a tag is about."""

    APP = "app"
    TOPIC = "topic"
    DECISION = "decision"
    STATUS = "status"
    PRIORITY = "priority"


class Color(StrEnum):
    """What it looks like."""

    GRAY = "gray"
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    PURPLE = "purple"


class NewTag(BaseModel):
    """A tag to create."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    category: Category = Category.TOPIC
    color: Color = Color.GRAY


class TagChange(BaseModel):
    """Another name, category or color; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    category: Category | None = None
    color: Color | None = None
