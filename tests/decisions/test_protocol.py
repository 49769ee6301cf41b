"""Deciding: from a proposal to a record, and all that holds it."""

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from dfworx.channels import service as channels
from dfworx.channels.validators import NewChannel
from dfworx.core.errors import Forbidden, Invalid, NotFound
from dfworx.core.permissions import Role
from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_asking as asking
from dfworx.decisions import service_discussing as discussing
from dfworx.decisions import service_inbox as inboxes
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.errors import (
    ConcernClosed,
    DecisionChanged,
    DecisionFixed,
    EverybodyMayAnswer,
    NobodyNew,
    NothingToAgreeTo,
    NotOpen,
)
from dfworx.decisions.events import MemberNotified
from dfworx.decisions.models_lifecycle import Status
from dfworx.decisions.models_protocol import ConcernReply
from dfworx.decisions.repository_protocol import ConcernReplies, Concerns
from dfworx.decisions.validators import (
    Amendment,
    Asked,
    Change,
    Closing,
    Drawn,
    NewConcern,
    NewDecision,
    NewReply,
    Proposal,
    Rule,
    Sought,
    Stand,
)
from dfworx.infra import database
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.organizations import service as organizations
from dfworx.threads import service as threads


@pytest.fixture
def acting(acting_as, cast):
    """`async with acting("ben") as tx`."""
    return lambda name: acting_as(getattr(cast, name))


async def seen(tx, verb):
    """The record as whoever did this sees it then."""
    return await showing.get(tx, (await verb).id)


async def drafted(acting, cast, who="ben", **words):
    """A draft in #general."""
    async with acting(who) as tx:
        said = {"title": "Keep messages in Postgres", "outcome": "We keep them in Postgres.", **words}
        return await decisions.draft(tx, NewDecision(channel_id=cast.general, **said))


async def proposed(acting, cast, *asked, who="ben", **rule):
    """A proposal that asks them."""
    draft = await drafted(acting, cast, who)
    async with acting(who) as tx:
        ids = [getattr(cast, name).membership_id for name in asked]
        proposal = Proposal(asked=ids, rule=Rule(**rule) if rule else None)
        return await seen(tx, protocol.propose(tx, draft.id, proposal))


async def say(acting, who, decision, stand="agree", reason=""):
    """A position."""
    async with acting(who) as tx:
        return await seen(tx, protocol.stand(tx, decision.id, Stand(stand=stand, reason=reason)))


def ended(admin, decision):
    """The final comment ended a minute ago."""
    admin.execute(
        text("update dfworx.decisions set comment_ends_at = now() - interval '1 minute' where id = :id"),
        {"id": decision.id},
    )


async def test_it_works(acting, cast, admin):
    """Proposed, agreed to, commented on, accepted: the record stands in the ledger."""
    decision = await proposed(acting, cast, "ada", "cy")
    assert (decision.ref, decision.status, decision.tally.lacks) == ("DEC-1", Status.PROPOSED, "1 more position")
    decision = await say(acting, "cy", decision)
    assert decision.status == Status.FINAL_COMMENT
    assert await jobs.close_ended() == 0
    ended(admin, decision)
    assert await jobs.close_ended() == 1
    assert await jobs.close_ended() == 0
    assert "Connections in pool: 1 " in database.dispatcher_engine().pool.status(), "looked for by one, which is kept"
    async with acting("ada") as tx:
        record = await showing.numbered(tx, 1)
        assert (record.status, record.closed_at is not None) == (Status.ACCEPTED, True)
        assert (await ledger.verify(tx)).entries == 1


async def test_without_an_outcome_there_is_nothing_to_agree_to(acting, cast):
    """A proposal says what is to be decided."""
    draft = await drafted(acting, cast, outcome="")
    async with acting("ben") as tx:
        with pytest.raises(NothingToAgreeTo):
            await protocol.propose(tx, draft.id, Proposal())


async def test_somebody_elses_draft_is_not_proposed(acting, cast):
    """By a colleague; by a moderator it is."""
    draft = await drafted(acting, cast)
    async with acting("cy") as tx:
        with pytest.raises(Forbidden):
            await protocol.propose(tx, draft.id, Proposal())
    async with acting("max") as tx:
        assert (await protocol.propose(tx, draft.id, Proposal())).number == 1


