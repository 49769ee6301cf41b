"""Whether the person looks at how positions changed; the changes themselves live in the browser."""

import reflex as rx

from dfworx.ui.doors import action


class Changes(rx.State):
    """The dialog of all positions that were ever taken."""

    is_open: bool = False

    @action("member")
    async def ask(self) -> None:
        """Open the dialog."""
        self.is_open = True

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        self.is_open = bool(is_open)
