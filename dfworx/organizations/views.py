"""What may go out about organizations, members and invitations."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dfworx.accounts.views import SignedIn
from dfworx.core.permissions import Role
from dfworx.organizations.models import Invitation, Membership, Organization


class OrganizationView(BaseModel):
    """An organization, and what you are in it."""

    id: UUID
    slug: str
    name: str
    role: Role

    @classmethod
    def of(cls, organization: Organization, role: str) -> "OrganizationView":
        """The view of a row."""
        return cls(id=organization.id, slug=organization.slug, name=organization.name, role=Role(role))


class MembershipView(BaseModel):
    """A member, or an author who has left or was imported; the address is for administrators."""

    id: UUID
    organization_id: UUID
    user_id: UUID | None
    name: str
    role: Role
    is_placeholder: bool
    claimed_by: UUID | None = None
    claimant_id: UUID | None = None
    joined_at: datetime
    left_at: datetime | None
    email: str | None = None

    @classmethod
    def of(cls, member: Membership, email: str | None = None) -> "MembershipView":
        """The view of a row."""
        return cls(
            id=member.id,
            organization_id=member.organization_id,
            user_id=member.user_id,
            name=member.name,
            role=Role(member.role),
            is_placeholder=member.is_placeholder,
            claimed_by=member.claimed_by,
            claimant_id=member.claimant_id,
            joined_at=member.created_at,
            left_at=member.left_at,
            email=email,
        )


class AuthorView(BaseModel):
    """Whose words something is: an imported author is the member who claimed it."""

    id: UUID
    name: str


class MemberPage(BaseModel):
    """A part of the members, by name; `next` asks for the following part."""

    items: list[MembershipView]
    next: UUID | None


class InvitationView(BaseModel):
    """An invitation; its link is shown only when it is made."""

    id: UUID
    organization_id: UUID
    role: Role
    created_at: datetime
    created_by: UUID | None
    expires_at: datetime
    max_uses: int
    uses: int
    revoked_at: datetime | None
    email: str = ""
    is_valid: bool

    @classmethod
    def of(cls, invitation: Invitation, at: datetime) -> "InvitationView":
        """The view of a row."""
        return cls(**invitation.model_dump(exclude={"token_hash"}), is_valid=invitation.is_valid(at))


class InvitationLink(BaseModel):
    """A new invitation with its link, this once."""

    invitation: InvitationView
    token: str
    link: str


class InvitationLetter(BaseModel):
    """What the mail says that brings an invitation."""

    organization: str
    by: str
    link: str


class InvitationPreview(BaseModel):
    """Where an invitation leads, for whoever holds its link."""

    organization_name: str
    organization_slug: str
    role: Role


class Founded(BaseModel):
    """The first run is done: the session and the organization that it made."""

    session: SignedIn
    organization: OrganizationView
