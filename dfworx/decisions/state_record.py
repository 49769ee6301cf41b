"""What the person does on the page of a decision: where they stand, what concerns them, how it ends."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import NotFound, Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service as decisions
from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.models_lifecycle import RECORDED
from dfworx.decisions.state import HERE
from dfworx.decisions.state_changes import Changes
from dfworx.decisions.state_comparing import Comparing
from dfworx.decisions.state_discussing import Discussing
from dfworx.decisions.state_drafting import Drafting
from dfworx.decisions.state_merging import shortened
from dfworx.decisions.state_proposing import Proposing
from dfworx.decisions.validators import Closing, Confirmation, NewConcern, Stand
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import Tx
from dfworx.ui.doors import acting, action
from dfworx.ui.effects import toast
from dfworx.ui.forms import said, typed
from dfworx.ui.state import Shell

Verb = Callable[[Tx, UUID, Closing], Awaitable[DecisionView]]
# What needs a reason: how the dialog is called, what it says, what its button says, and what is done.
ENDINGS: dict[str, tuple[str, str, str, Verb]] = {
    "reject": (
        "Reject this proposal",
        "It is decided that this is not done. The record stays, with your reason.",
        "Reject",
        protocol.reject,
    ),
    "withdraw": (
        "Withdraw this decision",
        "It is taken back, and nobody is asked any more. A number that it has stays its own.",
        "Withdraw",
        protocol.withdraw,
    ),
    "deprecate": (
        "Deprecate this record",
        "It holds no more, and nothing takes its place.",
        "Deprecate",
        protocol.deprecate,
    ),
    "withdraw concern": (
        "Withdraw your concern",
        "It blocks no more. What settled it stays on the record.",
        "Withdraw the concern",
        protocol.withdraw_concern,
    ),
    "resolve concern": (
        "Resolve this concern",
        "Say why it does not block. The reason stays on the record, for its owner too.",
        "Resolve",
        protocol.resolve_concern,
    ),
}
FINAL = {"reject", "withdraw", "deprecate"}


class Record(rx.State):
    """The decision of the address: its title, and the dialogs; the record itself lives in the browser."""

    shown: str = ""
    stand: str = ""  # what the dialog of positions is about; empty when it is closed
    read: int = 0  # the version of the text that it is about
    is_concerned: bool = False
    ending: str = ""  # what the dialog of reasons is about
    about: str = ""
    is_confirming: bool = False
    is_dated: bool = False  # whether it asks for the next review: only that of a record is set so
    review_on: str = ""  # what it begins with
    is_looking_back: bool = False
    revisions: list[dict[str, str]] = []
    problem: str = ""
    _on: str = ""  # the decision that the open dialog is about

    @rx.var
    def page_title(self) -> str:
        """The title of the decision's page."""
        return f"{self.shown} · DFWorX" if self.shown else "DFWorX"

    @rx.var
    def words(self) -> list[str]:
        """How the dialog of reasons is called, what it says, and what its button says."""
        return list(ENDINGS[self.ending][:3]) if self.ending else ["", "", ""]

    @rx.var
    def is_final(self) -> bool:
        """Whether what the dialog of reasons asks for cannot be taken back."""
        return self.ending in FINAL

    @action("member")
    async def visit(self) -> None:
        """Come to the decision of the address; dialogs stay open only where one was there already."""
        self.shown = ""
        shell = await self.get_state(Shell)
        shell.place, shell.closed = HERE, ""
        try:
            async with acting(self) as tx:
                decision = await showing.get(tx, await showing.id_of(tx, self.decision))
                was_here = await _was_at(tx, decision.id, shell)
        except NotFound:
            await self._close_all()
            return  # the page itself says so
        if not was_here:
            await self._close_all()
        self.shown = f"{decision.ref}: {decision.title}" if decision.ref else decision.title

    @action("member")
    async def say(self, stand: str, version: int) -> Any:
        """Agree or abstain, without a word, to the text that is on the screen."""
        said_ = Stand.model_validate({"stand": str(stand), "version": _whole(version)})
        async with acting(self) as tx:
            await protocol.stand(tx, await showing.id_of(tx, self.decision), said_)
        return toast("Your position is on the record.")

    @action("member")
    async def ask_stand(self, stand: str, version: int) -> None:
        """Open the dialog for a position with a reason, on the text that is on the screen."""
        await self._about_this()
        self.stand, self.problem = stand if stand in {"agree", "abstain", "disagree"} else "agree", ""
        self.read = _whole(version)

    @action("member")
    async def explain(self, form: dict[str, Any]) -> Any:
        """Say where one stands, and why."""
        try:
            async with acting(self) as tx:
                await protocol.stand(tx, read_id(self._on), typed(Stand, form | {"version": str(self.read)}))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.stand = ""
        return toast("Your position is on the record.")

    @action("member")
    async def ask_concern(self) -> None:
        """Open the dialog for a concern."""
        await self._about_this()
        self.is_concerned, self.problem = True, ""

    @action("member")
    async def raise_concern(self, form: dict[str, Any]) -> Any:
        """Name what has to be settled first."""
        try:
            async with acting(self) as tx:
                await protocol.raise_concern(tx, read_id(self._on), typed(NewConcern, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_concerned = False
        return toast("Your concern is raised. Nothing is accepted while it is open.")

    @action("member")
    async def ask_end(self, ending: str, about: str) -> None:
        """Open the dialog for a reason."""
        if ending in ENDINGS:
            self.ending, self.about, self.problem = ending, str(read_id(about)), ""

    @action("member")
    async def end(self, form: dict[str, Any]) -> Any:
        """End the decision or the concern that the dialog is about."""
        if self.ending not in ENDINGS:
            return None
        try:
            async with acting(self) as tx:
                await ENDINGS[self.ending][3](tx, read_id(self.about), typed(Closing, form))
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.ending = ""
        return None

    @action("member")
    async def ask_confirm(self) -> None:
        """Open the dialog that asks when to look at a record again; a date that is still to come stays."""
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
        self.is_dated = decision.status in RECORDED
        self.review_on = "" if decision.is_due or not decision.review_on else decision.review_on.isoformat()
        self.is_confirming, self.problem, self._on = True, "", str(decision.id)

    @action("member")
    async def confirm(self, form: dict[str, Any]) -> Any:
        """Say that it still holds."""
        try:
            confirmation = Confirmation.model_validate({"review_on": form.get("review_on") or None})
            async with acting(self) as tx:
                await aging.confirm(tx, read_id(self._on), confirmation)
        except (ValidationError, Refusal) as error:
            self.problem = said(error)
            return None
        self.is_confirming = False
        return toast("It still holds.")

    @action("member")
    async def look_back(self) -> None:
        """Show the texts that it had."""
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
            rows = await showing.revisions(tx, decision.id)
        self.revisions = [
            {
                "version": str(row.version),
                "who": row.written_by,
                "at": f"{row.created_at:%-d %B %Y, %H:%M} UTC",
                "note": row.note,
                "changes": row.changes if row.version == 1 else shortened(row.changes),
                "is_first": "yes" if row.version == 1 else "",
                "latest": str(decision.version) if decision.may["write"] and row.version != decision.version else "",
            }
            for row in rows
        ]
        self.is_looking_back, self._on = True, str(decision.id)

    @action("member")
    async def restore(self, version: str, latest: str) -> Any:
        """Go back to an earlier text."""
        async with acting(self) as tx:
            await decisions.restore(tx, read_id(self._on), _whole(version), instead_of=_whole(latest))
        self.is_looking_back = False
        return toast("The earlier text is back, as a new version.")

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """A dialog closed itself."""
        if not is_open:
            self._close()

    @action("member")
    async def close(self) -> None:
        """Close the dialogs."""
        self._close()

    async def _about_this(self) -> None:
        async with acting(self) as tx:
            self._on = str(await showing.id_of(tx, self.decision))

    async def _close_all(self) -> None:
        self._close()
        proposing = await self.get_state(Proposing)
        proposing.is_open = proposing.is_asking_more = False
        (await self.get_state(Comparing)).is_open = False
        (await self.get_state(Changes)).is_open = False
        (await self.get_state(Drafting)).is_asking = False
        (await self.get_state(Discussing)).about = ""

    def _close(self) -> None:
        self.stand = self.ending = self.problem = ""
        self.is_concerned = self.is_confirming = self.is_looking_back = False


async def _was_at(tx: Tx, decision_id: UUID, shell: Shell) -> bool:
    """Whether one was there already: it is loaded or connected anew, or called otherwise since."""
    before, _, name = shell.came_from.rpartition("/")
    if before != f"{shell.home}/d":
        return False
    try:
        return await showing.id_of(tx, name) == decision_id
    except NotFound:
        return False


def _whole(number: object) -> int:
    return int(str(number)) if str(number).isdecimal() and len(str(number)) < 9 else 0  # noqa: PLR2004 - fits an integer