async def test_a_concern_stops_the_final_comment_until_it_is_closed(acting, cast):
    """By its owner or by the decider, with a reason that stays."""
    decision = await proposed(acting, cast, "ada")
    await say(acting, "ada", decision)
    async with acting("cy") as tx:
        held = await seen(tx, protocol.raise_concern(tx, decision.id, NewConcern(title="Backups")))
    assert (held.status, held.comment_ends_at, held.tally.lacks) == (Status.PROPOSED, None, "1 open concern")
    concern = held.concerns[0]
    async with acting("ada") as tx:
        with pytest.raises(Forbidden):
            await protocol.withdraw_concern(tx, concern.id, Closing(reason="Not mine."))
    async with acting("ben") as tx:
        going = await seen(tx, protocol.resolve_concern(tx, concern.id, Closing(reason="They run nightly.")))
    assert going.status == Status.FINAL_COMMENT
    assert (going.concerns[0].state, going.concerns[0].reason) == ("resolved", "They run nightly.")


async def test_a_concern_is_discussed_until_it_is_closed(acting, cast, admin):
    """What was said stays, and waits for whoever raised it; the database takes no more either."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=2)
    async with acting("cy") as tx:
        concern = (await seen(tx, protocol.raise_concern(tx, decision.id, NewConcern(title="Backups")))).concerns[0]
    for who in ("eve", "gus"):
        async with acting(who) as tx:
            with pytest.raises(NotFound):
                await discussing.reply(tx, concern.id, NewReply(source="Me too."))
    async with acting("ada") as tx:
        told = await seen(tx, discussing.reply(tx, concern.id, NewReply(source="They run **nightly**.")))
        notices = [event for _, event in tx.events if isinstance(event, MemberNotified)]
    async with acting("cy") as tx:
        waiting = await inboxes.inbox(tx)
    assert [each.why for each in waiting.replies] == ["Ada Ferreira: They run nightly."]
    async with acting("ben") as tx:
        assert [each.why for each in (await inboxes.inbox(tx)).concerns] == ["Backups"]
    assert [(each.person, each.html) for each in told.concerns[0].replies] == [
        ("Ada Ferreira", "<p>They run <strong>nightly</strong>.</p>\n")
    ]
    assert {each.membership_id for each in notices} == {cast.cy.membership_id, cast.ben.membership_id}
    async with acting("cy") as tx:
        assert [each.id for each in (await inboxes.inbox(tx)).replies] == [decision.id]
        await discussing.reply(tx, concern.id, NewReply(source="Are they tried?"))
        assert (await inboxes.inbox(tx)).replies == []
        await protocol.withdraw_concern(tx, concern.id, Closing(reason="They are."))
    async with acting("ada") as tx:
        with pytest.raises(ConcernClosed):
            await discussing.reply(tx, concern.id, NewReply(source="Weekly."))
        said = ConcernReply(organization_id=cast.acme, concern_id=concern.id, author_id=cast.ada.membership_id)
        said.source = said.html = "Weekly."
        with pytest.raises(Exception, match="row-level security"):
            await ConcernReplies(tx).add(said)
    async with acting("ada") as tx:
        assert len((await showing.get(tx, decision.id)).concerns[0].replies) == 2


async def test_a_role_or_a_channel_stands_for_its_people(acting, cast):
    """As many as are shown before; named at the proposal, without those who do not see it."""
    draft = await drafted(acting, cast)
    async with acting("ben") as tx:
        hiring = await asking.preview(tx, draft.id, Asked(asked_channel_id=cast.hiring))
        assert {each.name for each in hiring.people} == {"Ada Ferreira", "Ben Okafor"}
        everybody = await asking.preview(tx, draft.id, Asked(asked_channel_id=cast.general))
        assert (everybody.count, (await asking.preview(tx, draft.id, Asked())).count) == (5, 0)
        with pytest.raises(Invalid, match="Nobody of these"):
            await asking.preview(tx, draft.id, Asked(asked_roles=[Role.GUEST]))
    async with acting("cy") as tx:
        for verb in (asking.preview, protocol.propose):
            with pytest.raises(Forbidden):
                await verb(tx, draft.id, Proposal(asked_roles=[Role.OWNER]))
    async with acting("ben") as tx:
        names = {"asked": [cast.cy.membership_id], "asked_roles": [Role.OWNER, Role.ADMIN]}
        told = await seen(tx, protocol.propose(tx, draft.id, Proposal(**names, template="Consensus")))
    assert {each.name for each in told.asked} == {"Ada Ferreira", "Dia Marsh", "Cy Lindqvist"}
    assert told.tally.quorum == 3


async def test_others_are_asked_where_those_who_were_cannot_answer_any_more(acting, cast, admin):
    """Who decides is told so; whoever is asked then hears of it, and what they say begins the final comment."""
    decision = await proposed(acting, cast, "max", "dia", quorum=1)
    async with acting("max") as tx:
        await organizations.leave(tx)
    admin.execute(text("update dfworx.users set deactivated_at = now() where id = :id"), {"id": cast.dia.user_id})
    async with acting("cy") as tx:
        assert (await showing.get(tx, decision.id)).tally.short == ""
    async with acting("ben") as tx:
        stuck = await showing.get(tx, decision.id)
        assert stuck.tally.short == "Of those asked, nobody can still answer: ask somebody else."
        told = await seen(tx, asking.ask_more(tx, decision.id, Asked(asked=[cast.cy.membership_id])))
        assert [(type(each).__name__, getattr(each, "kind", "")) for _, each in tx.events] == [
            ("PeopleAsked", ""), ("MemberNotified", "asked"),
        ]  # fmt: skip
    assert (len(told.asked), told.tally.quorum, told.tally.short, told.may["ask"]) == (3, 1, "", True)
    async with acting("cy") as tx:
        assert [each.ref for each in (await inboxes.inbox(tx)).positions] == ["DEC-1"]
    commented = await say(acting, "cy", decision)
    assert commented.status == Status.FINAL_COMMENT
    async with acting("ada") as tx:
        everybody = Asked(asked_roles=[Role.OWNER, Role.MEMBER], asked_channel_id=cast.general)
        assert {each.name for each in (await asking.preview(tx, decision.id, everybody)).people} == {
            "Ada Ferreira", "Ben Okafor",
        }  # fmt: skip
        later = await seen(tx, asking.ask_more(tx, decision.id, everybody))
    assert (len(later.asked), later.status, later.comment_ends_at) == (5, commented.status, commented.comment_ends_at)


async def test_who_is_asked_besides_is_new_and_sees_it_and_who_asks_decides_it(acting, cast):
    """While it is open; where nobody is named, every member may answer, and stays so."""
    decision, to_all = await proposed(acting, cast, "cy"), await proposed(acting, cast)
    draft = await drafted(acting, cast)
    for who, record, asked, refusal in (
        ("cy", decision, "ada", Forbidden),
        ("ben", decision, "gus", Invalid),
        ("ben", decision, "cy", NobodyNew),
        ("ben", decision, "", NobodyNew),
        ("ben", to_all, "ada", EverybodyMayAnswer),
        ("ben", draft, "ada", NotOpen),
    ):
        more = Asked(asked=[getattr(cast, asked).membership_id] if asked else [])
        async with acting(who) as tx:
            with pytest.raises(refusal):
                await asking.ask_more(tx, record.id, more)
    async with acting("ben") as tx:
        shown = [await showing.get(tx, each.id) for each in (decision, to_all, draft)]
        assert [each.may["ask"] for each in shown] == [True, False, False]
        await protocol.withdraw(tx, decision.id, Closing(reason="Later."))
        with pytest.raises(NotOpen):
            await asking.ask_more(tx, decision.id, Asked(asked=[cast.ada.membership_id]))


async def test_another_text_asks_everybody_anew(acting, cast):
    """What was agreed to was the text before."""
    decision = await proposed(acting, cast, "ada")
    await say(acting, "ada", decision)
    async with acting("ben") as tx:
        row = await showing.get(tx, decision.id)
        change = Change(title=row.title, outcome="In SQLite.", version=row.version)
        changed = await seen(tx, decisions.revise(tx, decision.id, change))
    assert (changed.status, changed.tally.answered, changed.positions[0].is_stale) == (Status.PROPOSED, 0, True)


async def test_two_editors_never_overwrite_each_other(acting, cast):
    """Who comes second is told, and has lost nothing."""
    draft = await drafted(acting, cast)
    async with acting("cy") as tx:
        await decisions.revise(tx, draft.id, Change(title="By Cy", version=1))
    async with acting("ben") as tx:
        with pytest.raises(DecisionChanged):
            await decisions.revise(tx, draft.id, Change(title="By Ben", version=1))


async def test_a_record_does_not_change(acting, cast, admin):
    """Not by the service, and not below it."""
    decision = await proposed(acting, cast, "ada")
    await say(acting, "ada", decision)
    ended(admin, decision)
    await jobs.close_ended()
    async with acting("ben") as tx:
        with pytest.raises(DecisionFixed):
            await decisions.revise(tx, decision.id, Change(title="Another", version=1))
    with pytest.raises(Exception, match="the text of a closed decision stays"):
        admin.execute(text("update dfworx.decisions set outcome = 'x' where id = :id"), {"id": decision.id})
    with pytest.raises(Exception, match="does not go from accepted to draft"):
        admin.execute(text("update dfworx.decisions set status = 'draft' where id = :id"), {"id": decision.id})


async def test_a_stranger_does_not_know_of_it(acting, cast):
    """Nor does a guest who was not added."""
    decision = await drafted(acting, cast)
    for who in ("eve", "gus"):
        async with acting(who) as tx:
            with pytest.raises(NotFound):
                await showing.get(tx, decision.id)


async def test_a_record_takes_the_place_of_another(acting, cast, admin):
    """Once it is accepted, and both say so."""
    old = await proposed(acting, cast, "ada", quorum=0, comment_hours=0)
    await jobs.close_ended()
    draft = await drafted(acting, cast, title="Keep messages in two places")
    async with acting("ben") as tx:
        rule = Rule(quorum=0, comment_hours=0)
        new = await protocol.propose(tx, draft.id, Proposal(rule=rule, supersedes=[old.number]))
    await jobs.close_ended()
    async with acting("cy") as tx:
        was, now = await showing.numbered(tx, old.number), await showing.numbered(tx, new.number)
    assert was.successor is not None
    assert (was.status, was.successor.ref, now.status) == (Status.SUPERSEDED, "DEC-2", Status.ACCEPTED)
    assert [each.ref for each in now.supersedes] == ["DEC-1"]
    async with acting("ada") as tx:
        verified = await ledger.verify(tx)
    assert (verified.entries, verified.altered) == (3, None)


async def test_a_message_that_names_it_is_listed(acting, cast):
    """As soon as it is written, and no longer when it is deleted."""
    decision = await proposed(acting, cast, "ada")
    async with acting("cy") as tx:
        said = await messages.post(tx, cast.lobby, NewMessage(source="That is DEC-1, not XDEC-1 or DEC-12."))
    async with acting("ben") as tx:
        assert [each.message_id for each in (await showing.get(tx, decision.id)).cited_in] == [said.id]
    async with acting("cy") as tx:
        await messages.delete(tx, said.id)
    async with acting("ben") as tx:
        assert (await showing.get(tx, decision.id)).cited_in == []


async def test_one_altered_byte_is_found_and_named(acting, cast, admin):
    """In an entry, or in the record that it tells of."""
    decision = await proposed(acting, cast, quorum=0, comment_hours=0)
    await jobs.close_ended()
    admin.execute(
        text("update dfworx.ledger set record = replace(record, 'Postgres', 'postgres') where decision_id = :id"),
        {"id": decision.id},
    )
    async with acting("ada") as tx:
        verified = await ledger.verify(tx)
    assert verified.altered is not None
    assert (verified.altered.position, verified.altered.decision_id) == (1, decision.id)


async def test_the_history_says_who_changed_from_what_to_what(acting, cast):
    """The first one first; of anonymous positions one's own alone."""
    for is_anonymous, known in (
        (False, [("Cy", "agree", ""), ("Ada", "abstain", ""), ("Cy", "disagree", "agree")]),
        (True, [("Cy", "agree", ""), ("Cy", "disagree", "agree"), ("", "abstain", "")]),
    ):
        decision = await proposed(acting, cast, "ada", "cy", quorum=2, is_anonymous=is_anonymous)
        await say(acting, "cy", decision)
        await say(acting, "ada", decision, "abstain")
        await say(acting, "cy", decision, "disagree", "Too soon.")
        async with acting("cy") as tx:
            shown = await showing.history(tx, decision.id)
        assert [(each.person.partition(" ")[0], each.stand, each.was) for each in shown] == known


