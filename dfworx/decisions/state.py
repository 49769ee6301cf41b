"""What the person sees of the register: which decisions it shows, and the dialog that begins one."""

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.core.errors import NotFound, Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service as decisions
from dfworx.decisions import service_graph as graph
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import NewDecision
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import said
from dfworx.ui.identity import caller
from dfworx.ui.state import Shell

HERE = "decisions"  # what the sidebar marks as the place that one is in
SHOWN = {  # what the chips ask for
    "waiting": "/waiting",
    "open": "?status=proposed&status=final_comment",
    "in-force": "?status=accepted",
    "due": "/due",
    "drafts": "?status=draft",
    "timeline": "",
    "": "",
}
NUMBER = re.compile(r"^(?:DEC-)?([1-9][0-9]{0,8})(?:-.*)?$", re.IGNORECASE)


class Register(rx.State):
    """The decisions of the organization; the rows themselves live in the browser, kept current by frames."""

    shown: str = ""
    sought: str = ""
    as_of: str = ""  # the day whose register is shown; empty: today's
    picture: str = ""
    is_asking: bool = False
    choices: list[dict[str, str]] = []
    problem: str = ""
    is_missing: bool = False

    @rx.var
    def query(self) -> str:
        """What the list asks for besides."""
        asked = SHOWN[self.shown]
        if not self.sought.strip() or self.shown in {"waiting", "due"}:
            return asked
        return f"{asked}{'&' if asked else '?'}title={quote(self.sought)}"

    @action("member")
    async def load(self) -> None:
        """Show what the address asks for."""
        asked = parse_qs(urlsplit(caller.get().path).query)
        wanted = asked.get("show", [""])[0]
        self.shown, self.sought, self.picture = wanted if wanted in SHOWN else "", "", ""
        self.as_of = _day(asked.get("as_of", [""])[0])
        if self.shown == "timeline":
            async with acting(self) as tx:
                self.picture = await graph.timeline(tx)
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""

    @action("member")
    async def seek(self, text: str) -> None:
        """Show only decisions whose titles contain these words."""
        self.sought = str(text)[:200]

    @action("member")
    async def travel(self, day: str) -> None:
        """Show the register as it stood at the end of a day, or as it is."""
        self.as_of = _day(day)

    @action("member")
    async def ask(self) -> None:
        """Open the dialog for a new decision."""
        async with acting(self) as tx:
            visible = await channels.all_visible(tx)
        self.choices = [
            {"id": str(each.id), "name": f"#{each.name}" if each.is_open else f"#{each.name} (private)"}
            for each in visible
        ]
        self.is_asking, self.problem = True, ""

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
            new = NewDecision(title=form.get("title", ""), channel_id=read_id(form.get("channel")))
            async with acting(self) as tx:
                decision = await decisions.draft(tx, new)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_asking = False
        return rx.redirect(f"{caller.get().home}/d/{decision.id}?write")

    @action("member")
    async def find(self) -> Any:
        """Go on to the decision of the number in the address."""
        self.is_missing = False
        found = NUMBER.match(str(self.number))
        try:
            async with acting(self) as tx:
                decision = await showing.numbered(tx, int(found[1]) if found else 0)
        except NotFound:
            self.is_missing = True
            return None
        return rx.redirect(f"{caller.get().home}/d/{decision.id}", replace=True)


def _day(text: object) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        return ""
