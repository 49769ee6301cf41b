"""The protocol against a naive model: whatever people do in which order, nothing is accepted that should not be."""

import asyncio
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, text

from dfworx.core.errors import Refusal
from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_aging as aging
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import Change, Closing, NewConcern, NewDecision, Proposal, Rule, Stand
from dfworx.decisions.views import DecisionView
from dfworx.infra import database
from dfworx.infra.database import transaction
from dfworx.wiring import wire
from tests.cast import gather

PEOPLE = ("ada", "ben", "cy")


class Deciding(RuleBasedStateMachine):
    """Three people and a worker; `model` is what should have come of it."""

    engine: ClassVar[Engine]
    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        wire()
        self.loop = asyncio.new_event_loop()
        with self.engine.begin() as connection:
            self.cast = gather(connection)
        self.numbers: list[int] = []
        self.model: dict[Any, Any] = {}
        self.stood: list[Any] = []  # what the register showed, and when

    def teardown(self) -> None:
        """The register of every moment is what was seen of it then."""
        try:
            for moment, shown in self.stood:
                assert self.act("cy", lambda tx, at=moment: aging.as_of(tx, at)) == shown
        finally:
            self.loop.run_until_complete(database.dispose())
            self.loop.close()

    def act(self, who, verb):
        """As somebody; None when it is refused."""

        async def run():
            async with transaction(getattr(self.cast, who).actor) as tx:
                return await verb(tx)

        try:
            return self.loop.run_until_complete(run())
        except Refusal:
            return None

    @rule(target=made, quorum=some.integers(0, 2), share=some.sampled_from([0, 50, 100]))
    def propose(self, quorum, share):
        async def verb(tx):
            draft = await decisions.draft(tx, NewDecision(title="One", outcome="Yes.", channel_id=self.cast.general))
            return await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=quorum, share=share)))

        shown = self.act("ben", verb)
        self.numbers.append(shown.number)
        self.model[shown.id] = {
            "quorum": quorum, "share": share, "stands": {}, "open": set(), "is_over": False, "has_ended": False,
        }  # fmt: skip
        return shown.id

    @rule(id_=made, who=some.sampled_from(PEOPLE), stand=some.sampled_from(["agree", "abstain", "disagree"]))
    def stand(self, id_, who, stand):
        said = Stand(stand=stand, reason="Because.")
        shown = self.act(who, lambda tx: protocol.stand(tx, id_, said))
        if shown is not None and not self.model[id_]["is_over"]:
            self.model[id_]["stands"][who] = stand

    @rule(id_=made, who=some.sampled_from(PEOPLE))
    def worry(self, id_, who):
        async def verb(tx):
            return await showing.get(tx, (await protocol.raise_concern(tx, id_, NewConcern(title="Hm"))).id)

        shown = self.act(who, verb)
        assert (shown is None) == self.model[id_]["is_over"]
        if shown is not None:
            self.model[id_]["open"].add(shown.concerns[-1].id)

    @rule(id_=made, who=some.sampled_from(PEOPLE))
    def resolve(self, id_, who):
        for concern in list(self.model[id_]["open"]):
            verb = protocol.resolve_concern if who == "ben" else protocol.withdraw_concern
            if self.act(who, lambda tx, c=concern, v=verb: v(tx, c, Closing(reason="Settled."))) is not None:
                self.model[id_]["open"].discard(concern)

    @rule(id_=made, words=some.sampled_from(["Yes.", "No.", "Maybe."]))
    def rewrite(self, id_, words):
        async def verb(tx):
            now = await showing.get(tx, id_)
            shown = await decisions.revise(tx, id_, Change(title="One", outcome=words, version=now.version))
            return now.outcome, shown

        found = self.act("ben", verb)
        if found is not None and found[0] != words:
            self.model[id_]["stands"].clear()

    @rule(id_=made, how=some.sampled_from([protocol.reject, protocol.withdraw]))
    def end(self, id_, how):
        if self.act("ben", lambda tx: how(tx, id_, Closing(reason="No."))) is not None:
            self.model[id_]["is_over"] = True

    @rule(id_=made)
    def time_passes(self, id_):
        ends = "update dfworx.decisions set comment_ends_at = now() where id = :id and status = 'final_comment'"
        with self.engine.begin() as connection:
            connection.execute(text(ends), {"id": id_})

    @rule()
    def the_worker_looks(self):
        self.loop.run_until_complete(jobs.close_ended())

    @invariant()
    def what_stands_is_what_the_model_says(self):
        now = self.act("ada", showing.page)
        for shown in now.items:
            model = self.model[shown.id]
            if shown.status == "accepted":
                assert self.carries(model)
                model["is_over"] = True
            elif not model["is_over"]:
                assert shown.status == ("final_comment" if self.carries(model) else "proposed")
        with self.engine.connect() as connection:
            at = connection.scalar(text("select clock_timestamp()"))
        self.stood.append((at, [DecisionView.model_validate(shown.model_dump()) for shown in now.items]))

    @invariant()
    def numbers_are_given_once_and_the_ledger_holds(self):
        assert self.numbers == list(range(1, len(self.numbers) + 1))
        assert self.act("ada", ledger.verify).reason == ""

    @staticmethod
    def carries(model) -> bool:
        stands = list(model["stands"].values())
        yes, no = stands.count("agree"), stands.count("disagree")
        enough = {0: True, 50: yes > no, 100: yes > 0 and no == 0}[model["share"]]
        return not model["open"] and len(stands) >= model["quorum"] and enough


@pytest.mark.timeout(240)
def test_nothing_is_accepted_that_should_not_be(admin_engine):
    Deciding.engine = admin_engine
    quiet = settings(
        max_examples=8, stateful_step_count=15, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Deciding, settings=quiet)