async def test_results_can_be_hidden_until_one_has_answered(acting, cast):
    """How many have answered is seen, and not how; one's own is."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=2, is_hidden=True)
    await say(acting, "ada", decision, "disagree", "Too soon.")
    async with acting("cy") as tx:
        seen = await showing.get(tx, decision.id)
        assert (seen.positions, seen.tally.answered, seen.tally.disagree) == ([], 1, 0)
        assert await showing.history(tx, decision.id) == []
        assert "Too soon" not in seen.model_dump_json()
    after = await say(acting, "cy", decision)
    assert [each.stand for each in after.positions] == ["disagree", "agree"]


async def test_positions_can_be_anonymous(acting, cast):
    """To everybody but oneself, the decider too."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=2, is_anonymous=True)
    await say(acting, "ada", decision, "disagree", "Too soon.")
    await say(acting, "cy", decision)
    async with acting("ben") as tx:
        seen = await showing.get(tx, decision.id)
        assert [(each.person, each.stand) for each in seen.positions] == [("", "agree"), ("", "disagree")]
        assert [each.stand for each in seen.asked] == ["", ""]
    async with acting("ada") as tx:
        assert [each.person for each in (await showing.get(tx, decision.id)).positions] == ["Ada Ferreira", ""]


async def accepted(acting, cast, admin, *asked):
    """A record that these agreed to."""
    decision = await proposed(acting, cast, *asked, quorum=len(asked))
    for name in asked:
        await say(acting, name, decision)
    ended(admin, decision)
    assert await jobs.close_ended() == 1
    return decision


