"""The state machine: every step of every state, and the page that shows it."""

from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from dfworx.decisions import service_protocol as protocol
from dfworx.decisions.errors import NotThisStep
from dfworx.decisions.models import comment_end
from dfworx.decisions.models_ledger import BEGINNING, Entry, digest, first_altered
from dfworx.decisions.models_lifecycle import MOVES, Status, Step, after, diagram, steps_from
from dfworx.decisions.models_protocol import Concern, Position, shortfall, tally
from dfworx.decisions.validators import Closing, Rule

SOMEBODYS: dict[str, Any] = {
    name: UUID(int=1) for name in ("organization_id", "decision_id", "membership_id", "owner_id")
}
PAGE = Path(__file__).parents[2] / "docs" / "deciding.md"


@pytest.mark.parametrize(("status", "step"), list(product(Status, Step)))
def test_every_step_leads_where_the_table_says_or_nowhere(status, step):
    targets = [move.target for move in MOVES if (move.source, move.step) == (status, step)]
    if not targets:
        with pytest.raises(NotThisStep):
            after(status, step)
    else:
        assert [after(status, step)] == targets


def test_what_is_over_stays_over():
    assert {status for status in Status if not steps_from(status)} == {
        Status.REJECTED, Status.WITHDRAWN, Status.SUPERSEDED, Status.DEPRECATED,
    }  # fmt: skip


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": " \n"}])
def test_nobody_ends_a_decision_without_a_reason(said):
    """Whichever way."""
    with pytest.raises(ValidationError):
        Closing(**said)
    assert {get_type_hints(verb)["closing"] for verb in (protocol.reject, protocol.withdraw, protocol.deprecate)} == {
        Closing
    }


def test_the_page_shows_the_machine():
    assert diagram() in PAGE.read_text()


@given(
    some.lists(some.tuples(some.sampled_from(["agree", "abstain", "disagree"]), some.integers(1, 2), some.booleans())),
    some.lists(some.sampled_from(["open", "withdrawn", "resolved"]), max_size=3),
    some.integers(0, 5),
    some.integers(0, 100),
)
def test_it_carries_only_with_quorum_share_and_no_open_concern(positions, concerns, quorum, share):
    rows = [Position(**SOMEBODYS, stand=stand, version=version, is_late=late) for stand, version, late in positions]
    counted = tally(2, rows, [Concern(**SOMEBODYS, title="x", state=state) for state in concerns])
    rule = Rule(quorum=quorum, share=share)
    holding = [stand for stand, version, late in positions if version == 2 and not late]
    agree, against = holding.count("agree"), holding.count("disagree")
    enough = share == 0 or (agree > 0 and (against == 0 if share == 100 else agree / (agree + against) > share / 100))
    assert counted.carries(rule) == ("open" not in concerns and len(holding) >= quorum and enough)
    assert bool(counted.lacks(rule)) != counted.carries(rule)


@pytest.mark.parametrize(
    ("quorum", "asked", "said", "able", "named", "nameless"),
    [
        (2, "abc", "a", "ab", "", ""),
        (2, "abc", "", "a", "only 1", "only 1"),
        (2, "abc", "a", "a", "nobody", ""),  # it may be one who left that has answered
        (3, "abcd", "ab", "b", "nobody", ""),
        (3, "abc", "a", "a", "nobody", "only 1"),
        (2, "ab", "b", "", "nobody", "nobody"),
        (2, "ab", "b", "a", "", ""),
    ],
)
def test_a_quorum_is_out_of_reach_when_too_few_are_left_and_what_is_nameless_stays_so(
    quorum, asked, said, able, named, nameless
):
    for is_anonymous, expected in ((False, named), (True, nameless)):
        told = shortfall(quorum, asked, {*said}, {*able}, is_anonymous=is_anonymous)
        assert told == (expected and f"Of those asked, {expected} can still answer: ask somebody else.")


@settings(deadline=None)  # it counts minute by minute
@given(some.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), some.integers(0, 120))  # noqa: DTZ001 - made aware
def test_business_hours_are_those_of_working_days(begin, hours):
    begin = begin.replace(tzinfo=UTC)
    end = comment_end(begin, hours, is_business_days=True)
    minutes = int((end - begin) / timedelta(minutes=1))
    steps = (begin + timedelta(minutes=minute) for minute in range(minutes))
    working = sum(moment.weekday() < 5 for moment in steps)
    assert abs(working - 60 * hours) <= 2
    assert comment_end(begin, hours, is_business_days=False) == begin + timedelta(hours=hours)


def chain(*records: str) -> list[Entry]:
    """A ledger of these."""
    entries, previous = [], BEGINNING
    for position, record in enumerate(records, 1):
        made = digest(previous, record)
        entries.append(
            Entry(**SOMEBODYS, position=position, record=record, previous=previous, digest=made, happened="x")
        )
        previous = made
    return entries


@given(some.lists(some.text(min_size=1, max_size=20), min_size=1, max_size=6), some.data())
def test_the_first_altered_entry_is_named(records, data):
    entries = chain(*records)
    assert first_altered(entries) is None
    at = data.draw(some.integers(0, len(entries) - 1))
    entries[at].record += "."
    assert first_altered(entries) is entries[at]


@given(some.lists(some.text(max_size=20), min_size=2, max_size=6), some.data())
def test_a_missing_entry_is_noticed(records, data):
    entries = chain(*records)
    at = data.draw(some.integers(0, len(entries) - 2))
    del entries[at]
    assert first_altered(entries) is entries[at]
