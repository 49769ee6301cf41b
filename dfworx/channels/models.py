"""Places: what contains threads. A channel is the named kind of place."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.channels.errors import ChannelArchived
from dfworx.infra.tables import TenantModel, moment, text


class Visibility(StrEnum):
    """Who can see a place; judged in the database too."""

    ORGANIZATION = "organization"
    MEMBERS = "members"
    PUBLIC = "public"


class Place(TenantModel, table=True):
    """A place for threads; `kind` is `channel` for now."""

    __tablename__ = "places"
    __table_args__ = (
        Index("places_organization_id_name_key", "organization_id", func.lower(sql("name")), unique=True),
        UniqueConstraint("organization_id", "origin"),
    )

    kind: str = "channel"
    visibility: str = Visibility.ORGANIZATION
    name: str
    description: str = text(default="")
    created_by: UUID | None = Field(default=None, foreign_key="memberships.id")
    archived_at: datetime | None = moment()
    origin: str | None = None

    def must_be_open(self) -> None:
        """Refuse to change what is archived."""
        if self.archived_at is not None:
            raise ChannelArchived

    def archive(self, at: datetime) -> None:
        """Keep it readable and take nothing new."""
        self.must_be_open()
        self.archived_at = at

    def restore(self) -> None:
        """Take new threads and messages again."""
        self.archived_at = None


class PlaceMember(TenantModel, table=True):
    """A member who was added to a place: needed to see a private one, and for guests to see any."""

    __tablename__ = "place_members"
    __table_args__ = (UniqueConstraint("place_id", "membership_id"),)

    place_id: UUID = Field(foreign_key="places.id")
    membership_id: UUID = Field(foreign_key="memberships.id", index=True)
