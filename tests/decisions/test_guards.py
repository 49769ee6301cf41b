"""Going round the services: SQL with somebody's claims, and what the database answers."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from dfworx.core.actor import Actor
from dfworx.decisions import jobs
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.repository import Decisions
from dfworx.decisions.repository_aging import StaleMarks
from dfworx.decisions.validators import Closing, Drawn, NewConcern, NewDecision, Proposal, Rule
from dfworx.decisions.views import DecisionView
from dfworx.infra.database import transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.organizations import service as organizations
from dfworx.tags import service as tags
from dfworx.tags.validators import NewTag
from dfworx.threads import service as threads

POLICY = "row-level security"
NO_ROW = "no row"
DECIDES = "a decision is ended by whoever may"
NAMES = "a proposal names its template"
REASON = "whoever ends a decision says why"
NEW = "gen_random_uuid(), now(), :acme"
SET = "update dfworx.decisions set"
AT_ONCE = {"quorum": 0, "comment_hours": 0}
GIVE = "update dfworx.registers set numbers = numbers + 1"
PROPOSED = f"""{SET} status = 'proposed', proposed_at = now(), template = '{{}}',
               number = (select numbers from dfworx.registers) where id = :draft"""

# A link that follows the last one; `said` makes its record of the one before.
LINK = """insert into dfworx.ledger select {new}, r.entries + 1, :record, '{happened}', s.said, r.head,
            encode(sha256(convert_to(r.head || E'\\n' || s.said, 'UTF8')), 'hex')
          from dfworx.registers r join dfworx.ledger l on l.decision_id = :record
          cross join lateral (select ({said})::text as said) s where r.organization_id = :acme"""


def link(happened: str, said: str) -> str:
    """That statement."""
    return LINK.format(new=NEW, happened=happened, said=said)


# An amendment of the record, by whoever may, that leaves out what comes after these.
AMENDED = (
    f"""insert into dfworx.decision_revisions
          select {NEW}, :record, 2, content || '{{"outcome": "Of course."}}', :ben, 'A word.'
          from dfworx.decision_revisions where decision_id = :record""",
    f"{SET} outcome = 'Of course.', version = 2 where id = :record",
    link(
        "amended",
        """jsonb_set(l.record::jsonb, '{record}', l.record::jsonb -> 'record' ||
             '{"outcome": "Of course.", "version": 2}') || '{"happened": "amended"}'""",
    ),
)

# What is tried: who, what is answered, and the statements of one transaction.
ENDING = {
    "a colleague rejects": ("cy", DECIDES, f"{SET} status = 'rejected' where id = :open"),
    "a guest withdraws": ("gus", DECIDES, f"{SET} status = 'withdrawn' where id = :open"),
    "a guest deprecates": ("gus", DECIDES, f"{SET} status = 'deprecated' where id = :record"),
    "the decider accepts": ("ben", DECIDES, f"{SET} status = 'accepted', closed_at = now() where id = :ended"),
    "the decider supersedes": (
        "ben", DECIDES, f"{SET} status = 'superseded', superseded_by = :open where id = :record",
    ),
    "a rejection without a reason": (
        "ben", REASON, f"{SET} status = 'rejected', closed_at = now() where id = :open",
    ),
    "a withdrawal without one": (
        "ben", REASON, rf"{SET} status = 'withdrawn', closed_at = now(), closing = E' \n' where id = :draft",
    ),
    "a deprecation without one": ("ben", REASON, f"{SET} status = 'deprecated' where id = :record"),
    "another rule while it is open": (
        "gus", "how a decision is made stays",
        f"""{SET} quorum = 0, share = 0, status = 'final_comment', comment_ends_at = '2000-01-01'
           where id = :open""",
    ),
    "another template while it is open": (
        "ben", "how a decision is made stays", f"{SET} template = 'Majority' where id = :open",
    ),
    "a template for a draft": ("ben", NAMES, f"{SET} template = 'Majority' where id = :draft"),
    "a template for a draft of others": ("cy", NAMES, f"{SET} template = 'Majority' where id = :draft"),
    "a template for what is withdrawn": (
        "ben", NAMES,
        f"{SET} template = 'Majority', status = 'withdrawn', closed_at = now(), closing = 'No.' where id = :draft",
    ),
    "a draft that is born with one": (
        "cy", NAMES,
        """insert into dfworx.decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
             'thread_id', cast(:lobby as text), 'created_by', cast(:cy as text), 'template', 'Majority'))).*
           from dfworx.decisions d where id = :draft""",
    ),
    "a template with another rule": ("ben", NAMES, GIVE, PROPOSED.format("Consensus")),
    "a template of nobody": ("ben", NAMES, GIVE, PROPOSED.format("Mine")),
    "another decider while it is open": (
        "ben", "how a decision is made stays", f"{SET} decider_id = :cy where id = :open",
    ),
    "a final comment in the past": (
        "cy", "lasts as long as was said",
        """update dfworx.concerns set state = 'withdrawn', closed_at = now(), closed_by = :cy, reason = 'Settled.'
           where decision_id = :worried""",
        f"""{SET} status = 'final_comment', comment_ends_at = now() + interval '71 hours'
           where id = :worried""",
    ),
    "a final comment is cut short": (
        "gus", "ends when it was said", f"{SET} comment_ends_at = now() where id = :commenting",
    ),
    "a final comment is stopped": (
        "gus", "nothing stops the final comment",
        f"{SET} status = 'proposed', comment_ends_at = null where id = :commenting",
    ),
    "who is not asked answers": (
        "gus", POLICY, f"insert into dfworx.positions values ({NEW}, :open, :gus, 1, 'agree', '', false)",
    ),
    "an answer to another text": (
        "cy", POLICY, f"insert into dfworx.positions values ({NEW}, :open, :cy, 2, 'agree', '', false)",
    ),
    "a colleague asks one more": ("cy", POLICY, f"insert into dfworx.decision_askings values ({NEW}, :open, :gus)"),
    "one more is asked when it is over": (
        "ben", POLICY, f"{SET} status = 'withdrawn', closed_at = now(), closing = 'No.' where id = :open",
        f"insert into dfworx.decision_askings values ({NEW}, :open, :gus)",
    ),
    "one is asked where everybody may answer": (
        "ben", "every member may answer", f"insert into dfworx.decision_askings values ({NEW}, :commenting, :gus)",
    ),
    "another text under the old answers": (
        "ben", "another text is the next version", f"{SET} outcome = 'No.' where id = :open",
    ),
    "the text of others": ("cy", "written by others", f"{SET} outcome = 'No.', version = 2 where id = :open"),
    "a draft of others is proposed": ("cy", "whoever drafted", f"{SET} decider_id = :cy where id = :draft"),
    "a record out of sight is replaced": (
        "cy", "takes the place of what holds and is one's own to decide",
        f"{SET} replaces = jsonb_build_array(:hidden) where id = :cys",
    ),
    "another reason": ("ben", "how a decision ended stays", f"{SET} closing = 'x' where id = :record"),
    "a guest drafts": (
        "gus", POLICY,
        """insert into dfworx.decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
             'thread_id', cast(:lobby as text), 'created_by', cast(:gus as text)))).*
           from dfworx.decisions d where id = :draft""",
    ),
    "a draft with a past": (
        "cy", "begins as a draft",
        """insert into dfworx.decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
             'thread_id', cast(:lobby as text), 'created_by', cast(:cy as text), 'version', 7))).*
           from dfworx.decisions d where id = :draft""",
    ),
}  # fmt: skip

RECORDING = {
    "a number for a draft": (
        "ben", "a number is given at the proposal",
        f"{SET} number = (select numbers + 1 from dfworx.registers) where id = :draft",
    ),
    "a number beside the register": (
        "ben", "a number is given at the proposal",
        f"""{SET} status = 'proposed', number = (select numbers + 1 from dfworx.registers)
           where id = :draft""",
    ),
    "a number for nobody": (
        "cy", "a number is given to a decision", "update dfworx.registers set numbers = numbers + 1",
    ),
    "a guest counts": ("gus", NO_ROW, "update dfworx.registers set numbers = numbers + 1"),
    "a register that begins later": (
        "eve", "a register begins empty",
        "insert into dfworx.registers values (gen_random_uuid(), now(), :umbrella, 40, 0, repeat('0', 64))",
    ),
    "links that are not there": (
        "ben", "a register only grows", "update dfworx.registers set entries = entries + 2, head = repeat('0', 64)",
    ),
    "a link without the one before": (
        "cy", "an entry follows the one before",
        f"""insert into dfworx.ledger select {NEW}, entries + 1, :record, 'accepted', '{{}}', head, 'x'
            from dfworx.registers""",
    ),
    "a link after one that is not there": (
        "ben", "an entry follows the one before", link("amended", "l.record").replace("entries + 1", "entries + 2"),
    ),
    "a link of other words": (
        "ben", "an entry says what its decision is",
        link("amended", """replace(l.record, 'accepted', 'amended')"""),
    ),
    "the same link again": ("ben", "nothing is recorded twice", link("accepted", "l.record")),
    "the decider records the acceptance": (
        "ben", POLICY, f"{SET} review_on = '2030-01-01' where id = :record",
        link("accepted", """jsonb_set(l.record::jsonb, '{record,review_on}', '"2030-01-01"')"""),
    ),
    "a link that is not counted": ("ben", "the register counts every entry", *AMENDED),
    "an amendment off the record": ("ben", "what is decided stands in the ledger", *AMENDED[:2]),
    "an ending off the record": (
        "ben", "what is decided stands in the ledger",
        f"{SET} status = 'rejected', closed_at = now(), closing = 'No.' where id = :open",
    ),
    "a text for a version that does not come": (
        "cy", "has every text that is kept",
        f"insert into dfworx.decision_revisions values ({NEW}, :draft, 9, '{{}}', :cy, '')",
    ),
    "a text that is kept as another": (
        "cy", "every text is kept",
        f"insert into dfworx.decision_revisions values ({NEW}, :draft, 2, '{{}}', :cy, '')",
        f"{SET} outcome = 'No.', version = 2 where id = :draft",
    ),
    "a colleague amends": (
        "cy", POLICY, f"insert into dfworx.decision_revisions values ({NEW}, :record, 2, '{{}}', :cy, 'A word.')",
    ),
}  # fmt: skip

CLOSED = """update dfworx.concerns set state = '{}', closed_at = now(), closed_by = {}, reason = 'x'
            where decision_id = :worried"""
SNAPSHOT = f"""insert into dfworx.evidence_snapshots select {NEW}, e.id, m.thread_id, m.author_id, m.seq, m.revision,
                 m.created_at, m.source, {{html}} from dfworx.evidence e join dfworx.messages m on m.id = e.message_id
               where e.decision_id = :draft"""
QUOTING = {
    "a guest resolves a concern": ("gus", NO_ROW, CLOSED.format("resolved", ":gus")),
    "in the name of the decider": ("cy", POLICY, CLOSED.format("withdrawn", ":ben")),
    "its owner resolves it": ("cy", POLICY, CLOSED.format("resolved", ":cy")),
    "a concern that is born resolved": (
        "cy", POLICY,
        f"insert into dfworx.concerns values ({NEW}, :worried, :cy, 'x', '', '', 'resolved', now(), :ben, 'Done.')",
    ),
    "grounds for a record": ("ben", POLICY, f"insert into dfworx.evidence values ({NEW}, :record, :said, 1)"),
    "a guest's grounds": ("gus", POLICY, f"insert into dfworx.evidence values ({NEW}, :draft, :said, 1)"),
    "words that nobody said": (
        "ben", POLICY, f"insert into dfworx.evidence values ({NEW}, :draft, :said, 1)",
        SNAPSHOT.format(html="'<b>Yes</b>'"),
    ),
    "a guest clears a decision": ("gus", NO_ROW, "update dfworx.stale_marks set cleared_at = now(), cleared_by = :gus"),
    "a colleague clears it": (
        "cy", NO_ROW, "update dfworx.stale_marks set cleared_at = now(), cleared_by = :cy where decision_id = :open",
    ),
    "in the name of another": ("ben", POLICY, "update dfworx.stale_marks set cleared_at = now(), cleared_by = :ada"),
    "what another's message names": ("gus", NO_ROW, "delete from dfworx.citations where organization_id = :acme"),
    "what it does not name": ("cy", POLICY, f"insert into dfworx.citations values ({NEW}, :said, 7)"),
    "what a decision names": ("cy", NO_ROW, "delete from dfworx.decision_citations where decision_id = :open"),
    "what it is not about": ("cy", POLICY, f"insert into dfworx.decision_citations values ({NEW}, :open, 7)"),
    "a guest takes a tag off": ("gus", NO_ROW, "delete from dfworx.taggings where organization_id = :acme"),
    "a guest puts it on": (
        "gus", POLICY, f"insert into dfworx.taggings values ({NEW}, :tag, 'decision', :record, :gus)",
    ),
}  # fmt: skip


@pytest.fixture
def made(acting_as, cast):
    """`await made("open")`: a proposal of Ben's, by its name; the open one asks Cy and names DEC-1."""

    async def propose(name: str, **rule) -> DecisionView:
        more, asked = ("Like DEC-1.", [cast.cy.membership_id]) if name == "open" else ("", [])
        channel = cast.hiring if name == "hidden" else cast.general
        async with acting_as(cast.ben) as tx:
            new = NewDecision(title=name, outcome="Yes.", more=more, channel_id=channel)
            draft = await decisions.draft(tx, new)
            return await protocol.propose(tx, draft.id, Proposal(asked=asked, rule=Rule(**rule)))

    return propose


