"""What may come in for imports."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from dfworx.core.texts import legible, one_line

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(one_line)]
Channel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80), AfterValidator(legible)]
Realm = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^(https?://[\w.:-]+/?)?$")]


class NewImport(BaseModel):
    """An archive to bring in: the name of its file, and the address of the Zulip that it came from."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    realm: Realm = Field(default="", description="Where Zulip's own links lead when their target did not come along.")


class ReferenceAsked(BaseModel):
    """What a reference names: a channel, a thread in it, a message by its number in Zulip."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field(min_length=1, max_length=200)
    thread: str = Field("", max_length=300)
    message: int | None = Field(None, ge=1, lt=10**20)


class NewSync(BaseModel):
    """How a folder is kept in step: the channel of new threads, and what a changed text of a closed record corrects.

    Records of private channels that the folder does not have stay out of it, unless `private`.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Channel = "decisions"
    amend: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    private: bool = False
    preview: bool = False


class NewRecords(BaseModel):
    """Where decision records come in: the channel of their threads, made where there is none of this name.

    `folder` tells records of several projects apart; without it, it is the folder that holds them.
    """

    model_config = ConfigDict(extra="forbid")

    channel: Channel = "decisions"
    folder: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(one_line)] = ""
    preview: bool = Field(default=False, description="Only say what would come in.")
