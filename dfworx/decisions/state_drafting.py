"""What the person does to begin a decision: a title, and the channel that it stands in."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.core.permissions import Verb
from dfworx.decisions import service as decisions
from dfworx.decisions.validators import NewDecision
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import said
from dfworx.ui.identity import caller
from dfworx.ui.query import asked, here, query_of
from dfworx.ui.state import Shell


class Drafting(rx.State):
    """The dialog that begins a decision."""

    is_asking: bool = False
    choices: list[dict[str, str]] = []
    channel: str = ""  # the one that is chosen already
    in_place_of: int = 0  # the number of the record whose place it takes
    problem: str = ""

    @action("member")
    async def arrive(self) -> Any:
        """Come to a page: `?new` opens the dialog, once; one that was left open elsewhere stays behind."""
        shell = await self.get_state(Shell)
        if shell.came_from != shell.path and not self.in_place_of:  # that one's own page may be renamed meanwhile
            self.is_asking = False
        wanted = asked()
        if wanted.pop("new", None) is None:
            return None
        if caller.get().actor.may(Verb.DRAFT_DECISION):
            await self._ask(0, "")
        return rx.redirect(here(query_of(**wanted)), replace=True)

    @action("member")
    async def ask(self) -> None:
        """Open the dialog for a new decision."""
        await self._ask(0, "")

    @action("member")
    async def ask_in_place_of(self, number: int, channel_id: str) -> None:
        """The same for one that supersedes a record, in the same channel."""
        await self._ask(int(number) if str(number).isdecimal() else 0, str(channel_id)[:100])

    async def _ask(self, number: int, channel_id: str) -> None:
        async with acting(self) as tx:
            visible = await channels.all_visible(tx)
        self.choices = [
            {"id": str(each.id), "name": f"#{each.name}" if each.is_open else f"#{each.name} (private)"}
            for each in visible
        ]
        self.is_asking, self.problem = True, ""
        self.in_place_of, self.channel = number, channel_id

    @action("member")
    async def set_asking(self, is_asking: bool) -> None:
        """The dialog opened or closed itself."""
        self.is_asking = bool(is_asking)

    @action("member")
    async def close(self) -> None:
        """Close the dialog."""
        self.is_asking = False

    @action("member")
    async def draft(self, form: dict[str, Any]) -> Any:
        """Begin a decision and go there."""
        try:
            supersedes = [self.in_place_of] if self.in_place_of else []
            new = NewDecision(
                title=form.get("title", ""), channel_id=read_id(form.get("channel")), supersedes=supersedes
            )
            async with acting(self) as tx:
                decision = await decisions.draft(tx, new)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_asking = False
        return rx.redirect(f"{caller.get().home}/d/{decision.id}?write")
