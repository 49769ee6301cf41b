"""Settings, for those who look after the server: all can be seen, some can be changed while it runs."""

from typing import get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from dfworx.admin.errors import SettingIsGiven
from dfworx.admin.events import SettingChanged
from dfworx.admin.repository_settings import ChangedSettings
from dfworx.admin.validators_settings import SettingChange
from dfworx.admin.views_settings import SettingView
from dfworx.core.errors import Invalid, NotFound
from dfworx.core.permissions import ServerVerb
from dfworx.infra.database import Tx
from dfworx.infra.settings import CHANGEABLE, HIDDEN, Settings, accept, is_given, settings, source


async def every(tx: Tx) -> list[SettingView]:
    """All settings, those first that can be changed here."""
    tx.actor.must_on_server(ServerVerb.CHANGE_SETTINGS)
    rest = [name for name in Settings.model_fields if name not in CHANGEABLE]
    return [_view(name) for name in (*CHANGEABLE, *rest)]


async def change(tx: Tx, name: str, to: SettingChange) -> SettingView:
    """Let another value hold in every process from now on."""
    was = _must_be_changeable(tx, name)
    try:
        value = accept(name, to.value)
    except ValidationError as error:
        raise Invalid(fields={"value": _reason(error)}) from None
    if value != was:
        await ChangedSettings(tx).put(name, value)
        tx.emit(SettingChanged(setting=name, was=was, value=value))
    return _view(name).model_copy(update={"value": value, "source": "changed" if value != was else source(name)})


async def reset(tx: Tx, name: str) -> None:
    """Let it be again what it is without a change."""
    was = _must_be_changeable(tx, name)
    if not await ChangedSettings(tx).drop(name):
        raise NotFound
    tx.emit(SettingChanged(setting=name, was=was, value=None))


def _must_be_changeable(tx: Tx, name: str) -> str:
    tx.actor.must_on_server(ServerVerb.CHANGE_SETTINGS)
    if name not in CHANGEABLE:
        raise NotFound
    if is_given(name):
        raise SettingIsGiven
    return str(getattr(settings(), name))


def _reason(error: ValidationError) -> str:
    sentence = str(error.errors()[0]["msg"])
    return sentence[0].upper() + sentence[1:] + "."


def _view(name: str) -> SettingView:
    field, is_secret = Settings.model_fields[name], name in HIDDEN
    value = str(getattr(settings(), name) or "")
    return SettingView(
        name=name,
        variable=f"DFWORX_{name.upper()}",
        description=field.description or "",
        value=("is set" if value else "") if is_secret else value,
        default=_default(field),
        source=source(name),
        is_changeable=name in CHANGEABLE and not is_given(name),
        is_secret=is_secret,
        choices=[str(choice) for choice in get_args(field.annotation) if isinstance(choice, str)],
    )


def _default(field: FieldInfo) -> str:
    return "" if field.default in {PydanticUndefined, None} else str(field.default)
