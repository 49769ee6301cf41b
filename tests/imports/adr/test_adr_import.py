"""Folders of records come in once, decided as they are, with their numbers; and go out as the same files each time."""

import asyncio
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from dfworx.core.actor import Actor
from dfworx.core.errors import Forbidden
from dfworx.decisions import service as decisions
from dfworx.decisions import service_export as export
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.validators import NewDecision, Option, Proposal
from dfworx.imports import service_adr as records
from dfworx.imports.adr.folder import open_folder, read_folder
from dfworx.imports.validators import NewRecords
from dfworx.infra import database
from dfworx.infra.database import transaction

pytestmark = pytest.mark.anyio
OURS = Path(__file__).parents[3] / "docs" / "decisions"

FILES = {
    "0001-files.md": """# 1. Orders in files

Date: 2021-01-02

## Status

Superseded by [2. Orders](0002-orders.md)

## Decision

Files.
""",
    "0002-orders.md": """---
status: accepted
date: 2022-03-04
decision-makers: Grace Kell
---
# Orders in Postgres

## Considered Options

* Files
* Postgres

## Decision Outcome

Chosen option: "Postgres", because it is safe.
""",
    "0004-soap.md": "# 4. SOAP\n\n## Status\n\nRejected\n\n## Decision\n\nNo.\n",
    "0007-grpc.md": "# 7. gRPC\n\n## Status\n\nProposed\n\n## Decision\n\nPerhaps.\n",
    "0009-idea.md": "# 9. An idea\n\n## Status\n\nDraft\n\n## Context\n\nWho knows.\n",
    "README.md": "# Decisions\n",
    "0010-broken.md": "# 10. Broken\n\n" + "x" * 20_001,
}


def folder(files=FILES, name="adr"):
    return read_folder([(f"{name}/{file}", said.encode()) for file, said in files.items()])


async def brought(acting_as, who, found, **how):
    async with acting_as(who) as tx:
        return await records.bring_in(tx, found, NewRecords(**how))


def packed(files=FILES) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, said in files.items():
            archive.writestr(f"docs/adr/{name}", said)
    return sink.getvalue()


def in_a_tar(files=FILES, mode="w") -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode=mode) as archive:
        for name, said in files.items():
            info = tarfile.TarInfo(f"adr/{name}")
            info.size = len(said.encode())
            archive.addfile(info, io.BytesIO(said.encode()))
    return sink.getvalue()


async def test_it_works(acting_as, cast):
    """Decided records are decided, with their numbers and days, and stand in the ledger."""
    report = await brought(acting_as, cast.ada, folder())
    assert [(each.becomes, each.status) for each in report.records] == [
        (1, "superseded"), (2, "accepted"), (4, "rejected"), (7, "proposed"), (None, "draft"),
    ]  # fmt: skip
    assert (report.brought, report.known, report.others) == (5, 0, ["README.md"])
    assert [each.path for each in report.broken] == ["0010-broken.md"]
    async with acting_as(cast.ben) as tx:
        old, new = await showing.numbered(tx, 1), await showing.numbered(tx, 2)
        assert old.successor
        assert (old.successor.ref, str(old.closed_at), old.channel) == (
            "DEC-2",
            "2021-01-02 00:00:00+00:00",
            "decisions",
        )
        assert (new.chosen, new.outcome, new.decider) == ("Postgres", "because it is safe.", "Grace Kell")
        assert [each.ref for each in new.supersedes] == ["DEC-1"]
    async with acting_as(cast.ada) as tx:
        verified = await ledger.verify(tx)
        assert (verified.entries, verified.reason) == (3, "")


async def test_a_second_run_adds_nothing(acting_as, cast):
    first = await brought(acting_as, cast.ada, folder())
    second = await brought(acting_as, cast.ada, folder())
    assert (second.brought, second.known) == (0, 5)
    assert [(each.decision_id, each.becomes) for each in second.records] == [
        (each.decision_id, each.becomes) for each in first.records
    ]


async def test_what_is_new_since_comes_in(acting_as, cast):
    await brought(acting_as, cast.ada, folder())
    more = FILES | {"0011-later.md": "# Later\n\nStatus: accepted\n\n## Decision\n\nYes.\n"}
    report = await brought(acting_as, cast.ada, folder(more))
    assert (report.brought, report.known, report.records[-1].becomes) == (1, 5, 11)


async def test_the_same_twice_at_once_beside_proposals_comes_in_once_without_a_gap(acting_as, cast):
    said = "# Use {}\n\n- Status: accepted\n- Deciders: {}\n\n## Decision Outcome\n\nYes, see DEC-1.\n"
    found = folder({f"202201{day:02}-use.md": said.format(day, f"Person {day % 7}") for day in range(1, 29)})

    async def propose():
        async with acting_as(cast.ben) as tx:
            draft = await decisions.draft(tx, NewDecision(channel_id=cast.general, title="Ours", outcome="Yes."))
            await protocol.propose(tx, draft.id, Proposal())

    imports = [brought(acting_as, cast.ada, found, channel="general") for _ in range(2)]
    first, second, *_ = await asyncio.gather(*imports, *[propose() for _ in range(4)])
    assert {first.brought, second.brought} == {0, 28}
    async with acting_as(cast.ada) as tx:
        numbers = [each.number or 0 for each in (await showing.page(tx)).items]
        assert sorted(numbers) == list(range(1, 33))
        verified = await ledger.verify(tx)
    assert (verified.entries, verified.reason) == (28, "")


