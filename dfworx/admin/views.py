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
