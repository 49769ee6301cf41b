"""Fixtures of these tests."""

import pytest

from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import NewDecision, Proposal, Rule
from tests.people import configured
from tests.postbox import postbox

__all__ = ["configured", "postbox"]


@pytest.fixture
def deciding(acting_as, cast):
    """`await deciding("Two databases", more="As in DEC-1.")`: an accepted record of Ben's, and its number."""

    async def decide(title: str, *, supersedes: tuple[int, ...] = (), **words) -> int:
        async with acting_as(cast.ben) as tx:
            new = NewDecision(**{"title": title, "outcome": "So it is.", "channel_id": cast.general, **words})
            draft = await decisions.draft(tx, new)
            rule = Rule(quorum=0, comment_hours=0)
            made = await protocol.propose(tx, draft.id, Proposal(rule=rule, supersedes=[*supersedes]))
        await jobs.close_ended()
        async with acting_as(cast.ben) as tx:
            assert (await showing.get(tx, draft.id)).status == "accepted"
        assert made.number
        return made.number

    return decide
