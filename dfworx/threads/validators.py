"""What may come in for threads."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dfworx.core.texts import one_line

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(one_line)]


class NewThread(BaseModel):
    """A thread to open."""

    model_config = ConfigDict(extra="forbid")

    title: Title


class Reading(BaseModel):
    """How far somebody has read."""

    model_config = ConfigDict(extra="forbid")

    seq: int = Field(ge=0)
