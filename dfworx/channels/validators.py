"""What may come in for channels."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from dfworx.core.texts import legible

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(legible)]


class NewChannel(BaseModel):
    """A channel to create: open to the organization, or private to its members."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    visibility: Literal["organization", "members"] = "organization"


class ChannelChange(BaseModel):
    """A new name or description; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
