"""Comparing the options of a proposal."""

from bisect import bisect
from collections.abc import Sequence
from html import escape
from itertools import accumulate
from unicodedata import east_asian_width
from uuid import UUID

from dfworx.core.errors import Forbidden, Invalid
from dfworx.core.permissions import Verb
from dfworx.decisions.errors import NotOpen
from dfworx.decisions.events import BallotCast
from dfworx.decisions.models import Decision
from dfworx.decisions.models_ballots import (
    Ballot,
    condorcet,
    duels,
    mean_scores,
    runoff,
    told_ranking,
    told_scores,
    winner_of,
)
from dfworx.decisions.models_lifecycle import OPEN, Status
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_protocol import Askings, Ballots
from dfworx.decisions.service_audience import audience
from dfworx.decisions.service_details import may_answer, text_versions
from dfworx.decisions.validators import Ranking, Scores
from dfworx.decisions.views import DecisionView
from dfworx.decisions.views_protocol import Comparison
from dfworx.infra.database import Tx
from dfworx.infra.markdown import bare

BAR, ROW, WIDTH = 290, 44, 340  # pixels: a bar below its name, and the value beside it
BEST = 5


async def score(tx: Tx, decision_id: UUID, scores: Scores) -> Comparison:
    """Say how much you like each option."""
    decision = await _open(tx, decision_id, "score", scores.version)
    _must_be_options(decision, scores.scores)
    await _cast(tx, decision, {"scores": scores.scores})
    return await _compared(tx, decision)


async def rank(tx: Tx, decision_id: UUID, ranking: Ranking) -> Comparison:
    """Say which options you like better than which."""
    decision = await _open(tx, decision_id, "ranked", ranking.version)
    _must_be_options(decision, ranking.ranking)
    if len(set(ranking.ranking)) < len(ranking.ranking):
        raise Invalid("Each option stands in a ranking once.")
    await _cast(tx, decision, {"ranking": ranking.ranking})
    return await _compared(tx, decision)


async def compared(tx: Tx, decision_id: UUID) -> Comparison:
    """How the options compare so far."""
    tx.actor.must(Verb.READ)
    return await _compared(tx, await Decisions(tx).get(decision_id))


async def _open(tx: Tx, decision_id: UUID, kind: str, version: int | None) -> Decision:
    decision = await Decisions(tx).held(decision_id)
    if Status(decision.status) not in OPEN or decision.ballot != kind:
        raise NotOpen("This decision does not ask for that.")
    decision.must_be_at(version)
    if not may_answer(tx.actor, await Askings(tx).of(decision_id)):
        raise Forbidden("Your position is not asked for.")
    return decision


def _must_be_options(decision: Decision, titles: Sequence[str] | dict[str, int]) -> None:
    known = set(_options(decision))
    if unknown := [each for each in titles if each not in known]:
        raise Invalid(f"“{unknown[0]}” is no option of this decision.")


def _options(decision: Decision) -> list[str]:
    return [option.title for option in decision.content.options]


async def _cast(tx: Tx, decision: Decision, choices: dict[str, object]) -> None:
    ballot = Ballot(
        organization_id=tx.actor.organization,
        created_at=tx.now,
        decision_id=decision.id,
        membership_id=tx.actor.membership,
        version=decision.version,
        choices=choices,
    )
    await Ballots(tx).add(ballot)
    heard = await audience(tx, decision)
    tx.emit(BallotCast(decision=DecisionView.of(decision), audience=heard, membership_id=tx.actor.membership))


async def _compared(tx: Tx, decision: Decision) -> Comparison:
    version = (await text_versions(tx, [decision]))[decision.id]
    rows = [row for row in await Ballots(tx).of(decision.id) if row.version == version]
    options = _options(decision)
    mine = next((row.choices for row in rows if row.membership_id == tx.actor.membership_id), {})
    shown = {"kind": decision.ballot, "options": options, "ballots": len(rows), "mine": mine}
    if decision.is_hidden and Status(decision.status) in OPEN and not mine:
        return Comparison(**shown, words=["How others compare the options is shown when you have."], is_hidden=True)
    if not decision.ballot:
        return Comparison(**shown, words=[])
    if decision.ballot == "score":
        means = mean_scores(options, [row.choices["scores"] for row in rows])
        words = told_scores(means, len(rows))
        best = [each for each, mean in means.items() if mean == max(means.values())] if rows else []
        winner = best[0] if len(best) == 1 else ""
        return Comparison(**shown, scores=means, winner=winner, words=words, picture=_bars(means, BEST if rows else 0))
    rankings = [row.choices["ranking"] for row in rows]
    rounds, found = runoff(options, rankings), duels(options, rankings)
    champion = condorcet(options, found)
    last = rounds[-1].votes if rounds else {}
    votes = {each: float(last.get(each, 0)) for each in options}
    return Comparison(
        **shown,
        rounds=[each._asdict() for each in rounds],
        duels=[each._asdict() for each in found],
        winner=winner_of(rounds),
        champion=champion,
        words=told_ranking(rounds, found, champion, len(rows)),
        picture=_bars(votes, len(rows)),
    )


def _bars(values: dict[str, float], most: float) -> str:
    """A bar for each, as SVG that takes its colors from the page; nothing, when there is nothing to show."""
    if not most:
        return ""
    rows = []
    for number, (name, value) in enumerate(values.items()):
        y, whole = number * ROW, bare(name)
        seen = _fitting(whole)
        title = f"<title>{escape(whole)}</title>" if seen != whole else ""
        rows.append(
            f'<text x="0" y="{y + 14}" class="bar-name">{escape(seen)}{title}</text>'
            f'<rect x="0" y="{y + 21}" width="{BAR * value / most:.1f}" height="14" rx="3" class="bar"></rect>'
            f'<text x="{BAR + 10}" y="{y + 33}" class="bar-value">{round(value, 1):g}</text>'
        )
    size = f"0 0 {WIDTH} {len(values) * ROW}"
    return f'<svg viewBox="{size}" role="img" aria-label="How the options compare">{"".join(rows)}</svg>'


def _fitting(name: str) -> str:
    """As much of a name as fits into the picture."""
    ends = list(accumulate(map(_width, name)))
    if ends[-1] <= WIDTH:
        return name
    return f"{name[: bisect(ends, WIDTH - _width('…'))].rstrip()}…"


def _width(letter: str) -> float:
    """About how wide it is, in 13 pixels; rather too much than too little."""
    if letter in "mwMW@%—…" or east_asian_width(letter) in {"W", "F"}:
        return 13
    return 10.3 if letter.isupper() else 5.4 if letter in " .,:;'|!()[]fijlrt" else 8.3
