"""Comparing options: known elections, properties, and who may cast what."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as some

from dfworx.core.errors import Forbidden, Invalid
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ballots as ballots
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.errors import NotOpen
from dfworx.decisions.models_ballots import condorcet, duels, mean_scores, runoff, told_ranking, winner_of
from dfworx.decisions.validators import NewDecision, Option, Proposal, Ranking, Rule, Scores
from tests.xss import XSS

TENNESSEE = (  # the textbook's example: where the methods disagree
    42 * [["Memphis", "Nashville", "Chattanooga", "Knoxville"]]
    + 26 * [["Nashville", "Chattanooga", "Knoxville", "Memphis"]]
    + 15 * [["Chattanooga", "Knoxville", "Nashville", "Memphis"]]
    + 17 * [["Knoxville", "Chattanooga", "Nashville", "Memphis"]]
)
CITIES = ["Memphis", "Nashville", "Chattanooga", "Knoxville"]
rankings = some.lists(some.permutations("abcd").flatmap(lambda p: some.integers(0, 4).map(lambda n: p[:n])), max_size=9)


def test_a_known_election():
    rounds = runoff(CITIES, TENNESSEE)
    assert [each.out for each in rounds] == ["Chattanooga", "Nashville", ""]
    assert winner_of(rounds) == "Knoxville"
    assert condorcet(CITIES, duels(CITIES, TENNESSEE)) == "Nashville"


def test_preferences_in_a_circle_have_no_condorcet_winner():
    found = duels("abc", ["abc", "bca", "cab"])
    assert condorcet("abc", found) == ""
    assert "circle" in told_ranking(runoff("abc", ["abc", "bca", "cab"]), found, "", 3)[-1]


def test_what_is_left_out_comes_last():
    assert duels("ab", [["b"], ["b"], ["a", "b"]])[0][2:] == (1, 2)
    assert mean_scores("ab", [{"a": 4}, {"a": 2, "b": 5}]) == {"a": 3.0, "b": 2.5}


@given(rankings)
def test_no_vote_is_lost_in_a_runoff(cast):
    rounds = runoff("abcd", cast)
    assert all(sum(each.votes.values()) + each.exhausted == len(cast) for each in rounds)
    assert len(rounds) <= 4
    assert [each.out for each in rounds][-1] == ""
    winner = winner_of(rounds)
    assert bool(winner) == any(cast)
    if winner:
        assert 2 * rounds[-1].votes[winner] > sum(rounds[-1].votes.values()) or len(rounds[-1].votes) == 1


@given(rankings)
def test_a_condorcet_winner_beats_everybody(cast):
    found = duels("abcd", cast)
    if champion := condorcet("abcd", found):
        for one, other, for_one, for_other in found:
            assert champion not in (one, other) or (for_one > for_other) == (champion == one)


@pytest.fixture
def proposed(acting_as, cast):
    """A proposal of Ben's that asks Ada and Cy to compare Postgres and SQLite."""

    async def propose(ballot: str, titles=("Postgres", "SQLite"), **rule):
        async with acting_as(cast.ben) as tx:
            options = [Option(title=title) for title in titles]
            new = NewDecision(title="One", outcome="Yes.", options=options, channel_id=cast.general)
            draft = await decisions.draft(tx, new)
            asked = [cast.ada.membership_id, cast.cy.membership_id]
            return await protocol.propose(tx, draft.id, Proposal(asked=asked, rule=Rule(ballot=ballot, **rule)))

    return propose


async def test_scores(acting_as, cast, proposed):
    """The last ballot of each holds."""
    decision = await proposed("score")
    async with acting_as(cast.ada) as tx:
        await ballots.score(tx, decision.id, Scores(scores={"Postgres": 1}))
        await ballots.score(tx, decision.id, Scores(scores={"Postgres": 5, "SQLite": 2}))
    async with acting_as(cast.cy) as tx:
        found = await ballots.score(tx, decision.id, Scores(scores={"Postgres": 4, "SQLite": 3}))
    assert (found.ballots, found.scores, found.winner) == (2, {"Postgres": 4.5, "SQLite": 2.5}, "Postgres")
    assert found.words == ["Postgres has the highest score: 4.5 of 5, from 2 people."]
    assert found.picture.startswith("<svg")


