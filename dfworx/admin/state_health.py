"""The health of the server on the screen."""

import reflex as rx

from dfworx.admin import service_health as health
from dfworx.ui.doors import acting, action


class AdminHealth(rx.State):
    """What was looked at."""

    findings: list[dict[str, str]] = []
    release: dict[str, str] = {}
    is_loaded: bool = False

    @action("server")
    async def load(self) -> None:
        """Look at everything."""
        async with acting(self) as tx:
            seen = await health.examine(tx)
        self.findings = [{**each.model_dump(), "id": f"{n}"} for n, each in enumerate(seen.findings)]
        self.release = {"version": seen.version, "python": seen.python, "migration": seen.migration}
        self.is_loaded = True
