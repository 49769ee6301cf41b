"""What the person says about a concern."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service_discussing as discussing
from dfworx.decisions.validators import NewReply
from dfworx.infra.markdown import bare
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import said, typed


class Discussing(rx.State):
    """The dialog in which one says something about a concern."""

    about: str = ""  # the concern; empty when the dialog is closed
    title: str = ""
    problem: str = ""

    @action("member")
    async def ask(self, about: str, title: str) -> None:
        """Open the dialog."""
        self.about, self.title, self.problem = str(read_id(about)), bare(str(title)[:200]), ""

    @action("member")
    async def reply(self, form: dict[str, Any]) -> None:
        """Say it."""
        try:
            async with acting(self) as tx:
                await discussing.reply(tx, read_id(self.about), typed(NewReply, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        self.about = ""

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        if not is_open:
            self.about = ""

    @action("member")
    async def close(self) -> None:
        """Close the dialog."""
        self.about = ""
