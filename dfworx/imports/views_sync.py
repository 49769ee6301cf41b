"""What keeping a folder in step comes to."""

from pydantic import BaseModel, Field

from dfworx.imports.views import Broken


class Step(BaseModel):
    """What happens to a record, or would: it comes in, is rewritten, amended, superseded, deprecated, or written."""

    file: str
    ref: str
    title: str
    what: str


class SyncReport(BaseModel):
    """What was done on either side; where there is a problem, nothing was done at all."""

    is_preview: bool
    steps: list[Step]
    same: int
    left_out: int = Field(description="Records of private channels that the folder does not have, and does not get.")
    problems: list[Broken]