@pytest.fixture
async def scene(acting_as, cast, admin, made):
    """Ids by name: decisions of every kind, what hangs on them, and people; Gus is a guest in #general."""
    admin.execute(
        text("insert into dfworx.place_members values (gen_random_uuid(), now(), :acme, :general, :gus)"),
        {"acme": cast.acme, "general": cast.general, "gus": cast.gus.membership_id},
    )
    found = {name: await made(name, **AT_ONCE) for name in ("record", "hidden")}
    assert await jobs.close_ended() == 2
    found |= {"open": await made("open"), "ended": await made("ended", **AT_ONCE)}
    found |= {name: await made(name, quorum=0) for name in ("worried", "commenting")}
    async with acting_as(cast.ada) as tx:
        said = await messages.post(tx, cast.retries, NewMessage(source="As in DEC-1."))
        tag = await tags.create(tx, NewTag(name="billing", category="topic"))
        await threads.tag(tx, cast.retries, tag.id)
    async with acting_as(cast.cy) as tx:
        await protocol.raise_concern(tx, found["worried"].id, NewConcern(title="Hm"))
        found["cys"] = await decisions.draft(tx, NewDecision(title="Cy's", channel_id=cast.general))
    async with acting_as(cast.ben) as tx:
        found["draft"] = await decisions.draft(tx, NewDecision(title="Draft", outcome="Yes.", channel_id=cast.general))
    async with transaction(Actor.system(cast.acme)) as tx:
        await StaleMarks(tx).mark(found["record"].id, [found["open"].id], [cast.retries])
    people = {nick: getattr(cast, nick).membership_id for nick in ("ada", "ben", "cy", "gus")}
    places = {name: getattr(cast, name) for name in ("acme", "umbrella", "lobby")}
    yield {**people, **places, **{name: each.id for name, each in found.items()}, "said": said.id, "tag": tag.id}
    await jobs.close_ended()


