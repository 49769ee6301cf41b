"""REST alone: what goes on beside answering."""

import asyncio

import pytest
from sqlalchemy import text

from dfworx.api import create_api
from dfworx.audit import service as audit
from dfworx.core import denials
from dfworx.infra import changed_settings
from dfworx.infra.settings import change, settings

pytestmark = pytest.mark.anyio


async def test_settings_are_followed_and_refusals_kept(admin, cast):
    admin.execute(text("insert into dfworx.changed_settings values ('session_days', '12', now())"))
    app = create_api()
    audit.keeper._waiting.clear()  # what earlier tests were refused, which nobody wrote, would crowd this one out
    async with app.router.lifespan_context(app):
        audit.keeper.hear(denials.Denial("forbidden", "GET /alone", cast.ben.actor))
        for _ in range(100):
            if settings().session_days == 12:
                break
            await asyncio.sleep(0.05)
        assert settings().session_days == 12
        admin.execute(text("delete from dfworx.changed_settings"))
        changed_settings.hear()
        for _ in range(100):
            if settings().session_days == 90:
                break
            await asyncio.sleep(0.05)
        assert settings().session_days == 90
    kept = text("select user_id from dfworx.audit_events where name = 'GET /alone'")
    assert admin.execute(kept).scalars().all() == [cast.ben.user_id]
    change({})