async def test_nobody_agrees_to_a_text_that_they_have_not_seen(acting, cast):
    """Who names the text that they read is told that it is another one by now."""
    decision = await proposed(acting, cast, "cy")
    async with acting("ben") as tx:
        await decisions.revise(tx, decision.id, Change(title="x", outcome="In SQLite.", version=1))
    async with acting("cy") as tx:
        with pytest.raises(DecisionChanged):
            await protocol.stand(tx, decision.id, Stand(stand="agree", version=1))
    async with acting("cy") as tx:
        assert (await seen(tx, protocol.stand(tx, decision.id, Stand(stand="agree", version=2)))).tally.agree == 1


async def test_a_text_that_is_swapped_in_the_last_minute_begins_its_final_comment_anew(acting, cast, admin):
    """Also where nobody has to agree."""
    decision = await proposed(acting, cast, quorum=0)
    ended(admin, decision)
    async with acting("ben") as tx:
        anew = await decisions.revise(tx, decision.id, Change(title="x", outcome="Something else.", version=1))
    assert (anew.status, anew.comment_ends_at > tx.now) == (Status.FINAL_COMMENT, True)
    assert await jobs.close_ended() == 0


async def test_what_was_agreed_to_still_counts_after_an_amendment_and_beside_a_late_word(acting, cast, admin):
    """The tally of a record is that of the day on which it was accepted."""
    decision = await accepted(acting, cast, admin, "ada", "cy")
    async with acting("ben") as tx:
        words = {"title": "Keep messages in Postgres!", "outcome": "We keep them in Postgres."}
        amendment = Amendment(**words, version=1, note="A mark was missing.")
        amended = await seen(tx, decisions.amend(tx, decision.id, amendment))
    assert (amended.tally.agree, [each.is_stale for each in amended.positions]) == (2, [False, False])
    late = await say(acting, "cy", decision, "disagree", "It grew.")
    assert (late.tally.agree, late.tally.disagree, len(late.positions)) == (2, 0, 3)
    async with acting("ada") as tx:
        (summary,) = await showing.some(tx, [1])
        assert (summary.answered, (await ledger.verify(tx)).altered) == (2, None)
        assert (await threads.get(tx, decision.thread_id)).title == "DEC-1: Keep messages in Postgres!"


