"""What may come in about tokens: the grants of OAuth 2, and new personal access tokens."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from dfworx.accounts.validators import Email, GivenPassword, Incoming
from dfworx.core.permissions import Scope
from dfworx.core.texts import one_line

DAYS = 365  # what a personal access token lasts at most
Secret = Annotated[SecretStr, Field(max_length=2000)]


class PasswordGrant(Incoming):
    """A person's e-mail address and password, for the tokens of a new session."""

    grant_type: Literal["password"]
    username: Email
    password: GivenPassword


class RefreshGrant(Incoming):
    """A refresh token, for the next two tokens."""

    grant_type: Literal["refresh_token"]
    refresh_token: Secret


class Revocation(Incoming):
    """A refresh token or an access token whose session should end."""

    token: Secret
    token_type_hint: str = Field("", max_length=40)


class NewToken(Incoming):
    """A personal access token to make."""

    name: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(one_line)]
    scope: Scope = Scope.READ
    organization: str | None = Field(None, max_length=80, description="Its slug; none: all of your organizations.")
    days: int = Field(90, ge=1, le=DAYS, description="It ends after so many days.")
