"""When a member was last mailed what waits for them; only a function reads and writes it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment


class Digest(TenantModel, table=True):
    """The last mail of Mondays to a member."""

    __tablename__ = "digests"

    membership_id: UUID = Field(foreign_key="memberships.id", unique=True)
    sent_at: datetime = moment(nullable=False)