async def test_only_who_decides_a_record_lets_another_take_its_place(acting, cast, admin):
    """Or a moderator."""
    await accepted(acting, cast, admin, "ada")
    draft = await drafted(acting, cast, "cy")
    async with acting("cy") as tx:
        with pytest.raises(Forbidden, match="DEC-1 is not yours"):
            await protocol.propose(tx, draft.id, Proposal(supersedes=[1]))
    async with acting("max") as tx:
        assert (await protocol.propose(tx, draft.id, Proposal(supersedes=[1]))).number == 2


async def test_why_something_ended_is_markdown(acting, cast):
    """Of a concern and of a decision: beside what was typed stands what it looks like; titles of concerns, too."""
    decision = await proposed(acting, cast, "ada")
    async with acting("cy") as tx:
        new = NewConcern(title="Who runs `pg_dump`?")
        concern = (await seen(tx, protocol.raise_concern(tx, decision.id, new))).concerns[0]
    async with acting("ben") as tx:
        assert [each.why for each in (await inboxes.inbox(tx)).concerns] == ["Who runs pg_dump?"]
        await protocol.resolve_concern(tx, concern.id, Closing(reason="- a *job*"))
        ended = await seen(tx, protocol.reject(tx, decision.id, Closing(reason="See `jobs.py`.")))
    assert (ended.closing, ended.html["closing"]) == ("See `jobs.py`.", "<p>See <code>jobs.py</code>.</p>\n")
    (concern,) = ended.concerns
    assert (concern.title_html, concern.reason) == ("Who runs <code>pg_dump</code>?", "- a *job*")
    assert "<li>a <em>job</em></li>" in concern.reason_html


