"""What the person sees of the ledger."""

from typing import Any

import reflex as rx

from dfworx.decisions import service_ledger as ledger
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast


class Chain(rx.State):
    """The chain of what was decided."""

    @action("admin")
    async def verify(self) -> Any:
        """Look at every entry, and say whether all hold."""
        async with acting(self) as tx:
            found = await ledger.verify(tx)
        if not found.reason:
            return toast(f"All {found.entries} entries hold.")
        where = f" It is entry {found.altered.position}, {found.altered.happened}." if found.altered else ""
        return toast(f"{found.reason}{where}", "error")
