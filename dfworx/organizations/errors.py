"""What can be refused about organizations, members and invitations."""

from dfworx.core.errors import Conflict, Forbidden, NotFound


class LastOwner(Conflict):
    """An organization keeps an owner."""

    title = "This is the last owner. Make somebody else an owner first."


class UnclaimedAuthor(Conflict):
    """An imported author is nobody's membership yet."""

    title = "Nobody has claimed this imported author yet."


class InvitationNotValid(NotFound):
    """Unknown, used up, expired or revoked."""

    title = "This invitation link is not valid any more. Please ask for a new one."


class InvitationNeeded(Forbidden):
    """Registration is not open here."""

    title = "One joins this workspace by an invitation link. Please ask a member for one."