async def raised(acting, who, decision):
    """A concern."""
    async with acting(who) as tx:
        new = NewConcern(title="Backups")
        return (await seen(tx, protocol.raise_concern(tx, decision.id, new))).concerns[-1]


async def test_who_holds_it_by_a_concern_is_not_asked_until_that_is_closed(acting, cast):
    """Whatever becomes of the text meanwhile; a quorum is made of positions alone."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=2)

    async def waits(who="cy"):
        async with acting(who) as tx:
            box, (row,) = await inboxes.inbox(tx), (await showing.page(tx)).items
            lists = [await showing.waiting_for_me(tx), (await showing.page(tx, Sought(waiting=True))).items]
            assert {len(each) for each in lists} == {len(box.positions)} == {int(not row.has_answered)}
            return bool(box.count)

    assert await waits()
    concern = await raised(acting, "cy", decision)
    assert not await waits()
    assert await waits("ada")
    async with acting("ben") as tx:
        text = Change(title="x", outcome="In SQLite.", version=1)
        held = await seen(tx, decisions.revise(tx, decision.id, text))
    assert not await waits()
    assert [each.has_concern for each in held.asked] == [False, True]
    assert (held.tally.answered, held.tally.lacks) == (0, "1 open concern")
    async with acting("ada") as tx:
        assert (await showing.page(tx)).items[0].answered == 0
    async with acting("cy") as tx:
        free = await seen(tx, protocol.withdraw_concern(tx, concern.id, Closing(reason="They run.")))
    assert await waits()
    assert ([each.has_concern for each in free.asked], free.tally.lacks) == ([False, False], "2 more positions")
    again = await raised(acting, "cy", decision)
    assert not await waits()
    await say(acting, "cy", decision)
    async with acting("ben") as tx:
        await protocol.resolve_concern(tx, again.id, Closing(reason="They run."))
    assert not await waits()


async def test_a_concern_shows_nothing_of_what_is_hidden_and_tells_nothing_of_what_has_no_name(acting, cast):
    """One sees how the others stand when one has a position; whoever holds it looks the same with one and without."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=2, is_hidden=True, is_anonymous=True)
    await say(acting, "ada", decision, "disagree", "Too soon.")
    await raised(acting, "cy", decision)
    async with acting("cy") as tx:
        veiled = await showing.get(tx, decision.id)
    assert (veiled.positions, veiled.tally.is_hidden) == ([], True)
    async with acting("ben") as tx:
        before = await showing.get(tx, decision.id)
    assert (await say(acting, "cy", decision)).tally.is_hidden is False
    async with acting("ben") as tx:
        after = await showing.get(tx, decision.id)
    assert after.asked == before.asked
    assert [each.has_concern for each in after.asked] == [False, True]
    assert after.concerns == before.concerns


