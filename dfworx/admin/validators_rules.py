"""What may be asked about rules."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, model_validator

from dfworx.accounts.validators import Incoming
from dfworx.organizations.validators import MemberRole


class Deed(StrEnum):
    """What somebody may do, or not."""

    READ = "read a thread"
    POST = "post in a thread"
    RENAME = "rename a thread"
    RESOLVE = "resolve or reopen a thread"
    MOVE = "move a thread"
    EDIT = "edit a message"
    DELETE = "delete a message"
    INVITE = "invite somebody"
    CHANGE_ROLE = "change a role"


ABOUT_MESSAGES = frozenset({Deed.EDIT, Deed.DELETE})
ABOUT_THREADS = frozenset({Deed.READ, Deed.POST, Deed.RENAME, Deed.RESOLVE, Deed.MOVE})


def _bare(value: object) -> object:
    """The id at the end of a link: people copy addresses, not ids."""
    return value.rstrip("/").split("#")[0].split("?")[0].rpartition("/")[2] if isinstance(value, str) else value


Linked = Annotated[UUID, BeforeValidator(_bare)]


class RuleAsked(Incoming):
    """Whether this member may do this, with that."""

    membership_id: UUID
    deed: Deed
    thread_id: Linked | None = None  # or the thread's address
    message_id: Linked | None = None
    role: MemberRole | None = None  # to invite as, or to give
    of: MemberRole | None = None  # the role of the member whose role is to change

    @model_validator(mode="after")
    def is_complete(self) -> "RuleAsked":
        """Each deed is about something."""
        wanted = "message_id" if self.deed in ABOUT_MESSAGES else "thread_id" if self.deed in ABOUT_THREADS else "role"
        if getattr(self, wanted) is None:
            raise ValueError(f"say which {wanted.removesuffix('_id')}")
        return self
