"""Imports on the screen: what one does to them; the list itself lives in the browser."""

from typing import Any
from uuid import UUID

import reflex as rx

from dfworx.imports import service as imports
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast


class Imports(rx.State):
    """Stopping, resuming, discarding."""

    @action("admin")
    async def stop(self, import_id: str) -> Any:
        """Do no more; what came in stays."""
        async with acting(self) as tx:
            await imports.stop(tx, UUID(import_id))
        return toast("It stops after the batch that is being written.")

    @action("admin")
    async def resume(self, import_id: str) -> Any:
        """Go on where it was."""
        async with acting(self) as tx:
            await imports.resume(tx, UUID(import_id))
        return toast("It goes on where it was.")

    @action("admin")
    async def discard(self, import_id: str) -> Any:
        """Remove the archive; what came in stays."""
        async with acting(self) as tx:
            await imports.discard(tx, UUID(import_id))
        return toast("The archive is removed. What came in stays.")
