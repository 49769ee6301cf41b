"""Whether the person looks at how positions changed; the changes themselves live in the browser."""

import reflex as rx

from dfworx.core.ids import read_id
from dfworx.ui.doors import action


class Changes(rx.State):
    """The dialog of all positions that were ever taken."""

    is_open: bool = False
    about: str = ""  # the decision

    @action("member")
    async def ask(self, decision_id: str) -> None:
        """Open the dialog."""
        self.is_open, self.about = True, str(read_id(decision_id))

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        self.is_open = bool(is_open)
