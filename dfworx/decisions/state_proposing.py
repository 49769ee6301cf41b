"""What the person does to propose a decision: whom they ask, who decides, by which rule; and whom they ask later."""

import re
from collections.abc import Collection, Iterable
from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.channels import service as channels
from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service_asking as asking
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions import service_templates as templates
from dfworx.decisions.validators import Asked, Proposal
from dfworx.decisions.views_templates import TemplateView
from dfworx.infra.database import Tx
from dfworx.organizations import service as organizations
from dfworx.organizations.views import MembershipView
from dfworx.ui.avatars import hue, initials
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said

MOST = 500  # people in the dialog, as many as can be asked
ASKED, ROLE = "ask-", "role-"
NOBODY = "Nobody named: every member may answer."
NOBODY_ELSE = "Nobody else is named yet."
SWITCHES = {
    "is_business_days": "Saturdays and Sundays do not count",
    "is_hidden": "Whoever has not answered does not see how the others did",
    "is_anonymous": "Nobody sees whose position is whose",
}


class Proposing(rx.State):
    """The dialog that makes a proposal out of a draft, and the one that asks more people."""

    is_open: bool = False
    is_asking_more: bool = False
    people: list[dict[str, str]] = []
    deciders: list[dict[str, str]] = []  # those of them who can decide
    templates: list[dict[str, str]] = []
    template: dict[str, str] = {}  # the chosen one
    channels: list[dict[str, str]] = []
    asks: str = NOBODY  # how many people that are, in words
    decider: str = ""
    supersedes: str = ""
    unwritten: bool = False  # there is nothing yet that one could agree to
    sought: str = ""
    problem: str = ""
    _on: str = ""  # the decision that the dialog is about
    _picked: list[str] = []
    _channel: str = ""
    _read: int = 0  # the version of the text that is proposed

    @action("member")
    async def ask(self) -> None:
        """Open the dialog."""
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
            everybody = await self._offer(tx)
            me = str(tx.actor.membership)
            self.templates = [_shown(each) for each in await templates.all(tx)]
        self.template = self.templates[0]
        self.deciders = [_person(each) for each in everybody if asking.may_be_decider(each)]
        decider = str(decision.decider_id or decision.created_by)
        self.decider = decider if any(each["id"] == decider for each in self.deciders) else me
        self.supersedes = ", ".join(each.ref for each in decision.replaces)
        self.unwritten = not (decision.outcome or decision.chosen)
        self.is_open, self.asks, self._read = True, NOBODY, decision.version
        self._on = str(decision.id)

    @action("member")
    async def ask_more(self) -> None:
        """Open the dialog that asks more people."""
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
            await self._offer(tx, but={str(each.id) for each in decision.asked})
        self.is_asking_more, self.asks = True, NOBODY_ELSE
        self._on = str(decision.id)

    async def _offer(self, tx: Tx, but: Collection[str] = ()) -> list[MembershipView]:
        """Let one choose among everybody but these, and among the channels, from the beginning; gives everybody."""
        everybody = await organizations.everybody(tx, MOST)
        self.people = [_person(each) for each in everybody if str(each.id) not in but]
        self.channels = [{"id": str(each.id), "name": f"#{each.name}"} for each in await channels.all_visible(tx)]
        self.problem = self.sought = self._channel = ""
        self._picked = []
        return everybody

    @action("member")
    async def seek(self, text: str) -> None:
        """Show only people whose names contain this."""
        self.sought = str(text).strip().lower()[:100]

    @action("member")
    async def pick(self, name: str, is_on: bool) -> None:
        """Somebody or a role is to be asked, or no more: say how many people that are."""
        self._picked = [each for each in self._picked if each != name] + [str(name)[:100]] * bool(is_on)
        await self._count()

    @action("member")
    async def pick_channel(self, channel_id: str) -> None:
        """The members of a channel are to be asked, or of none: the same."""
        self._channel = str(channel_id)[:100]
        await self._count()

    async def _count(self) -> None:
        try:
            async with acting(self) as tx:
                asked = _asked(self._picked, self._channel)
                count = (await asking.preview(tx, read_id(self._on), asked)).count
        except (ValidationError, Refusal) as error:
            self.asks = said(error)
            return
        more, nobody = ("more ", NOBODY_ELSE) if self.is_asking_more else ("", NOBODY)
        people = f"1 {more}person is" if count == 1 else f"{count} {more}people are"
        self.asks = f"{people} asked." if count else nobody

    @action("member")
    async def choose(self, template_id: str) -> None:
        """Decide by another template: what it says is filled in."""
        self.template = next((each for each in self.templates if each["id"] == template_id), self.template)

    @action("member")
    async def propose(self, form: dict[str, Any]) -> Any:
        """Give the decision its number, and ask."""
        try:
            names = [str(name) for name, is_on in form.items() if is_on]
            asked = _asked(names, str(form.get("channel") or ""))
            async with acting(self) as tx:
                count = (await asking.preview(tx, read_id(self._on), asked)).count
                template = await templates.called(tx, read_id(form.get("template")))
                proposal = Proposal.model_validate({
                    **asked.model_dump(),
                    "version": self._read,
                    "template": template.id,
                    "decider_id": str(form.get("decider") or "") or None,
                    "rule": {
                        **template.rule(count).model_dump(),
                        "comment_hours": str(form.get("hours") or "0"),
                        **{name: name in names for name in SWITCHES},
                        "ballot": str(form.get("ballot") or ""),
                    },
                    "supersedes": re.findall(r"[0-9]{1,9}", str(form.get("supersedes") or ""))[:21],
                })  # fmt: skip
                decision = await protocol.propose(tx, read_id(self._on), proposal)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_open = False
        return toast(f"Proposed as {decision.ref}. Whoever is asked sees it now.")

    @action("member")
    async def ask_them(self, form: dict[str, Any]) -> Any:
        """Ask more people."""
        try:
            names = [str(name) for name, is_on in form.items() if is_on]
            asked = _asked(names, str(form.get("channel") or ""))
            async with acting(self) as tx:
                await asking.ask_more(tx, read_id(self._on), asked)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_asking_more = False
        return toast("Asked. They see it now.")

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        if not is_open:
            self.is_open = self.is_asking_more = False

    @action("member")
    async def close(self) -> None:
        """Close the dialog."""
        self.is_open = self.is_asking_more = False


def _asked(names: Iterable[str], channel: str) -> Asked:
    """Whom the fields of the form ask."""
    return Asked.model_validate({
        "asked": [read_id(name.removeprefix(ASKED)) for name in names if name.startswith(ASKED)],
        "asked_roles": [name.removeprefix(ROLE) for name in names if name.startswith(ROLE)],
        "asked_channel_id": channel or None,
    })  # fmt: skip


def _shown(template: TemplateView) -> dict[str, str]:
    """A template for the browser."""
    words = {name: str(getattr(template, name)) for name in ("id", "name", "explanation", "comment_hours")}
    return {**words, **{name: "yes" if getattr(template, name) else "" for name in SWITCHES}}


def _person(each: MembershipView) -> dict[str, str]:
    """A member for the browser."""
    return {
        "id": str(each.id), "name": each.name, "initials": initials(each.name), "hue": hue(str(each.id)),
        "lower": each.name.lower(), "field": f"{ASKED}{each.id}",
    }  # fmt: skip
