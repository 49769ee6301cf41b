"""What was mailed to members: about decisions, and on Mondays what waits for them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from dfworx.infra.tables import TenantModel, moment


class MailedNotice(TenantModel, table=True):
    """A notice that is being handed to the SMTP server, or was. Its id follows from whom it tells what."""

    __tablename__ = "mailed_notices"

    membership_id: UUID = Field(foreign_key="memberships.id", index=True)
    decision_id: UUID | None = Field(default=None, foreign_key="decisions.id", index=True)  # empty for that of Mondays
    kind: str
    occasion: UUID
    mailed_at: datetime | None = moment()  # empty: claimed, and nobody knows yet what the server has said
