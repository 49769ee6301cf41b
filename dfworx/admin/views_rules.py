"""What may go out about rules."""

from pydantic import BaseModel


class Reason(BaseModel):
    """One thing that was looked at, in the order of the services: what it is, and whether it lets this pass."""

    text: str
    holds: bool


class Explanation(BaseModel):
    """Whether a member may do something, the rule that decided, and all that was looked at."""

    is_allowed: bool
    because: str
    reasons: list[Reason]


class VerbRow(BaseModel):
    """A line of the table: what may be done, and by which roles."""

    verb: str
    roles: list[str]


class PermissionTable(BaseModel):
    """The role x verb table as it stands in the code."""

    roles: list[str]
    verbs: list[VerbRow]
