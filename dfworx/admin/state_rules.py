"""Why somebody may do something, or not: asked on the roles page."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.admin import service_people as people
from dfworx.admin import service_rules as rules
from dfworx.admin.validators import PeopleAsked
from dfworx.admin.validators_rules import ABOUT_MESSAGES, ABOUT_THREADS, Deed, RuleAsked
from dfworx.admin.views import PersonView
from dfworx.admin.views_rules import Explanation
from dfworx.core.errors import Invalid, NotFound, Refusal
from dfworx.infra.database import Tx
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import said

UNKNOWN = "There is no such thread or message in an organization of this person."


class AdminRules(rx.State):
    """The question that is asked, and its answer."""

    deed: str = Deed.MOVE.value
    answer: str = ""
    because: str = ""
    is_allowed: bool = False
    reasons: list[dict[str, str]] = []
    problem: str = ""

    @rx.var
    def about(self) -> str:
        """What the deed is about: a thread, a message, or a role."""
        if self.deed in {each.value for each in ABOUT_MESSAGES}:
            return "message"
        return "thread" if self.deed in {each.value for each in ABOUT_THREADS} else self.deed

    @action("operator")
    async def load(self) -> None:
        """Begin without a question."""
        self.answer = self.because = self.problem = ""
        self.reasons = []

    @action("operator")
    async def choose(self, deed: str) -> None:
        """Ask about something else."""
        self.deed, self.answer, self.problem, self.reasons = Deed(deed).value, "", "", []

    @action("operator")
    async def explain(self, form: dict[str, Any]) -> None:
        """May they, and why?"""  # noqa: D400 - it is the question
        self.answer, self.problem, self.reasons = "", "", []
        try:
            async with acting(self) as tx:
                person = await _person(tx, str(form.get("email", "")))
                told = await _told(tx, person, self.deed, {name: str(value) for name, value in form.items() if value})
        except NotFound:
            self.problem = UNKNOWN
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
        else:
            self._say(person, told)

    def _say(self, person: PersonView, told: Explanation) -> None:
        may = "may" if told.is_allowed else "may not"
        self.answer, self.because, self.is_allowed = f"{person.name} {may} {self.deed}", told.because, told.is_allowed
        self.reasons = [{"text": each.text, "holds": "yes" if each.holds else ""} for each in told.reasons]


async def _person(tx: Tx, email: str) -> PersonView:
    page = await people.page(tx, PeopleAsked(q=email[:200]))
    found = [each for each in page.items if email.strip().lower() in {each.email, each.name.lower()}]
    if not found:
        raise Invalid("There is nobody with this name or address.")
    return found[0]


async def _told(tx: Tx, person: PersonView, deed: str, form: dict[str, str]) -> Explanation:
    """In the person's organization; where there are several, in the one that the thread belongs to."""
    about = {name: form[name] for name in ("thread_id", "message_id", "role", "of") if name in form}
    for standing in person.memberships:
        try:
            return await rules.explain(tx, RuleAsked(membership_id=standing.membership_id, deed=Deed(deed), **about))
        except NotFound:
            continue
    raise NotFound
