"""What accounts announce. Never a password, a hash or a token."""

from datetime import datetime
from uuid import UUID

from dfworx.accounts.views import AccountView
from dfworx.accounts.views_tokens import TokenView
from dfworx.core.events import Event


class _PersonEvent(Event):
    user_id: UUID

    def about(self) -> UUID:
        """The person."""
        return self.user_id


class AccountRegistered(_PersonEvent):
    """Somebody made an account."""

    account: AccountView


class VerificationAsked(_PersonEvent):
    """A person wants the mail once more that shows whose the address is."""

    at: datetime


class EmailVerified(_PersonEvent):
    """An address was shown to be its person's."""


class PasswordResetAsked(_PersonEvent):
    """Somebody asked for another password for this person."""

    at: datetime


class ResetLinkIssued(_PersonEvent):
    """An administrator made a link with which a member takes another password."""


class PersonRenamed(_PersonEvent):
    """A person shows another name; memberships follow."""

    new_name: str
    was: str


class PresenceChanged(_PersonEvent):
    """A person hides that they are online, or shows it again."""

    is_shown: bool


class DigestChosen(_PersonEvent):
    """A person wants the weekly mail of what waits for them, or no more."""

    is_wanted: bool


class PasswordChanged(_PersonEvent):
    """A person changed the password."""


class SessionStarted(_PersonEvent):
    """A person signed in."""

    session_id: UUID
    address: str
    user_agent: str
    at: datetime


class SessionRevoked(_PersonEvent):
    """One session ended before its time: signed out, or revoked from another one."""

    session_id: UUID


class SessionsRevoked(_PersonEvent):
    """All sessions of a person ended, but for the one that is kept."""

    kept: UUID | None = None


class RefreshTokenReused(_PersonEvent):
    """A refresh token was shown long after it was spent: it is in two hands, and its session ends."""

    session_id: UUID


class TokenCreated(_PersonEvent):
    """A person made a personal access token."""

    token: TokenView


class TokenRevoked(_PersonEvent):
    """A personal access token ended before its time."""

    token_id: UUID
    token_name: str
