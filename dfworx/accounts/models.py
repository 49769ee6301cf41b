"""People and their sessions. Password hashes live in a table that no request can read."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy import text as sql
from sqlmodel import Field

from dfworx.infra.tables import Model, moment


class User(Model, table=True):
    """A person who can sign in."""

    __tablename__ = "users"
    __table_args__ = (Index("users_name_index", func.lower(sql("name")), "id"),)

    email: str = Field(unique=True)
    name: str
    is_server_admin: bool = False
    deactivated_at: datetime | None = moment()
    email_verified_at: datetime | None = moment()
    shows_presence: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    gets_digest: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})


class Password(Model, table=True):
    """The argon2id hash of a user's password; reached through definer functions only."""

    __tablename__ = "passwords"

    user_id: UUID = Field(foreign_key="users.id", unique=True)
    hash: str


class MailedLink(Model, table=True):
    """A link that was sent to a person: works once, until it ends; only its hash is kept."""

    __tablename__ = "mailed_links"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    purpose: str
    token_hash: str = Field(unique=True)
    expires_at: datetime = moment(nullable=False)
    used_at: datetime | None = moment()


class Session(Model, table=True):
    """One signed-in browser or script."""

    __tablename__ = "sessions"

    user_id: UUID = Field(foreign_key="users.id", index=True)
    last_seen_at: datetime = moment(nullable=False)
    expires_at: datetime = moment(nullable=False)
    revoked_at: datetime | None = moment()
    user_agent: str = ""
    address: str = ""
    kind: str = Field(default="browser", sa_column_kwargs={"server_default": "browser"})

    @classmethod
    def start(
        cls, user_id: UUID, at: datetime, lasting: timedelta, user_agent: str, address: str, kind: str = "browser"
    ) -> "Session":
        """A new session that begins now."""
        return cls(
            user_id=user_id,
            created_at=at,
            last_seen_at=at,
            expires_at=at + lasting,
            user_agent=user_agent[:400],
            address=address[:64],
            kind=kind,
        )

    def revoke(self, at: datetime) -> None:
        """End the session; ending it twice changes nothing."""
        self.revoked_at = self.revoked_at or at
