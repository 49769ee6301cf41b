"""What the person does to compare the options of a proposal: scores or a ranking, and how they compare so far."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from dfworx.core.errors import Refusal
from dfworx.core.ids import read_id
from dfworx.decisions import service_ballots as ballots
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import Ranking, Scores
from dfworx.decisions.views_protocol import Comparison
from dfworx.infra.markdown import inline
from dfworx.ui.doors import acting, action
from dfworx.ui.forms import said

BEST = 5


class Comparing(rx.State):
    """The dialog with one's own ballot, and what all of them come to."""

    is_open: bool = False
    is_ranked: bool = False
    is_asked: bool = False
    read: int = 0  # the version of the text whose options these are
    options: list[dict[str, str]] = []  # title, html, field, mine
    choices: list[str] = []
    words: list[str] = []
    picture: str = ""
    problem: str = ""
    _on: str = ""  # the decision that the dialog is about

    @action("member")
    async def ask(self) -> None:
        """Open the dialog."""
        async with acting(self) as tx:
            decision = await showing.get(tx, await showing.id_of(tx, self.decision))
            self._show(await ballots.compared(tx, decision.id))
        self.is_asked = decision.may["answer"] and decision.status in {"proposed", "final_comment"}
        self.is_open, self.problem, self.read, self._on = True, "", decision.version, str(decision.id)

    def _show(self, comparison: Comparison) -> None:
        self.is_ranked = comparison.kind == "ranked"
        ranking = comparison.mine.get("ranking", [])
        mine = (
            {title: str(place) for place, title in enumerate(ranking, 1)}
            if self.is_ranked
            else {title: str(score) for title, score in comparison.mine.get("scores", {}).items()}
        )
        self.options = [
            {"title": title, "html": inline(title), "field": f"option-{index}", "mine": mine.get(title, "")}
            for index, title in enumerate(comparison.options)
        ]
        last = len(self.options) if self.is_ranked else BEST
        self.choices = [str(number) for number in range(1 if self.is_ranked else 0, last + 1)]
        self.words, self.picture = comparison.words, comparison.picture

    @action("member")
    async def cast(self, form: dict[str, Any]) -> None:
        """Say how one likes them."""
        said_of = {each["title"]: str(form.get(each["field"]) or "") for each in self.options}
        numbers = {title: int(value) for title, value in said_of.items() if value in self.choices}
        if self.is_ranked and len(set(numbers.values())) < len(numbers):
            self.problem = "Two options have the same place."
            return
        try:
            async with acting(self) as tx:
                if self.is_ranked:
                    ranking = Ranking(ranking=sorted(numbers, key=lambda title: numbers[title]), version=self.read)
                    comparison = await ballots.rank(tx, read_id(self._on), ranking)
                else:
                    comparison = await ballots.score(tx, read_id(self._on), Scores(scores=numbers, version=self.read))
        except ValidationError:
            self.problem = "Say it of one option at least."
            return
        except Refusal as error:
            self.problem = said(error)
            return
        self.problem = ""
        self._show(comparison)

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """The dialog closed itself."""
        if not is_open:
            self.is_open = False

    @action("member")
    async def close(self) -> None:
        """Close the dialog."""
        self.is_open = False
