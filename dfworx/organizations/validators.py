"""What may come in about organizations, members and invitations."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dfworx.accounts.validators import Email, Incoming, Name, Registration
from dfworx.core.permissions import Role
from dfworx.core.texts import hyphenated

SLUG_LENGTH = 40

MemberRole = Literal[Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER, Role.GUEST]
Token = Annotated[str, Field(max_length=100)]


class NewOrganization(Incoming):
    """An organization to create."""

    name: Name


class OrganizationChange(Incoming):
    """Another name for it."""

    name: Name


class RoleChange(Incoming):
    """Another role for a member."""

    role: MemberRole


class Claimed(Incoming):
    """Which member an imported author is."""

    membership_id: UUID


class NewInvitation(Incoming):
    """A link for people to join: as what, how long, how often."""

    role: MemberRole = Role.MEMBER
    days: int = Field(7, ge=1, le=90)
    max_uses: int = Field(1, ge=1, le=1000)
    email: Email | Literal[""] = ""


class SetUp(Registration):
    """The first run: the first person and their organization."""

    organization: Name


class Joining(Registration):
    """A new person, with the invitation that they hold."""

    invitation: Token = ""


def slug_of(name: str) -> str:
    """What stands for a name in addresses: `Acme Robotics` is `acme-robotics`."""
    return hyphenated(name)[:SLUG_LENGTH].strip("-") or "team"
