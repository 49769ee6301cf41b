"""What may go out about channels, to REST and browser alike."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from dfworx.channels.models import Place, Visibility


class ChannelView(BaseModel):
    """A channel as everybody who can see it sees it."""

    id: UUID
    organization_id: UUID
    name: str
    description: str
    visibility: str
    archived_at: datetime | None

    @classmethod
    def of(cls, place: Place) -> "ChannelView":
        """The view of a row."""
        return cls.model_validate(place, from_attributes=True)

    @property
    def is_open(self) -> bool:
        """Whether the whole organization (guests apart) can see it."""
        return self.visibility != Visibility.MEMBERS
