"""Settings over REST."""

from fastapi import APIRouter

from dfworx.admin import service_settings as settings
from dfworx.admin.validators_settings import SettingChange
from dfworx.admin.views_settings import SettingView
from dfworx.web.transactions import PersonTx

router = APIRouter(prefix="/admin/settings", tags=["admin"])


@router.get("")
async def list_settings(tx: PersonTx) -> list[SettingView]:
    """All settings, with where each comes from; secrets are not shown."""
    return await settings.every(tx)


@router.put("/{name}")
async def change_setting(name: str, change: SettingChange, tx: PersonTx) -> SettingView:
    """Let another value hold, in every process within seconds."""
    return await settings.change(tx, name, change)


@router.delete("/{name}", status_code=204)
async def reset_setting(name: str, tx: PersonTx) -> None:
    """Let it be again what it is without a change."""
    await settings.reset(tx, name)