async def test_many_take_as_few_statements_as_some(acting_as, cast):
    """Whoever proposes waits until all are stored: each statement is a way to the database and back."""
    said = "# Use {}\n\n- Status: accepted\n- Deciders: Ada\n\n## Decision Outcome\n\nYes, see DEC-1.\n"
    asked: list[str] = []

    def hear(_connection, _cursor, statement, *_):
        asked.append(statement)

    took = []
    event.listen(database.engine().sync_engine, "before_cursor_execute", hear)
    try:
        for name, many in (("some", 10), ("many", 200)):
            asked.clear()
            found = folder({f"{n:04}-use.md": said.format(n) for n in range(1, many + 1)}, name)
            assert (await brought(acting_as, cast.ada, found, channel="general")).brought == many
            took.append(len(asked))
    finally:
        event.remove(database.engine().sync_engine, "before_cursor_execute", hear)
    assert took[0] == took[1]


async def test_a_preview_stores_nothing_and_says_what_would_be(acting_as, cast):
    async with acting_as(cast.ben) as tx:
        draft = await decisions.draft(tx, NewDecision(channel_id=cast.general, title="Ours", outcome="Yes."))
        await protocol.propose(tx, draft.id, Proposal())
    preview = await brought(acting_as, cast.ada, folder(), preview=True)
    assert [each.becomes for each in preview.records] == [8, 2, 4, 7, None]
    assert preview.records[0].notes == ["The number 1 is taken: it gets 8."]
    async with acting_as(cast.ada) as tx:
        assert len((await showing.page(tx)).items) == 1
    report = await brought(acting_as, cast.ada, folder())
    assert [each.becomes for each in report.records] == [each.becomes for each in preview.records]


async def test_new_numbers_go_on_after_the_highest(acting_as, cast):
    await brought(acting_as, cast.ada, folder())
    for number in (8, 9):
        async with acting_as(cast.ben) as tx:
            draft = await decisions.draft(tx, NewDecision(channel_id=cast.general, title="Ours", outcome="Yes."))
            assert (await protocol.propose(tx, draft.id, Proposal())).number == number


async def test_records_that_are_named_by_their_day_get_numbers_in_that_order(acting_as, cast):
    said = "# Use {}\n\n- Status: {}\n- Deciders: Ada, Ben\n\n## Decision Outcome\n\nYes.\n"
    files = {
        "20220102-use-pnpm.md": said.format("pnpm", "accepted"),
        "20211212-use-npm.md": said.format("npm", "superseded by [20220102-use-pnpm](20220102-use-pnpm.md)"),
        "index.md": "# Architecture knowledge base\n",
    }
    report = await brought(acting_as, cast.ada, folder(files))
    assert [(each.file, each.becomes, each.notes) for each in report.records] == [
        ("20211212-use-npm.md", 1, []), ("20220102-use-pnpm.md", 2, []),
    ]  # fmt: skip
    async with acting_as(cast.ben) as tx:
        npm = await showing.numbered(tx, 1)
        assert npm.successor
        assert npm.closed_at
        assert (npm.successor.ref, npm.decider, npm.closed_at.year) == ("DEC-2", "Ada", 2021)
        assert npm.more == "* Decision makers: Ada, Ben"


async def test_two_folders_of_one_name_are_told_apart(acting_as, cast):
    await brought(acting_as, cast.ada, folder())
    report = await brought(acting_as, cast.ada, folder(), folder="billing/adr")
    assert [each.becomes for each in report.records] == [8, 9, 10, 11, None]


async def test_who_may_not(acting_as, cast):
    """A member and a moderator; an admin may, and a stranger brings nothing into Acme."""
    for who in (cast.ben, cast.max, cast.gus):
        with pytest.raises(Forbidden):
            await brought(acting_as, who, folder())
        with pytest.raises(Forbidden):
            await brought(acting_as, who, folder(), preview=True)
    assert (await brought(acting_as, cast.dia, folder(), channel="general")).brought == 5
    async with acting_as(cast.eve) as tx:
        assert not (await showing.page(tx)).items


