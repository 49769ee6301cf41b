"""What a setting can be changed to; the rules are those of the environment's variables."""

from pydantic import Field

from dfworx.accounts.validators import Incoming


class SettingChange(Incoming):
    """Another value, as the environment would have it."""

    value: str = Field(max_length=200)
