"""What the person writes: the text of a decision in a form, saved against the version that it was made from."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.core.errors import NotFound, Refusal
from dfworx.core.ids import new_id, read_id
from dfworx.decisions import service as decisions
from dfworx.decisions import service_showing as showing
from dfworx.decisions.errors import DecisionChanged
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.state_merging import (
    AFTER,
    BEFORE,
    NAMES,
    NO_CLASH,
    PARTS,
    TITLE,
    Clash,
    Field,
    Said,
    as_text,
    both_changed,
    fields_of,
    lines_of,
    options_of,
    said_of,
    typed_in,
)
from dfworx.decisions.validators import Amendment, Change, Content
from dfworx.decisions.validators_address import number_of
from dfworx.decisions.views_details import DecisionDetails
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said
from dfworx.ui.identity import caller
from dfworx.ui.state_picker import Picker, flipped, offer

MOST = 20  # options
MOST_KEPT = 10  # forms
FORM = (  # what makes up a form
    *("here", "ref", "version", "is_amending", "asks_anew", "before", "after", "options", "clash", "news", "note"),
    *("_base", "_places"),
)


class Writing(rx.State):
    """The form. What is typed lives in the browser, and is kept here whenever one leaves a field."""

    here: str = ""  # the decision that is being written; empty when none is
    ref: str = ""
    version: int = 0
    is_amending: bool = False
    is_leaving: bool = False  # asked whether what was typed is to be given up
    asks_anew: bool = False  # somebody has answered: another text asks them again
    before: list[Field] = []
    after: list[Field] = []
    options: list[dict[str, str]] = []
    added: str = ""  # the option that one is led to
    clash: Clash = NO_CLASH  # their options and mine, where both changed them
    first_clash: str = ""  # the field that one is led to
    problem: str = ""
    news: str = ""
    note: str = ""  # what an amendment corrects
    _base: Said = {}
    _kept: dict[str, dict[str, Any]] = {}  # forms of other decisions that one has gone away from, by the decision
    _places: dict[str, str] = {}  # the channels that one can name: how they are called, by id

    @rx.var
    def is_open(self) -> bool:
        """Whether the form stands in the place of the record."""
        return bool(self.here)

    @action("member")
    async def arrive(self) -> None:
        """Come to a decision: what one was writing there is there still, and a new one is written at once."""
        try:
            async with acting(self) as tx:
                here = str(await showing.id_of(tx, self.decision))
        except NotFound:
            here = ""  # the page itself says so
        if self.here == here:
            if self.decision != here:  # it has a number, perhaps only since somebody has proposed it
                self.ref = f"DEC-{number_of(self.decision)}"
            return
        self._put_aside()
        if kept := self._kept.pop(here, None):
            for name, value in kept.items():
                setattr(self, name, value)
        elif here and "write" in parse_qs(urlsplit(caller.get().path).query, keep_blank_values=True):
            await self._begin()

    @action("member")
    async def begin(self) -> None:
        """Open the form."""
        await self._begin()

    async def _begin(self) -> None:
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
            visible = await channels.all_visible(tx)
        if not (decision.may["write"] or decision.may["amend"]):
            return
        self._places = {str(each.id): f"#{each.name}" for each in [*visible, *decision.governs]}
        self._base = self._said(decision)
        self.before, self.after = fields_of(self._base, (TITLE, *BEFORE)), fields_of(self._base, AFTER)
        self.options = options_of(self._base)
        self.version, self.ref, self.is_amending = decision.version, decision.ref, not decision.may["write"]
        self.clash, self.problem, self.news, self.note = NO_CLASH, "", "", ""
        self.asks_anew = Status(decision.status) in OPEN and bool(decision.tally.answered)
        self.here, self.first_clash = str(decision.id), ""

    def _put_aside(self) -> None:
        """Keep what was typed about another decision for when one comes back to it; the latest few."""
        if self.here and self._is_changed():
            self._kept[self.here] = {name: getattr(self, name) for name in FORM}
            for oldest in list(self._kept)[:-MOST_KEPT]:
                del self._kept[oldest]
        self.here = ""

    def _said(self, decision: DecisionDetails) -> Said:
        """What it says, with the channels by their names."""
        said = said_of(_content(decision))
        return {**said, "channels": [self._places.get(each, each) for each in said["channels"]]}

    @action("member")
    async def ask_channels(self) -> None:
        """Open the choice of channels."""
        names = lines_of(next(each["value"] for each in self.after if each["name"] == "channels"))
        choices = [{"id": name, "name": name, "group": "", "color": ""} for name in sorted(self._places.values())]
        await offer(self, choices, [name for name in names if name in self._places.values()])

    @action("member")
    async def flip_channel(self, name: str) -> None:
        """Name a channel, or no more."""
        picker = await self.get_state(Picker)
        picker.chosen = flipped(picker.chosen, str(name))
        self._replace("channels", "\n".join(picker.chosen))

    @action("member")
    async def keep(self, name: str, value: str) -> None:
        """Keep what was typed into a field, for when one comes back."""
        if name == "note":
            self.note = str(value)[:500]
        self._set(str(name), value=str(value)[:30_000])

    @action("member")
    async def keep_option(self, key: str, part: str, value: str) -> None:
        """The same for an option."""
        if part in PARTS:
            self.options = [
                {**each, part: str(value)[:30_000]} if each["key"] == key else each for each in self.options
            ]

    @action("member")
    async def choose(self, key: str) -> None:
        """The same for the choice."""
        self.options = [{**each, "chosen": "yes" if each["key"] == key else ""} for each in self.options]

    @action("member")
    async def add_option(self) -> None:
        """Consider one more option."""
        if len(self.options) < MOST:
            empty = dict.fromkeys((*PARTS, "chosen"), "")
            self.added = f"n{new_id().hex}"
            self.options = [*self.options, {"key": self.added, **empty}]

    @action("member")
    async def remove_option(self, key: str) -> None:
        """Consider it no more."""
        self.options = [each for each in self.options if each["key"] != key]

    @action("member")
    async def save(self, form: dict[str, Any]) -> Any:
        """Save the text, unless somebody else has changed it meanwhile: then show both."""
        mine = typed_in(form, [each["key"] for each in self.options], self._base)
        self.problem = self.news = ""
        ids = {name.lower(): id_ for id_, name in self._places.items()}
        named = [f"#{name.lstrip('#')}".lower() for name in mine["channels"]]
        if missing := [name for name in named if name not in ids]:
            self.problem = f"Governs channels: there is no channel “{missing[0]}” that you can see."
            return None
        text = {**mine, "channels": [ids[name] for name in named], "version": self.version}
        try:
            async with acting(self) as tx:
                if self.is_amending:
                    amendment = Amendment.model_validate({**text, "note": form.get("note", "")})
                    await decisions.amend(tx, read_id(self.here), amendment)
                else:
                    await decisions.revise(tx, read_id(self.here), Change.model_validate(text))
        except DecisionChanged:
            await self._bring_together(mine)
            return None
        except ValidationError as error:
            self.problem = _where(error)
            return None
        except Refusal as error:
            self.problem = said(error)
            return None
        return self._leave(toast("Saved."))

    async def _bring_together(self, mine: Said) -> None:
        """Take what only they have changed; where both did, show theirs beside mine, and leave it to the person."""
        async with acting(self) as tx:
            decision = await showing.get(tx, read_id(self.here))
        self._places |= {str(each.id): f"#{each.name}" for each in decision.governs}
        theirs = self._said(decision)
        taken, clashes = both_changed(self._base, theirs, mine)
        for name in NAMES:
            if name in taken:
                self._replace(name, as_text(theirs[name]))
            else:
                self._set(name, value=as_text(mine[name]), **clashes.get(name, NO_CLASH))
        if "options" in taken:
            self.options = options_of(theirs, str(decision.version))
        self.clash = clashes.get("options", NO_CLASH)
        self._base, self.version = theirs, decision.version
        self.first_clash = next(iter(clashes), "")
        self.is_amending = not decision.may["write"]
        self.news = (
            "Somebody else has changed this text meanwhile. What only they changed is taken over. Where both of you "
            "did, both texts are shown: choose, or write a third, and save again."
            if clashes
            else "Somebody else has changed other parts meanwhile. They are taken over: look, and save again."
        )

    @action("member")
    async def take(self, name: str) -> None:
        """Take their text of a field."""
        if name == "options":
            self.options, self.clash = options_of(self._base, new_id().hex), NO_CLASH
        elif name in NAMES:
            self._replace(name, as_text(self._base[name]))
        self._settle()

    @action("member")
    async def insist(self, name: str) -> None:
        """Keep one's own text of a field."""
        self.clash = NO_CLASH if name == "options" else self.clash
        self._set(str(name), **NO_CLASH)
        self._settle()

    def _settle(self) -> None:
        if not any(each["changes"] for each in (*self.before, *self.after, self.clash)):
            self.news = "Every difference is settled. Save it."

    @action("member")
    async def close(self) -> Any:
        """Go back to the record; what was typed is given up only by who says so."""
        if self._is_changed():
            self.is_leaving = True
            return None
        return self._leave(None)

    @action("member")
    async def discard(self) -> Any:
        """Give up what was typed."""
        return self._leave(None)

    @action("member")
    async def stay(self, is_leaving: bool) -> None:
        """Go on writing."""
        self.is_leaving = bool(is_leaving)

    def _is_changed(self) -> bool:
        options = [{name: each[name] for name in (*PARTS, "chosen")} for each in self.options]
        before = [{name: each[name] for name in (*PARTS, "chosen")} for each in options_of(self._base)]
        fields = (*self.before, *self.after)
        is_typed = any(each["value"] != as_text(self._base[each["name"]]) for each in fields)
        return is_typed or bool(self.note) or options != before

    def _leave(self, *more: Any) -> Any:
        self.here, self.is_leaving = "", False
        here = caller.get().path
        path = urlsplit(here).path
        return [*filter(None, more), *([rx.redirect(path, replace=True)] if path != here else [])]

    def _replace(self, name: str, value: str) -> None:
        """Put another text into a field, over what was typed."""
        self._set(name, value=value, **NO_CLASH, turn=new_id().hex)

    def _set(self, name: str, **facts: str) -> None:
        self.before = [{**each, **facts} if each["name"] == name else each for each in self.before]
        self.after = [{**each, **facts} if each["name"] == name else each for each in self.after]


def _content(decision: DecisionDetails) -> Content:
    return Content.model_validate(decision.model_dump(include=set(Content.model_fields)))


def _where(error: ValidationError) -> str:
    """What to change, and in which field."""
    first = error.errors()[0]
    names = {name: label for name, label, *_ in (TITLE, *BEFORE, *AFTER)} | {"options": "Options", "note": "Correction"}
    return f"{names.get(str(first['loc'][0]), 'Text')}: {said(error)}" if first["loc"] else said(error)