async def test_nobody_goes_round_it(acting_as, cast):
    """The database lets only the system actor store what is decided, and raise the register after it."""
    await brought(acting_as, cast.ada, folder())
    insert = text(
        """insert into dfworx.decisions select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
             'created_by', cast(:me as uuid), 'number', 77, 'thread_id', cast(:thread as uuid),
             'origin', cast(:origin as varchar)))).*
           from dfworx.decisions d where d.number = 2 and d.organization_id = :organization"""
    )
    me = {"organization": cast.acme, "me": cast.ada.membership_id, "thread": cast.retries}
    for who, origin in ((cast.ada.actor, "adr:x:y"), (cast.ada.actor, None), (Actor.system(cast.acme), None)):
        with pytest.raises(DBAPIError, match="only an import|begins as a draft"):
            await run_as(who, insert, {**me, "origin": origin})
    raised = text("update dfworx.registers set numbers = :to where organization_id = :organization")
    for who, to in ((cast.ada.actor, 20), (Actor.system(cast.acme), 20), (Actor.system(cast.acme), 4)):
        with pytest.raises(DBAPIError, match="a register only grows"):
            await run_as(who, raised, {"organization": cast.acme, "to": to})


async def run_as(who, statement, values):
    async with transaction(who) as tx:
        await tx.run(statement, values)


@pytest.mark.parametrize("body", [packed(), in_a_tar(), in_a_tar(mode="w:gz")])
async def test_over_rest(asking, cast, body):
    async with asking(cast.ada) as client:
        address = f"/organizations/{cast.slug}/decisions"
        answer = await client.post(f"{address}/import?preview=true", content=body)
        assert (answer.status_code, answer.json()["brought"], answer.json()["folder"]) == (200, 5, "adr")
        assert (await client.post(f"{address}/import", content=body)).json()["brought"] == 5
        assert (await client.post(f"{address}/import", content=body)).json()["known"] == 5
        answer = await client.get(f"{address}/export")
        assert answer.headers["content-type"] == "application/zip"
        names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        assert names[:2] == ["decisions/0001-orders-in-files.md", "decisions/0002-orders-in-postgres.md"]
        assert (await client.get(f"{address}/export")).content == answer.content


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"", 422, "It is no .zip, .tar or .tar.gz file."),
        (packed({}), 422, "There is no .md file in it."),
        (bytes(2_000_000), 422, "It is no .zip, .tar or .tar.gz file."),
        (bytes(20_000_001), 413, "This is too large."),
    ],
    ids=["nothing", "empty", "large", "too large"],
)
async def test_what_is_no_archive_or_too_large_is_refused(asking, cast, body, status, why):
    async with asking(cast.ada) as client:
        answer = await client.post(f"/organizations/{cast.slug}/decisions/import", content=body)
        assert (answer.status_code, answer.json()["detail"]) == (status, why)


# -- out and in again


async def exported(acting_as, who):
    async with acting_as(who) as tx:
        return await export.files(tx)


async def test_out_in_out_is_the_same(acting_as, cast):
    await brought(acting_as, cast.ada, folder())
    async with acting_as(cast.ben) as tx:
        said = NewDecision(
            channel_id=cast.general,
            title="A # of: things #",
            context="# Loud\n\n```\nleft open",
            options=[Option(title="*", pros=["a\n\nb"], text="## Below\n\n* Good, because it is"), Option(title="Two")],
            chosen='The "second"',
            outcome="because\n\n### Consequences\n\nnone",
            paths=["src/**", "*.sql"],
            review_on="2030-01-01",
        )
        draft = await decisions.draft(tx, said)
        await protocol.propose(tx, draft.id, Proposal())
    first = await exported(acting_as, cast.ada)
    assert [name for name, _ in first] == [
        "0001-orders-in-files.md", "0002-orders-in-postgres.md", "0004-soap.md", "0007-grpc.md", "0008-a-of-things.md",
    ]  # fmt: skip
    found = read_folder([(f"decisions/{name}", text.encode()) for name, text in first])
    await brought(acting_as, cast.eve, found)
    assert await exported(acting_as, cast.eve) == first


async def test_only_what_one_may_see_goes_out(acting_as, cast):
    await brought(acting_as, cast.ada, folder(), channel="hiring")
    assert len(await exported(acting_as, cast.ben)) == 4
    assert await exported(acting_as, cast.cy) == []


async def test_our_own_decisions_come_in_without_loss(acting_as, cast):
    """Every file is a record, keeps its number, and goes out with the same words."""
    report = await brought(acting_as, cast.ada, open_folder(OURS))
    files = {path.name: path.read_text() for path in OURS.glob("0*.md")}
    assert sorted(each.file for each in report.records) == sorted(files)
    assert (report.folder, report.broken, report.others) == ("decisions", [], ["README.md"])
    assert all(each.number == each.becomes and not each.notes for each in report.records)
    first = await exported(acting_as, cast.ada)
    for (_, said), (_, was) in zip(first, sorted(files.items()), strict=True):
        assert set(was.replace("- ", "* ").split()) <= set(said.split()) | {"1.", "2.", "3.", "4."}
    await brought(acting_as, cast.eve, read_folder([(name, said.encode()) for name, said in first]))
    assert await exported(acting_as, cast.eve) == first