async def test_who_comes_second_does_not_close_a_concern_again(acting, cast):
    """The first reason stays, also when both had it open."""
    decision = await proposed(acting, cast, "ada")
    async with acting("cy") as tx:
        concern = (await seen(tx, protocol.raise_concern(tx, decision.id, NewConcern(title="Backups")))).concerns[0]
    async with acting("ben") as slow:
        await Concerns(slow).get(concern.id)
        async with acting("cy") as tx:
            await protocol.withdraw_concern(tx, concern.id, Closing(reason="They are there."))
        with pytest.raises(ConcernClosed):
            await protocol.resolve_concern(slow, concern.id, Closing(reason="Never mind."))


async def test_before_one_has_answered_nothing_is_told_of_hidden_positions(acting, cast):
    """Not by what it lacks either."""
    decision = await proposed(acting, cast, "ada", "cy", quorum=1, share=50, is_hidden=True)
    mine = await say(acting, "ada", decision, "disagree", "No.")
    async with acting("cy") as tx:
        veiled = await showing.get(tx, decision.id)
    assert (mine.tally.lacks, veiled.tally.lacks) == ("more than 50 % who agree", "")


@pytest.mark.parametrize(
    "words",
    [{"paths": ["!"]}, {"paths": ["foo\\"]}, {"options": [{"title": "A"}, {"title": "A"}]}],
    ids=["an empty negation", "half an escape", "options of one name"],
)
def test_what_could_not_be_used_later_is_refused_at_once(words):
    with pytest.raises(ValidationError):
        Change(title="x", version=1, **words)


async def test_the_title_of_a_private_thread_is_not_carried_into_another_channel(acting, cast):
    """A title has to be given there, also where that is private to others."""
    async with acting("max") as tx:
        board = await channels.create(tx, NewChannel(name="board", visibility="members"))
        await channels.add_member(tx, board.id, cast.ada.membership_id)
    async with acting("ada") as tx:
        for elsewhere in (cast.general, board.id):
            with pytest.raises(Invalid):
                await decisions.draw(tx, cast.offers, Drawn(channel_id=elsewhere))
        drawn = await decisions.draw(tx, cast.offers, Drawn(channel_id=cast.general, title="Whom we hire"))
    assert drawn.title == "Whom we hire"


async def test_what_somebody_drafted_who_is_gone_is_decided_by_who_proposes_it(acting, cast):
    draft = await drafted(acting, cast)
    async with acting("ada") as tx:
        await organizations.remove(tx, cast.ben.membership_id)
        made = await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))
    assert made.decider_id == cast.ada.membership_id


async def test_a_guest_decides_nothing(acting, cast, admin):
    """Whoever is named can do what is left to them; who drafted it and became a guest is named no more."""
    async with acting("max") as tx:
        await channels.add_member(tx, cast.general, cast.gus.membership_id)
    draft = await drafted(acting, cast)
    async with acting("ben") as tx:
        for decider, why in ((cast.gus, "Gus Visitor is a guest"), (cast.eve, "a member who sees this")):
            with pytest.raises(Invalid) as refused:
                await protocol.propose(tx, draft.id, Proposal(decider_id=decider.membership_id))
            assert why in refused.value.fields["decider_id"]
    admin.execute(text("update dfworx.memberships set role = 'guest' where id = :ben"), {"ben": cast.ben.membership_id})
    async with acting("max") as tx:
        await channels.add_member(tx, cast.general, cast.ben.membership_id)
        made = await protocol.propose(tx, draft.id, Proposal(rule=Rule(quorum=1)))
    assert made.decider_id == cast.max.membership_id


async def test_a_proposal_is_of_the_text_that_was_read_and_can_be_decided(acting, cast):
    """Another text, or a quorum of more than are asked, is refused."""
    draft = await drafted(acting, cast)
    async with acting("cy") as tx:
        await decisions.revise(tx, draft.id, Change(title="By Cy", outcome="Yes.", version=1))
    ada = [cast.ada.membership_id]
    for proposal, refusal in (
        (Proposal(version=1), DecisionChanged),
        (Proposal(asked=ada, rule=Rule(quorum=2)), Invalid),
    ):
        async with acting("ben") as tx:
            with pytest.raises(refusal):
                await protocol.propose(tx, draft.id, proposal)
    async with acting("ben") as tx:
        assert (await protocol.propose(tx, draft.id, Proposal(asked=ada, version=2))).number == 1
