"""How addresses and callers name a decision: by number and title, or by id."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from dfworx.core.errors import NotFound
from dfworx.decisions import service as decisions
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import NewDecision, Proposal
from dfworx.decisions.validators_address import address_of, file_slug, number_meant, number_of, title_slug
from dfworx.decisions.views import DecisionView
from tests.cast import Cast

pytestmark = pytest.mark.anyio

ID = UUID("12345678-0000-4000-8000-000000000000")  # begins as a number could


@pytest.mark.parametrize(
    ("number", "title", "address"),
    [
        (7, "Use Ångström & co.", "DEC-7-use-angstrom-co"),
        (7, "決定", "DEC-7"),
        (7, "決定 2", "DEC-7-2"),
        (None, "A draft", str(ID)),
        (8, f"{'Retries ' * 7}end with", f"DEC-8-{'retries-' * 7}end"),
        (8, f"{'Retries ' * 7}endless", f"DEC-8-{'retries-' * 6}retries"),
        (8, "x" * 80, f"DEC-8-{'x' * 60}"),
    ],
)
def test_an_address_says_what_it_is(number, title, address):
    assert address_of(ID, number, title_slug(title)) == address
    assert number_of(address) == (number or 12345678), "an id is read before a number"


@pytest.mark.parametrize(
    ("word", "number"),
    [("42", 42), ("DEC-42", 42), ("dec-042", 42), ("dec42", 42), ("DEC-", 0), ("0", 0), ("42x", 0), ("9" * 12, 0)],
)
def test_a_word_may_mean_a_number(word, number):
    assert number_meant(word) == number


def test_the_name_of_a_file_stays_what_it_was():
    title = "Retries of events that nobody has acknowledged end with a dead letter"
    assert file_slug(title) == "retries-of-events-that-nobody-has-ackn"
    assert title_slug(title) == "retries-of-events-that-nobody-has-acknowledged-end-with-a"


@pytest.fixture
async def record(acting_as: Callable[..., Any], cast: Cast) -> DecisionView:
    """DEC-1, in a channel that not everybody sees."""
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(title="Whom we hire", outcome="Ada.", channel_id=cast.hiring))
        assert draft.address == str(draft.id)
        return await protocol.propose(tx, draft.id, Proposal())


async def test_it_is_found_by_each_of_its_names(acting_as, cast, record):
    """The title in the address may be an old one; who does not see the record finds none."""
    assert record.address == "DEC-1-whom-we-hire"
    names = (str(record.id), str(record.id).upper(), record.address, "DEC-1", "dec-1", "1", "DEC-1-what-it-was-called")
    async with acting_as(cast.ada) as tx:
        assert {await showing.id_of(tx, name) for name in names} == {record.id}
        for name in ("", "DEC-2", "DEC-0", "nonsense", "DEC-1x", "DEC-" + "9" * 30):
            with pytest.raises(NotFound):
                await showing.id_of(tx, name)
    async with acting_as(cast.cy) as tx:
        with pytest.raises(NotFound):
            await showing.id_of(tx, "DEC-1")


async def test_over_rest_a_path_may_name_it_by_its_number(asking, cast, record):
    """Reading and writing; the answer says its address."""
    home = f"/organizations/{cast.slug}/decisions"
    assert (await asking(cast.ada).put(f"{home}/DEC-1/position", json={"stand": "agree"})).status_code == 200
    for name in ("DEC-1", record.address, record.id):
        said = (await asking(cast.ada).get(f"{home}/{name}")).json()
        assert (said["id"], said["address"], said["tally"]["answered"]) == (str(record.id), record.address, 1)
        assert (await asking(cast.cy).get(f"{home}/{name}")).status_code == 404