async def answer(actor: Actor, values: dict[str, Any], *statements: str) -> str:
    """What the database says to these statements in one transaction."""
    try:
        async with transaction(actor) as tx:
            for each in statements:
                changed = await tx.run(text(each), values)
    except DBAPIError as refused:
        return str(refused.orig).splitlines()[0]
    return "it is done" if changed.rowcount else NO_ROW


async def test_nobody_goes_round_the_services(cast, scene, acting_as):
    """Whoever it is, and whatever they see; the chain holds."""
    answers = {
        name: (expected, await answer(getattr(cast, who).actor, scene, *statements))
        for name, (who, expected, *statements) in {**ENDING, **RECORDING, **QUOTING}.items()
    }
    assert {name: said for name, (expected, said) in answers.items() if expected not in said} == {}
    async with acting_as(cast.ada) as tx:
        assert (await ledger.verify(tx)).reason == ""


async def test_words_of_an_imported_author_are_evidence(acting_as, cast, admin):
    """In the name of the member who that is."""
    async with acting_as(cast.ada) as tx:
        said = await messages.post(tx, cast.retries, NewMessage(source="Old words."))
    async with transaction(Actor.system(cast.acme)) as tx:
        authors = await organizations.add_authors(tx, {"zulip:9": "Old Cy"})
    claimed = {"author": authors["zulip:9"], "cy": cast.cy.membership_id, "said": said.id}
    admin.execute(text("update dfworx.memberships set claimed_by = :cy where id = :author"), claimed)
    admin.execute(text("update dfworx.messages set author_id = :author where id = :said"), claimed)
    async with acting_as(cast.ben) as tx:
        drawn = await showing.get(tx, (await decisions.draw(tx, cast.retries, Drawn(message_ids=[said.id]))).id)
    assert [each.author for each in drawn.evidence] == [cast.cy.name]


async def test_who_ends_a_record_does_not_wait_for_who_writes_one_that_rests_on_it(acting_as, cast, made):
    """The mark needs the row of what it marks, which the other one holds, who may wait for the register in turn."""
    record = await made("record", **AT_ONCE)
    await jobs.close_ended()
    resting = await made("open")
    async with acting_as(cast.ben) as writing:
        await Decisions(writing).held(resting.id)
        async with acting_as(cast.ben) as ending:
            await protocol.deprecate(ending, record.id, Closing(reason="No more."))
    async with acting_as(cast.ben) as tx:
        assert len(await StaleMarks(tx).on(decision_id=resting.id)) == 1
