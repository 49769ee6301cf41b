"""Settings on the screen."""

import re
from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.admin import service_settings as service
from dfworx.admin.validators_settings import SettingChange
from dfworx.admin.views_settings import SettingView
from dfworx.core.errors import Refusal
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said

FROM = {"environment": "from the environment", "changed": "changed here", "default": "the default"}


class AdminSettings(rx.State):
    """What can be changed while the server runs, and what stands fast."""

    changeable: list[dict[str, str]] = []
    fast: list[dict[str, str]] = []
    wrong: str = ""  # the one that cannot be what was typed
    problem: str = ""
    is_loaded: bool = False

    @action("server")
    async def load(self) -> None:
        """Show all settings."""
        self.wrong = ""
        async with acting(self) as tx:
            self._show(await service.every(tx))

    @action("server")
    async def save(self, form: dict[str, Any]) -> Any:
        """Let another value hold."""
        name = str(form.get("setting", ""))
        try:
            async with acting(self) as tx:
                now = await service.change(tx, name, SettingChange(value=str(form.get("value", ""))))
        except (ValidationError, Refusal) as error:
            self.wrong, self.problem = name, said(error)
            return None
        self.wrong = ""
        self.changeable = [_row(now) if each["name"] == name else each for each in self.changeable]
        return toast(f"{now.variable} is {now.value} from now on.")

    @action("server")
    async def reset_setting(self, name: str) -> Any:
        """Let it be what it is without a change."""
        async with acting(self) as tx:
            await service.reset(tx, str(name))
        self.wrong = ""
        self.changeable = [_reset(each) if each["name"] == name else each for each in self.changeable]
        return toast("It is the default again.")

    def _show(self, every: list[SettingView]) -> None:
        self.changeable = [_row(each) for each in every if each.is_changeable]
        self.fast = [_row(each) for each in every if not each.is_changeable]
        self.is_loaded = True


def _row(setting: SettingView) -> dict[str, str]:
    return {
        "name": setting.name,
        "variable": setting.variable,
        "description": re.sub(r"`([^`]*)`", r"“\1”", setting.description),  # written for the documentation
        "value": setting.value,
        "default": setting.default or "empty",
        "source": setting.source,
        "from": FROM[setting.source],
        "choices": ",".join(setting.choices),
        "key": f"{setting.name}:{setting.value}",
    }


def _reset(row: dict[str, str]) -> dict[str, str]:
    value = row["default"]
    return {**row, "value": value, "source": "default", "from": FROM["default"], "key": f"{row['name']}:{value}"}
