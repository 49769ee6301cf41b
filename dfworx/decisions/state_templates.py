"""What an admin does with templates; the list itself lives in the browser, kept current by frames."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service_templates as templates
from dfworx.decisions.state_proposing import SWITCHES
from dfworx.decisions.validators import Move, Template
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said

NEW = "new"


class Templates(rx.State):
    """The dialogs: one that writes a template, one that asks before it is removed."""

    written: str = ""  # the template that is written; `new` for another one, empty when the dialog is closed
    words: dict[str, str] = {}  # what the form begins with
    removed: str = ""
    name: str = ""
    problem: str = ""

    @action("admin")
    async def begin(self) -> None:
        """Write another template."""
        self.written, self.words, self.problem = NEW, _words(Template(name="-")) | {"name": ""}, ""

    @action("admin")
    async def write(self, template_id: str) -> None:
        """Change a template."""
        async with acting(self) as tx:
            row = await templates.called(tx, read_id(template_id))
        self.written, self.words, self.problem = str(row.id), _words(row), ""

    @action("admin")
    async def save(self, form: dict[str, Any]) -> Any:
        """Keep what was written."""
        try:
            numbers = {name: form.get(name) or 0 for name in NUMBERS}
            switches = {name: bool(form.get(name)) for name in SWITCHES}
            words = {name: form.get(name) or "" for name in ("name", "explanation")}
            template = Template.model_validate({**words, **numbers, **switches})
            async with acting(self) as tx:
                if self.written == NEW:
                    await templates.add(tx, template)
                else:
                    await templates.change(tx, read_id(self.written), template)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.written = ""
        return toast(f"“{template.name}” is there to propose by.")

    @action("admin")
    async def move(self, template_id: str, to: str) -> Any:
        """Let it go up or down by one place."""
        id_, move = read_id(template_id), Move.model_validate({"to": str(to)})
        async with acting(self) as tx:
            rows = await templates.move(tx, id_, move)
        place, moved = next((place, row) for place, row in enumerate(rows, 1) if row.id == id_)
        return toast(f"“{moved.name}” is {f'number {place} of {len(rows)}' if place > 1 else 'the first one'} now.")

    @action("admin")
    async def ask_remove(self, template_id: str, name: str) -> None:
        """Ask whether it is to go."""
        self.removed, self.name, self.problem = str(read_id(template_id)), str(name)[:60], ""

    @action("admin")
    async def remove(self) -> Any:
        """Propose nothing by it any more."""
        try:
            async with acting(self) as tx:
                await templates.remove(tx, read_id(self.removed))
        except Refusal as error:
            self.problem = said(error)
            return None
        self.removed = ""
        return toast(f"“{self.name}” is removed. What was proposed by it stays as it is.")

    @action("admin")
    async def set_open(self, is_open: bool) -> None:
        """A dialog closed itself."""
        if not is_open:
            self.written = self.removed = ""

    @action("admin")
    async def close(self) -> None:
        """Close the dialogs."""
        self.written = self.removed = ""


NUMBERS = ("quorum_share", "quorum_least", "share", "comment_hours")


def _words(template: Any) -> dict[str, str]:
    said = {name: str(getattr(template, name)) for name in ("name", "explanation", *NUMBERS)}
    return said | {name: "yes" if getattr(template, name) else "" for name in SWITCHES}
