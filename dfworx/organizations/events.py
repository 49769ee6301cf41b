"""What organizations announce."""

from uuid import UUID

from dfworx.core.events import Event
from dfworx.core.permissions import Role
from dfworx.organizations.views import InvitationView, MembershipView, OrganizationView


class _OrganizationEvent(Event):
    organization: OrganizationView

    def about(self) -> UUID:
        """The organization."""
        return self.organization.id


class OrganizationCreated(_OrganizationEvent):
    """An organization exists, with its first owner."""

    membership_id: UUID
    user_id: UUID


class OrganizationRenamed(_OrganizationEvent):
    """An organization has another name; its addresses stay."""

    was: str


class _MemberEvent(Event):
    member: MembershipView

    def about(self) -> UUID:
        """The membership."""
        return self.member.id


class MemberJoined(_MemberEvent):
    """Somebody joined, or came back."""


class MemberRenamed(_MemberEvent):
    """A member shows another name."""

    audited = False  # the person's own event says it already


class RoleChanged(_MemberEvent):
    """A member has another role."""

    was: Role


class MemberRemoved(_MemberEvent):
    """A member was removed; what they wrote stays."""


class MemberLeft(_MemberEvent):
    """A member left; what they wrote stays."""


class AuthorAskedFor(_MemberEvent):
    """A member says that an imported author was them; an administrator decides."""


class AuthorClaimed(_MemberEvent):
    """An imported author is a member from now on: what it wrote shows their name."""


class ClaimEnded(_MemberEvent):
    """A claim was taken back, declined or undone: the imported author is nobody again."""

    was: UUID | None


class _InvitationEvent(Event):
    invitation: InvitationView

    def about(self) -> UUID:
        """The invitation."""
        return self.invitation.id


class InvitationCreated(_InvitationEvent):
    """There is a new link to join."""


class InvitationRevoked(_InvitationEvent):
    """A link to join is useless now."""
