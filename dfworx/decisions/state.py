"""What the person sees of the register: which decisions it shows, as the address says."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.core import clock
from dfworx.core.ids import new_id
from dfworx.core.permissions import Verb
from dfworx.decisions.validators import PARTS, Sought
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.tags import service as tags
from dfworx.ui.doors import acting, action
from dfworx.ui.identity import caller
from dfworx.ui.query import asked, here, query_of
from dfworx.ui.state import Shell
from dfworx.ui.state_picker import Choice, flip_among, offer

HERE = "decisions"  # what the sidebar marks as the place that one is in
# What it is narrowed to beside tags, and how that is said.
NARROWS = {"person": "", "channel": "#", "path": "governs ", "since": "from ", "until": "to "}
LONGEST = 300
MOST = 500  # people to choose from


class Register(rx.State):
    """The decisions of the organization; the rows themselves live in the browser, kept current by frames."""

    shown: str = ""
    sought: str = ""
    turn: str = ""  # the fields begin anew with it
    as_of: str = ""  # the day whose register is shown; empty: today's
    is_narrowing: bool = False
    tagged: list[Choice] = []
    narrowed: dict[str, str] = dict.fromkeys(NARROWS, "")
    names: dict[str, str] = {}  # what it is narrowed to, in words
    people: list[dict[str, str]] = []
    places: list[dict[str, str]] = []
    _ours: list[dict[str, list[str]]] = []  # what the addresses say that the fields led to, until those are loaded

    @rx.var
    def query(self) -> str:
        """What the list asks for besides."""
        return query_of(**PARTS[self.shown], **self._said())

    @rx.var
    def is_over(self) -> bool:
        """Whether the day whose register is shown has passed (UTC)."""
        return self.as_of < clock.now().date().isoformat()

    @rx.var
    def day(self) -> str:
        """That day as one says it."""
        return f"{date.fromisoformat(self.as_of):%-d %B %Y}" if self.as_of else ""

    @rx.var
    def is_narrowed(self) -> bool:
        """Whether it is narrowed to something besides the part that is shown."""
        return self.narrowing != ""

    @rx.var
    def narrowing(self) -> str:
        """What all parts of it are narrowed to."""
        return query_of(**self._said())

    @rx.var
    def rest(self) -> str:
        """What the address says besides which part is shown."""
        return self.narrowing.replace("?", "&", 1)

    @rx.var
    def chosen(self) -> list[Choice]:
        """What the register is narrowed to; pressing one takes it away."""
        said = [{"id": name, "name": NARROWS[name] + self.names.get(name, value), "color": ""}
                for name, value in self.narrowed.items() if value]  # fmt: skip
        return [*self.tagged, *said]

    def _said(self) -> dict[str, Any]:
        return {"title": self.sought.strip(), "tag": [tag["id"] for tag in self.tagged], **self.narrowed}

    @action("member")
    async def load(self) -> None:
        """Show what the address asks for."""
        wanted = self._wanted()
        shown = wanted.get("show", [""])[0]
        self.shown = shown if shown in PARTS else ""
        self.as_of = _day(wanted.get("as_of", [""])[0])
        typed = self.sought, self.narrowed["path"]
        if (title := wanted.get("title", [""])[0][:200]) != self.sought.strip():
            self.sought = title
        async with acting(self) as tx:
            await self._narrow(tx, wanted)
        if typed != (self.sought, self.narrowed["path"]):
            self.turn = new_id().hex
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""

    def _wanted(self) -> dict[str, list[str]]:
        """What the address asks for; where it is one that the fields led to, what has been typed since is newer."""
        wanted = asked()
        if wanted not in self._ours:
            self._ours = []
            return wanted
        self._ours = self._ours[self._ours.index(wanted) + 1 :]
        return _said_by(self._query())

    async def _narrow(self, tx: Tx, wanted: dict[str, list[str]]) -> None:
        """Take over what the address narrows it to, with how that is called; what says nothing is left out."""
        narrowed = {name: wanted.get(name, [""])[0][:LONGEST] for name in NARROWS}
        try:
            sought = Sought.model_validate(
                {name: value for name, value in narrowed.items() if value and name != "path"}
            )
        except ValidationError:
            narrowed, sought = dict.fromkeys(NARROWS, ""), Sought()
        people = await organizations.names(tx, {sought.person})
        places = await channels.some(tx, [sought.channel]) if sought.channel else []
        called = [("person", name) for name in people.values()] + [("channel", place.name) for place in places]
        self.names, self.narrowed = dict(called), narrowed
        known = await tags.all(tx) if "tag" in wanted else []
        self.tagged = [tag.choice for tag in known if str(tag.id) in wanted["tag"]]

    @action("member")
    async def seek(self, text: str, turn: str) -> Any:
        """Show only decisions whose titles contain these words, or that have this number.

        What was typed into a field that has begun anew meanwhile is newer than what it began with.
        """
        self.sought = str(text)[:200]
        if str(turn) != self.turn:
            self.turn = new_id().hex
        return self._go()

    @action("member")
    async def travel(self, day: str) -> Any:
        """Show the register as it stood at the end of a day, or as it is."""
        self.as_of = _day(day)
        return rx.redirect(here(query_of(as_of=self.as_of)), replace=True)

    @action("member")
    async def show_narrowing(self) -> None:
        """Show what the register can be narrowed to, or no more."""
        self.is_narrowing = not self.is_narrowing
        if not self.is_narrowing:
            return
        async with acting(self) as tx:
            self.places = [{"id": str(each.id), "name": f"#{each.name}"} for each in await channels.all_visible(tx)]
            people = await organizations.everybody(tx, MOST) if tx.actor.may(Verb.LIST_MEMBERS) else []
        self.people = [{"id": str(each.id), "name": each.name} for each in people]

    @action("member")
    async def ask_tags(self) -> None:
        """Open the choice of tags."""
        async with acting(self) as tx:
            choices = [tag.choice for tag in await tags.all(tx)]
        await offer(self, choices, [tag["id"] for tag in self.tagged])

    @action("member")
    async def flip(self, tag_id: str) -> Any:
        """Show only decisions on which this tag hangs, too, or ask for it no more."""
        self.tagged = await flip_among(self, self.tagged, str(tag_id))
        return self._go()

    @action("member")
    async def narrow(self, name: str, value: str) -> Any:
        """Show only what is about this person, channel, path or time, or about any again."""
        if name not in NARROWS:
            return None
        self.narrowed = {**self.narrowed, name: str(value)[:LONGEST]}
        return self._go()

    @action("member")
    async def widen(self, id_: str) -> Any:
        """Take away something that the register is narrowed to."""
        self.tagged = [tag for tag in self.tagged if tag["id"] != id_]
        self.narrowed = {name: "" if name == id_ else value for name, value in self.narrowed.items()}
        self.turn = new_id().hex
        return self._go()

    @action("member")
    async def clear(self) -> Any:
        """Take all of it away."""
        self.sought, self.tagged, self.narrowed = "", [], dict.fromkeys(NARROWS, "")
        self.turn = new_id().hex
        return self._go()

    def _go(self) -> Any:
        """Let the address say it; what is typed and comes late, when one has gone on, leads nowhere."""
        query = self._query()
        said = _said_by(query)
        if not here("").endswith(f"/{HERE}") or said == (self._ours[-1] if self._ours else asked()):
            return None
        self._ours = [*self._ours, said]
        return rx.redirect(here(query), replace=True)

    def _query(self) -> str:
        return query_of(show=self.shown, **self._said())

    @action("member")
    async def find(self) -> Any:
        """Go on to the record of the number in the address."""
        return rx.redirect(f"{caller.get().home}/d/{quote(str(self.number))}", replace=True)


def _said_by(query: str) -> dict[str, list[str]]:
    return parse_qs(query.removeprefix("?"))


def _day(text: object) -> str:
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        return ""
