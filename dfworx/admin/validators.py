"""What may be asked on the admin pages."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from dfworx.accounts.validators import Incoming
from dfworx.core.permissions import Role

Words = Annotated[str, Field(max_length=200)]
RoleAsked = Literal[Role.OWNER, Role.ADMIN, Role.MODERATOR, Role.MEMBER, Role.GUEST, "server admin"]


class PeopleAsked(Incoming):
    """Which people: words of name or address, where they stand, what they are, and in which organization."""

    q: Words = ""
    state: Literal["active", "deactivated", "unverified", "unconfirmed"] | None = None
    role: RoleAsked | None = None
    organization_id: UUID | None = None


class SessionsAsked(Incoming):
    """Which sessions, or tokens: words of person, address, device or name."""

    q: Words = ""
    user_id: UUID | None = None


class OrganizationsAsked(Incoming):
    """Which organizations: words of their names."""

    q: Words = ""


class InvitationsAsked(Incoming):
    """Which invitations: where they stand."""

    state: Literal["open", "used up", "expired", "revoked"] | None = None
