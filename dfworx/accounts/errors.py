"""What can be refused about accounts."""

from dfworx.core.errors import Conflict, Invalid, Unauthenticated


class BadCredentials(Unauthenticated):
    """No such account, or not its password; which of the two is nobody's business."""

    title = "The e-mail address or the password is not right."


class GrantEnded(Unauthenticated):
    """A refresh token that was used, revoked or never was, or whose session has ended."""

    title = "This session has ended. Please sign in again."


class UnknownOrganization(Invalid):
    """A token for an organization that its person does not belong to."""

    title = "You do not belong to this organization."

    def __init__(self) -> None:
        super().__init__(fields={"organization": self.title})


class TooManyTokens(Conflict):
    """More personal access tokens than anybody can keep an eye on."""

    title = "You have 50 tokens. Please revoke one before you make another."


class WrongPassword(Invalid):
    """The current password was asked for again and is not right."""

    title = "The current password is not right."

    def __init__(self) -> None:
        super().__init__(fields={"current_password": self.title})


class WeakPassword(Invalid):
    """A password that others guess; `fields` says why."""

    title = "Please choose a password that is harder to guess."

    def __init__(self, why: str, field: str = "password") -> None:
        super().__init__(why, fields={field: why})


class LinkEnded(Invalid):
    """A link from a mail that was used, has ended, or never was."""

    title = "This link does not work any more. Please ask for a new one."


class AlreadySetUp(Conflict):
    """There are accounts already: one joins by an invitation."""

    title = "This workspace is set up already. Please sign in, or ask for an invitation."
