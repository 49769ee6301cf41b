"""What scripts show in place of a cookie; only hashes are kept."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from dfworx.infra.tables import Model, moment


class RefreshToken(Model, table=True):
    """One of the tokens that an API session was begun or gone on with: each works once. The session is their family."""

    __tablename__ = "refresh_tokens"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    session_id: UUID = Field(foreign_key="sessions.id", index=True)
    token_hash: str = Field(unique=True)
    spent_at: datetime | None = moment()


class PersonalToken(Model, table=True):
    """A token that a person made for a script: for one organization or all, with a scope and an end."""

    __tablename__ = "personal_tokens"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id", index=True)
    name: str
    scope: str
    token_hash: str = Field(unique=True)
    expires_at: datetime = moment(nullable=False)
    last_used_at: datetime | None = moment()
    revoked_at: datetime | None = moment()

    def revoke(self, at: datetime) -> None:
        """End it; ending it twice changes nothing."""
        self.revoked_at = self.revoked_at or at
