"""What can be refused about organizations, members and invitations."""

from dfworx.core.errors import Conflict, Forbidden, NotFound


class LastOwner(Conflict):
    """An organization keeps an owner."""

    title = "This is the last owner. Make somebody else an owner first."


class UnclaimedAuthor(Conflict):
    """An imported author is nobody's membership yet."""

    title = "Nobody has claimed this imported author yet."


class NotImported(Conflict):
    """Only an imported author can be claimed."""

    title = "This is no imported author."


class NotPresent(Conflict):
    """An imported author can only be a member who is here."""

    title = "This person is not a member here any more."


class AlreadyClaimed(Conflict):
    """Somebody else is, or says that they are, this author."""

    title = "Somebody else is this author, or has said so already. An owner or admin decides."


class InvitationNotValid(NotFound):
    """Unknown, used up, expired or revoked."""

    title = "This invitation link is not valid any more. Please ask for a new one."


class InvitationNeeded(Forbidden):
    """Registration is not open here."""

    title = "One joins this workspace by an invitation link. Please ask a member for one."