async def test_ranking_is_hidden_until_one_has_ranked(acting_as, cast, proposed):
    """Where the proposal says so."""
    decision = await proposed("ranked", is_hidden=True)
    async with acting_as(cast.ada) as tx:
        await ballots.rank(tx, decision.id, Ranking(ranking=["SQLite", "Postgres"]))
    async with acting_as(cast.cy) as tx:
        before = await ballots.compared(tx, decision.id)
        assert (before.is_hidden, before.rounds, before.winner, before.ballots) == (True, [], "", 1)
        after = await ballots.rank(tx, decision.id, Ranking(ranking=["SQLite"]))
    assert (after.winner, after.champion) == ("SQLite", "SQLite")


async def test_titles_are_told_without_their_markup(acting_as, cast, proposed):
    """In words and in the picture; they are named as they stand in the record."""
    titles = ["Two `databases`", "[One](https://db.example) **database**"]
    for kind in ("score", "ranked"):
        decision = await proposed(kind, titles)
        async with acting_as(cast.ada) as tx:
            if kind == "score":
                found = await ballots.score(tx, decision.id, Scores(scores={titles[1]: 5}))
            else:
                found = await ballots.rank(tx, decision.id, Ranking(ranking=titles[::-1]))
        assert (found.options, found.winner) == (titles, titles[1])
        told = " ".join(found.words)
        assert "One database " in told
        assert not {"`", "*", "["} & {*told, *found.picture}
        assert [">Two databases<" in found.picture, ">One database<" in found.picture] == [True, True]


async def test_no_title_breaks_out_of_the_picture(acting_as, cast, proposed):
    """It is what it was: bars with names, and the whole name of one that is cut."""
    titles = [payload for payload in dict.fromkeys(each.strip()[:200] for each in XSS) if payload.isprintable()]
    for some_titles in (titles[at : at + 20] for at in range(0, len(titles), 20)):
        decision = await proposed("score", some_titles)
        async with acting_as(cast.ada) as tx:
            found = await ballots.score(tx, decision.id, Scores(scores={some_titles[0]: 5}))
        drawn = [each.name for each in BeautifulSoup(found.picture, "html.parser").find_all(True)]
        assert [each for each in drawn if each != "title"] == ["svg", *["text", "rect", "text"] * len(some_titles)]


async def test_a_long_name_is_cut_in_the_picture(acting_as, cast, proposed):
    """It is whole in its title; wide letters are cut sooner."""
    titles = ["Short", 150 * "n", 150 * "W", 100 * "漢"]
    decision = await proposed("score", titles)
    async with acting_as(cast.ada) as tx:
        picture = (await ballots.score(tx, decision.id, Scores(scores={"Short": 5}))).picture
    names = BeautifulSoup(picture, "xml").find_all("text", class_="bar-name")
    assert [each.title.text if each.title else each.text for each in names] == titles
    seen = [str(each.contents[0]) for each in names]
    assert seen[0] == "Short"
    assert all(each.endswith("…") for each in seen[1:])
    assert len(seen[1]) > len(seen[2]) == len(seen[3]) > 20


async def test_nothing_is_drawn_before_somebody_has_said_something(acting_as, cast, proposed):
    for kind in ("score", "ranked"):
        decision = await proposed(kind)
        async with acting_as(cast.ada) as tx:
            found = await ballots.compared(tx, decision.id)
        assert (found.picture, len(found.words)) == ("", 1)


async def test_what_is_refused(acting_as, cast, proposed):
    """Another kind of ballot, an option that there is not, one twice, somebody who is not asked."""
    decision = await proposed("ranked")
    async with acting_as(cast.cy) as tx:
        with pytest.raises(NotOpen):
            await ballots.score(tx, decision.id, Scores(scores={"Postgres": 5}))
        for ranking in (["MySQL"], ["Postgres", "Postgres"]):
            with pytest.raises(Invalid):
                await ballots.rank(tx, decision.id, Ranking(ranking=ranking))
    async with acting_as(cast.max) as tx:
        with pytest.raises(Forbidden):
            await ballots.rank(tx, decision.id, Ranking(ranking=["Postgres"]))
