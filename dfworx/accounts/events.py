"""What accounts announce. Never a password, a hash or a token."""

from uuid import UUID

from dfworx.accounts.views import AccountView
from dfworx.core.events import Event


class _PersonEvent(Event):
    user_id: UUID

    def about(self) -> UUID:
        """The person."""
        return self.user_id


class AccountRegistered(_PersonEvent):
    """Somebody made an account."""

    account: AccountView


class PersonRenamed(_PersonEvent):
    """A person shows another name; memberships follow."""

    new_name: str
    was: str


class PasswordChanged(_PersonEvent):
    """A person changed the password."""


class SessionStarted(_PersonEvent):
    """A person signed in."""

    session_id: UUID
    address: str
    user_agent: str


class SessionRevoked(_PersonEvent):
    """One session ended before its time: signed out, or revoked from another one."""

    session_id: UUID


class SessionsRevoked(_PersonEvent):
    """All sessions of a person ended, but for the one that is kept."""

    kept: UUID | None = None
