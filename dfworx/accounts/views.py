"""What may go out about people and their sessions."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.accounts.models import Session, User


class AccountView(BaseModel):
    """A person, as the person sees it."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    email_verified_at: datetime | None = None
    shows_presence: bool = True
    gets_digest: bool = True

    @classmethod
    def of(cls, user: User) -> "AccountView":
        """The view of a row."""
        return cls.model_validate(user, from_attributes=True)


class SessionView(BaseModel):
    """One signed-in browser or script of yours."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    kind: str = Field(description="`browser`, or `api`: a script that signed in at `/auth/token`.")
    is_current: bool

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> "SessionView":
        """The view of a row."""
        return cls(**session.model_dump(), is_current=session.id == current)


class SignedIn(BaseModel):
    """A session that has begun, and whose it is."""

    user_id: UUID
    session_id: UUID
    expires_at: datetime
    account: AccountView

    @classmethod
    def of(cls, account: AccountView, session: Session) -> "SignedIn":
        """The view of a new session."""
        return cls(user_id=account.id, session_id=session.id, expires_at=session.expires_at, account=account)


class ResetLink(BaseModel):
    """A link with which somebody takes another password, this once."""

    link: str
    expires_at: datetime


class SetupView(BaseModel):
    """Whether the first account is still to be made."""

    is_needed: bool
