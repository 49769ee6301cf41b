"""What the person does on the page of tags: make one, change it, take it away."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.tags import service as tags
from dfworx.tags.validators import Category, Color, NewTag, TagChange
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.state import Shell

HERE = "tags"  # what the sidebar marks as the place that one is in


class Tags(rx.State):
    """The dialogs; the tags themselves live in the browser, kept current by frames."""

    here: str = ""  # the tag that a dialog is about; a new one has no id yet
    name: str = ""
    category: str = Category.TOPIC
    color: str = Color.GRAY
    is_open: bool = False
    is_removing: bool = False
    problem: str = ""

    @action("member")
    async def visit(self) -> None:
        """Come to the page."""
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""

    @action("member")
    async def ask(self, category: str) -> None:
        """Open the dialog for a new tag."""
        self.here, self.name, self.color, self.problem = "", "", Color.GRAY, ""
        self.category = category if category in set(Category) else Category.TOPIC
        self.is_open = True

    @action("member")
    async def ask_change(self, tag_id: str) -> None:
        """Open the dialog for another name, category or color."""
        await self._show(tag_id)
        self.is_open = True

    @action("member")
    async def ask_remove(self, tag_id: str) -> None:
        """Open the dialog that asks once more."""
        await self._show(tag_id)
        self.is_removing = True

    async def _show(self, tag_id: str) -> None:
        async with acting(self) as tx:
            tag = await tags.get(tx, read_id(tag_id))
        self.here, self.name, self.category, self.color = str(tag.id), tag.name, tag.category, tag.color
        self.problem = ""

    @action("member")
    async def save(self, form: dict[str, Any]) -> None:
        """Create or change the tag that the dialog is about."""
        try:
            async with acting(self) as tx:
                if self.here:
                    await tags.change(tx, read_id(self.here), typed(TagChange, form))
                else:
                    await tags.create(tx, typed(NewTag, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return
        self.is_open = False

    @action("member")
    async def remove(self) -> Any:
        """Take the tag away, wherever it hangs."""
        async with acting(self) as tx:
            await tags.remove(tx, read_id(self.here))
        self.is_removing = False
        return toast(f"“{self.name}” is gone.")

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """A dialog closed itself."""
        if not is_open:
            self.is_open = self.is_removing = False

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self.is_open = self.is_removing = False
