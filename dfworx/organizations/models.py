"""Tenants, their members and invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.core.errors import Conflict
from dfworx.core.permissions import Role
from dfworx.infra.tables import Model, TenantModel, moment
from dfworx.organizations.errors import NotImported, NotPresent


class Organization(Model, table=True):
    """The tenant: a team with its own people, channels and records."""

    __tablename__ = "organizations"
    __table_args__ = (Index("organizations_name_index", func.lower(sql("name")), "id"),)

    slug: str = Field(unique=True)
    name: str


class Membership(TenantModel, table=True):
    """A user in an organization, and the author of what is written there; it outlives leaving.

    An imported author is a placeholder: a membership without a user, known by its `origin`. `claimed_by` is the member
    who it was; `claimant_id` the one who says so, until an administrator has decided.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id"),
        UniqueConstraint("organization_id", "origin"),
        UniqueConstraint("organization_id", "id", name="memberships_organization_id_id_key"),
        *[
            ForeignKeyConstraint(
                ["organization_id", column],
                ["memberships.organization_id", "memberships.id"],
                name=f"memberships_{column}_fkey",
            )
            for column in ("claimed_by", "claimant_id")
        ],
        Index("memberships_claimed_by_index", "claimed_by", postgresql_where=sql("claimed_by is not null")),
        Index("memberships_claimant_id_index", "claimant_id", postgresql_where=sql("claimant_id is not null")),
    )

    user_id: UUID | None = Field(default=None, foreign_key="users.id", index=True)
    name: str
    role: str = Role.MEMBER
    left_at: datetime | None = moment()
    origin: str | None = None
    claimed_by: UUID | None = None
    claimant_id: UUID | None = None

    @property
    def is_placeholder(self) -> bool:
        """Whether nobody signs in as this author: imported ones, and the guide of the demo thread."""
        return self.user_id is None

    @property
    def is_imported(self) -> bool:
        """Whether this author came with an archive, known as `zulip:NAME`."""
        return self.is_placeholder and ":" in (self.origin or "")

    def be(self, member: "Membership | None") -> None:
        """Be known as the words of a member from now on, or of nobody."""
        if not self.is_imported:
            raise NotImported
        if member is not None and (member.is_placeholder or member.left_at is not None):
            raise NotPresent
        self.claimed_by, self.claimant_id = member.id if member else None, None

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
