"""Comparing options: by score, or ranked, counted as an instant runoff and as Condorcet's method, and told in words."""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from dfworx.infra.markdown import bare
from dfworx.infra.tables import TenantModel

Ranked = Sequence[str]


class Ballot(TenantModel, table=True):
    """A member's comparison of the options of one text; the last one holds."""

    __tablename__ = "ballots"
    __table_args__ = (Index(None, "decision_id", "membership_id", "id"),)

    decision_id: UUID = Field(foreign_key="decisions.id")
    membership_id: UUID = Field(foreign_key="memberships.id", index=True)
    version: int
    choices: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))


class Round(NamedTuple):
    """A round of a runoff: votes of each option that is left, who has none left, and what goes out."""

    votes: dict[str, int]
    exhausted: int
    out: str


class Duel(NamedTuple):
    """Two options side by side: how many prefer which."""

    one: str
    other: str
    for_one: int
    for_other: int


def mean_scores(options: Sequence[str], ballots: Sequence[dict[str, int]]) -> dict[str, float]:
    """The mean of each option, of 0 to 5; an option without a score on a ballot has 0 there."""
    return {each: sum(b.get(each, 0) for b in ballots) / len(ballots) if ballots else 0.0 for each in options}


def runoff(options: Sequence[str], ballots: Sequence[Ranked]) -> list[Round]:
    """Rounds of an instant runoff: the option with the fewest first choices goes out, until one has more than half.

    Of several with the fewest that goes out which had fewer in the round before, and of those the one that stands last
    in the record. The last round's `out` is empty; its best option wins, unless nobody voted.
    """
    left = list(options)
    rounds: list[Round] = []
    while left:
        first = Counter(next((each for each in ballot if each in left), "") for ballot in ballots)
        votes = {each: first[each] for each in left}
        counting = sum(votes.values())
        if len(left) == 1 or 2 * max(votes.values()) > counting:
            return [*rounds, Round(votes, first[""], "")]
        before = [each.votes for each in reversed(rounds)]
        weakest = min(reversed(left), key=lambda each: (votes[each], *(counts.get(each, 0) for counts in before)))
        rounds.append(Round(votes, first[""], weakest))
        left.remove(weakest)
    return rounds


def winner_of(rounds: Sequence[Round]) -> str:
    """The option that is left with the most votes; empty when there are none."""
    if not rounds or not any(rounds[-1].votes.values()):
        return ""
    return max(rounds[-1].votes, key=lambda each: rounds[-1].votes[each])


def duels(options: Sequence[str], ballots: Sequence[Ranked]) -> list[Duel]:
    """Every two options side by side; what is not on a ballot comes after what is."""
    found = []
    for one, other in combinations(options, 2):
        places = [(_place(ballot, one), _place(ballot, other)) for ballot in ballots]
        found.append(Duel(one, other, sum(a < b for a, b in places), sum(b < a for a, b in places)))
    return found


def condorcet(options: Sequence[str], found: Sequence[Duel]) -> str:
    """The option that wins against every other one; empty when there is none, as in a circle."""
    for each in options:
        own = [duel for duel in found if each in (duel.one, duel.other)]
        if own and all(_for(duel, each) > _for(duel, duel.other if duel.one == each else duel.one) for duel in own):
            return each
    return ""


def _for(duel: Duel, option: str) -> int:
    return duel.for_one if duel.one == option else duel.for_other


def _place(ballot: Ranked, option: str) -> int:
    return list(ballot).index(option) if option in ballot else len(ballot)


def told_scores(means: dict[str, float], count: int) -> list[str]:
    """What the scores say, in sentences."""
    if not count:
        return ["Nobody has scored the options yet."]
    best = max(means.values())
    leading = [bare(each) for each, mean in means.items() if mean == best]
    verb = "has" if len(leading) == 1 else "have"
    who = "one person" if count == 1 else f"{count} people"
    return [f"{_and(leading)} {verb} the highest score: {best:.1f} of 5, from {who}."]


def told_ranking(rounds: Sequence[Round], found: Sequence[Duel], champion: str, count: int) -> list[str]:
    """How the runoff went and what Condorcet's method says, in sentences."""
    if not count:
        return ["Nobody has ranked the options yet."]
    said = []
    for number, each in enumerate(rounds, 1):
        counts = ", ".join(f"{bare(option)} {votes}" for option, votes in each.votes.items())
        fewest = [option for option, votes in each.votes.items() if votes == each.votes.get(each.out)]
        tied = " (of those with the fewest, fewer before, or last in the record)" if len(fewest) > 1 else ""
        end = f"; {bare(each.out)} goes out{tied}." if each.out else "."
        said.append(f"Round {number}: {counts}{end}")
    if winner := winner_of(rounds):
        said.append(f"{bare(winner)} wins the runoff.")
    if champion:
        said.append(f"{bare(champion)} is preferred to every other option, one by one (Condorcet).")
    elif len(found) > 1:
        said.append("No option is preferred to every other one: the preferences go in a circle, or tie (Condorcet).")
    return said


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
