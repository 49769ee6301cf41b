"""What may go out to administrators: who is there and since when, never what they wrote."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from dfworx.core.permissions import Role


class StandingView(BaseModel):
    """What a person is in one organization."""

    membership_id: UUID
    organization_id: UUID
    slug: str
    organization: str
    role: Role


class PersonView(BaseModel):
    """A person with an account; an organization's administrators see their standing there alone."""

    id: UUID
    name: str
    email: str
    created_at: datetime
    email_verified_at: datetime | None
    deactivated_at: datetime | None
    is_server_admin: bool
    last_seen_at: datetime | None
    memberships: list[StandingView]

    @classmethod
    def of(cls, row: Any) -> "PersonView":
        """The view of a row of the database's function."""
        return cls.model_validate(row, from_attributes=True)


class PeoplePage(BaseModel):
    """A part of the people, by name; `next` asks for the following part."""

    items: list[PersonView]
    next: UUID | None


class OthersSessionView(BaseModel):
    """Where somebody is signed in."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str
    is_current: bool = False

    @classmethod
    def of(cls, row: Any, current: UUID | None) -> "OthersSessionView":
        """The view of a row of the database's function."""
        return cls(**row._mapping, is_current=row.id == current)  # noqa: SLF001 - public, in spite of its name


class SessionsPage(BaseModel):
    """A part of the sessions, the last seen first."""

    items: list[OthersSessionView]
    next: str | None


class OthersTokenView(BaseModel):
    """A personal access token of somebody, without its secret."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    label: str
    scope: str
    organization: str | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime

    @classmethod
    def of(cls, row: Any) -> "OthersTokenView":
        """The view of a row of the database's function."""
        return cls.model_validate(row, from_attributes=True)


class TokensPage(BaseModel):
    """A part of the tokens, the newest first."""

    items: list[OthersTokenView]
    next: str | None


class OrganizationRow(BaseModel):
    """An organization in numbers; its messages are counted by their threads."""

    id: UUID
    slug: str
    name: str
    created_at: datetime
    people: int
    owners: list[str]
    messages: int
    last_message_at: datetime | None

    @classmethod
    def of(cls, row: Any) -> "OrganizationRow":
        """The view of a row of the database's function."""
        return cls.model_validate(row, from_attributes=True)


class OrganizationsPage(BaseModel):
    """A part of the organizations, by name."""

    items: list[OrganizationRow]
    next: UUID | None


class InvitationRow(BaseModel):
    """An invitation: to where, by whom, and whether it still lets anybody in."""

    id: UUID
    organization_id: UUID
    organization: str
    slug: str
    role: Role
    created_at: datetime
    created_by: UUID | None
    creator: str | None
    expires_at: datetime
    max_uses: int
    uses: int
    revoked_at: datetime | None
    email: str
    state: str

    @classmethod
    def of(cls, row: Any, at: datetime) -> "InvitationRow":
        """The view of a row of the database's function."""
        return cls(**row._mapping, state=_state(row, at))  # noqa: SLF001 - public, in spite of its name


class InvitationsPage(BaseModel):
    """A part of the invitations, the newest first."""

    items: list[InvitationRow]
    next: str | None


def _state(row: Any, at: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.uses >= row.max_uses:
        return "used up"
    return "open" if at < row.expires_at else "expired"
