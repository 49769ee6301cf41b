"""Settings as they may go out: a secret's value never does."""

from typing import Literal

from pydantic import BaseModel


class SettingView(BaseModel):
    """One setting: its value, and where that comes from."""

    name: str
    variable: str
    description: str
    value: str
    default: str
    source: Literal["environment", "changed", "default"]
    is_changeable: bool
    is_secret: bool
    choices: list[str]
