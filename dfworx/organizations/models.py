"""Tenants, their members and invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.core.errors import Conflict
from dfworx.core.permissions import Role
from dfworx.infra.tables import Model, TenantModel, moment


class Organization(Model, table=True):
    """The tenant: a team with its own people, channels and records."""

    __tablename__ = "organizations"
    __table_args__ = (Index("organizations_name_index", func.lower(sql("name")), "id"),)

    slug: str = Field(unique=True)
    name: str


class Membership(TenantModel, table=True):
    """A user in an organization, and the author of what is written there; it outlives leaving.

    An imported author is a placeholder: a membership that no user has claimed yet, known by its `origin`.
    """

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("organization_id", "user_id"), UniqueConstraint("organization_id", "origin"))

    user_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    name: str
    role: str = Role.MEMBER
    left_at: datetime | None = moment()
    origin: str | None = None

    @property
    def is_placeholder(self) -> bool:
        """Whether nobody has claimed this author yet."""
        return self.user_id is None

    def leave(self, at: datetime) -> None:
        """End the membership; what was written stays."""
        if self.left_at is not None:
            raise Conflict("This person has already left.")
        self.left_at = at


class Invitation(TenantModel, table=True):
    """A link that lets people join; only the hash of its secret is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index(None, "organization_id"),
        Index("invitations_created_at_index", "created_at", "id"),
    )

    token_hash: str = Field(unique=True)
    role: str = Role.MEMBER
    created_by: UUID | None = Field(default=None, foreign_key="memberships.id")
    expires_at: datetime = moment(nullable=False)
    max_uses: int = 1
    uses: int = 0
    revoked_at: datetime | None = moment()
    email: str = ""

    def is_valid(self, at: datetime) -> bool:
        """Whether it can still be used."""
        return self.revoked_at is None and at < self.expires_at and self.uses < self.max_uses

    def revoke(self, at: datetime) -> None:
        """Make the link useless from now on."""
        self.revoked_at = self.revoked_at or at
