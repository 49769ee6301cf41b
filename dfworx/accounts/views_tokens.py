"""What may go out about tokens. A secret goes out once, in the answer that makes it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dfworx.accounts.models_tokens import PersonalToken
from dfworx.core.permissions import Scope


class TokenView(BaseModel):
    """A personal access token, without its secret."""

    id: UUID
    name: str
    scope: Scope
    organization: str | None = Field(description="The slug of the one organization that it is good for.")
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, token: PersonalToken, slugs: dict[UUID, str]) -> "TokenView":
        """The view of a row."""
        bound = token.organization_id
        return cls(**token.model_dump(), organization=slugs.get(bound, "(left)") if bound else None)


class CreatedToken(TokenView):
    """A new personal access token with its secret, which is shown this once."""

    token: str


class Tokens(BaseModel):
    """What an API session goes on with (RFC 6749)."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # a kind of token, none itself
    expires_in: int = Field(description="Seconds that the access token lasts.")
    refresh_token: str = Field(description="Works once, for the next two tokens.")


class Family(BaseModel):
    """The session that tokens belong to, and the refresh token that comes next."""

    user_id: UUID
    session_id: UUID
    expires_at: datetime
    refresh_token: str
