"""A git working tree and the register go on together; where both have changed the same, nothing is done."""

import asyncio
import subprocess
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from dfworx.cli_decisions import app as decisions_app
from dfworx.core.actor import Actor
from dfworx.decisions import service as decisions
from dfworx.decisions import service_ledger as ledger
from dfworx.decisions import service_protocol as protocol
from dfworx.decisions import service_showing as showing
from dfworx.decisions.repository import Decisions
from dfworx.decisions.validators import Amendment, Change, NewDecision, Proposal, Rule
from dfworx.imports import service_sync as syncing
from dfworx.imports.validators import NewSync
from dfworx.threads import service as threads
from dfworx.threads.validators import Move
from tests.decisions.conftest import deciding

pytestmark = pytest.mark.anyio

__all__ = ["deciding"]

ACCEPTED = "---\nstatus: accepted\ndate: 2026-05-0{0}\n---\n# {1}\n\n## Decision Outcome\n\n{2}\n"


class Repository:
    """A git repository with the records in `adr`."""

    def __init__(self, root: Path) -> None:
        self.adr = root / "repository" / "adr"
        self.adr.mkdir(parents=True)
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        """What git says."""
        who = ["-c", "user.name=Grace", "-c", "user.email=grace@example.org"]
        return subprocess.run(
            ["git", *who, *arguments], cwd=self.adr.parent, check=True, capture_output=True, text=True
        ).stdout

    def commit(self) -> None:
        """Keep everything as it is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "As it is")

    def changed(self) -> list[str]:
        """The files that are not what was committed."""
        return [line[3:].removeprefix("adr/") for line in self.git("status", "--porcelain", "-uall").splitlines()]

    def edit(self, name: str, before: str, after: str) -> None:
        """Write something else into a file."""
        path = self.adr / name
        said = path.read_text()
        assert before in said
        path.write_text(said.replace(before, after))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def synced(acting_as, cast, repository):
    """`await synced()`: the steps by their files, or the problems."""

    async def sync(**how):
        report = await syncing.sync(Actor.system(cast.acme), repository.adr, NewSync(**how))
        if report.problems:
            return [f"{each.path}: {each.reason}" for each in report.problems]
        return {each.file: each.what for each in report.steps} | ({"out": report.left_out} if report.left_out else {})

    return sync


@pytest.fixture
def shown(acting_as, cast):
    """`await shown(3)`: the record of that number."""

    async def show(number):
        async with acting_as(cast.ben) as tx:
            return await showing.numbered(tx, number)

    return show


async def amended(acting_as, cast, record, outcome, **more):
    said = {"title": record.title, "outcome": outcome, "version": record.version, "note": "A letter."} | more
    async with acting_as(cast.ada) as tx:
        await decisions.amend(tx, record.id, Amendment(**said))


async def test_each_side_gets_what_the_other_has_changed(acting_as, cast, repository, synced, shown):
    (repository.adr / "0003-files.md").write_text(ACCEPTED.format(3, "Orders in files", "Files."))
    async with acting_as(cast.ben) as tx:
        said = NewDecision(title="Retry with backoff", outcome="Yes.", channel_id=cast.general)
        await protocol.propose(tx, (await decisions.draft(tx, said)).id, Proposal(rule=Rule(quorum=2)))
    assert await synced(preview=True) == {"0003-files.md": "comes in", "0001-retry-with-backoff.md": "written"}
    assert await synced() == {"0003-files.md": "comes in", "0001-retry-with-backoff.md": "written"}
    assert (await shown(3)).status == "accepted"
    repository.commit()
    assert await synced() == {}
    assert repository.changed() == []

    repository.edit("0001-retry-with-backoff.md", "status: proposed", "status: proposed\nchannels: [general]")
    assert await synced() == {"0001-retry-with-backoff.md": "rewritten"}
    assert [each.name for each in (await shown(1)).governs] == ["general"]
    repository.commit()

    repository.edit("0001-retry-with-backoff.md", "Yes.", "Yes, five times.")
    (repository.adr / "0004-postgres.md").write_text(ACCEPTED.format(4, "Orders in Postgres", "Postgres."))
    repository.edit("0003-files.md", "accepted", "superseded by [4](0004-postgres.md)")
    assert await synced() == {
        "0004-postgres.md": "comes in", "0001-retry-with-backoff.md": "rewritten", "0003-files.md": "superseded",
    }  # fmt: skip
    assert (await shown(1)).outcome == "Yes, five times."
    assert (await shown(3)).superseded_by == (await shown(4)).id
    repository.commit()
    await amended(acting_as, cast, await shown(4), "PostgreSQL.")
    assert await synced() == {"0004-postgres.md": "written"}
    assert repository.changed() == [".dfworx-sync.json", "0004-postgres.md", "ledger.json"]
    assert "PostgreSQL." in repository.git("diff", "--", "adr/0004-postgres.md")
    async with acting_as(cast.ada) as tx:
        assert (await ledger.verify(tx)).reason == ""


async def test_where_both_sides_have_changed_nothing_is(acting_as, cast, repository, synced, shown):
    for number, name in ((1, "one"), (2, "two")):
        (repository.adr / f"000{number}-{name}.md").write_text(ACCEPTED.format(number, name.title(), "So it is."))
    assert len(await synced()) == 2
    repository.commit()
    repository.edit("0001-one.md", "So it is.", "So it was.")
    (repository.adr / "0003-three.md").write_text(ACCEPTED.format(3, "Three", "Free."))
    await amended(acting_as, cast, await shown(1), "So it will be.")
    assert await synced(amend="A word.") == ["0001-one.md: Both sides have changed it: the file, and DEC-1 “One”."]
    assert repository.changed() == ["0001-one.md", "0003-three.md"]
    assert (await shown(1)).outcome == "So it will be."
    repository.edit("0001-one.md", "So it was.", "So it will be.")  # whoever settles it writes one of both texts
    assert await synced() == {"0003-three.md": "comes in"}
    assert await synced() == {}


async def test_nothing_is_written_outside_the_folder_whatever_a_commit_says(repository, synced):
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is."))
    await synced()
    (repository.adr / "0001-one.md").unlink()
    (repository.adr / "out").symlink_to("..")
    state = repository.adr / ".dfworx-sync.json"
    said = state.read_text()
    for name in ("../one.md", "out/one.md", str(repository.adr.parent / "one.md"), "one.sh"):
        state.write_text(said.replace("0001-one.md", name))
        assert await synced() == [f".dfworx-sync.json: It names “{name}”, which is no record of this folder."]
    state.write_text(said)
    beside = repository.adr.parent / "beside.txt"
    beside.write_text("Mine.")
    (repository.adr / ".0001-one.md.new").symlink_to(beside)
    assert await synced() == {"0001-one.md": "written"}
    assert beside.read_text() == "Mine."


async def test_what_a_private_channel_decides_stays_out_until_it_is_asked_for(
    cast, asking, repository, synced, shown, deciding
):
    """Superseded by it, a record says no more than that, and can be amended all the same."""
    await deciding("Pay")
    assert await synced() == {"0001-pay.md": "written"}
    await deciding("Pay more", channel_id=cast.hiring, supersedes=(1,))
    await deciding("Hire", channel_id=cast.hiring)
    assert await synced(preview=True) == {"0001-pay.md": "written", "out": 2}
    assert await synced() == {"0001-pay.md": "written", "out": 2}
    assert await synced() == {"out": 2}
    assert {each.name for each in repository.adr.iterdir()} == {"0001-pay.md", ".dfworx-sync.json", "ledger.json"}
    assert "\nstatus: superseded\n" in (repository.adr / "0001-pay.md").read_text()
    repository.edit("0001-pay.md", "So it is.", "So it was.")
    assert await synced(amend="The tense.") == {"0001-pay.md": "amended", "out": 2}
    assert ((await shown(1)).outcome, (await shown(1)).more) == ("So it was.", "")
    assert await synced() == {"out": 2}
    (repository.adr / "0003-mine.md").write_text(ACCEPTED.format(3, "Mine", "So it is."))
    assert await synced() == ["0003-mine.md: The number 3 is that of a record of a private channel already; 4 is free."]
    (repository.adr / "0003-mine.md").unlink()
    for person, count in ((cast.ada, 4), (cast.cy, 2)):  # over REST it is what one sees, as ever
        answer = await asking(person).get(f"/organizations/{cast.slug}/decisions/export")
        assert len(ZipFile(BytesIO(answer.content)).namelist()) == count

    assert await synced(private=True) == {
        "0001-pay.md": "written", "0002-pay-more.md": "written", "0003-hire.md": "written",
    }  # fmt: skip
    assert "superseded by [ADR-0002](0002-pay-more.md)" in (repository.adr / "0001-pay.md").read_text()
    assert await synced(private=True) == await synced() == {}
    (repository.adr / "0003-hire.md").unlink()
    assert await synced() == {"0003-hire.md": "written"}


async def test_what_the_folder_has_stays_in_step_whatever_its_channel_is(
    acting_as, cast, repository, synced, shown, deciding
):
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is."))
    assert await synced(channel="hiring") == {"0001-one.md": "comes in"}
    await deciding("Two")
    assert await synced() == {"0002-two.md": "written"}
    async with acting_as(cast.ada) as tx:
        await threads.move(tx, (await showing.numbered(tx, 2)).thread_id, Move(channel_id=cast.hiring))
    assert await synced() == {}
    for number in (1, 2):
        await amended(acting_as, cast, await shown(number), "So it was.")
    assert await synced() == {"0001-one.md": "written", "0002-two.md": "written"}
    (repository.adr / ".dfworx-sync.json").unlink()  # the one that came from a file is known by that
    assert await synced() == ["0002-two.md: The number 2 is that of a record of a private channel already; 3 is free."]
    assert await synced(private=True) == {}


async def test_that_a_private_channel_is_governed_is_not_said(acting_as, cast, repository, synced, shown, deciding):
    both = sorted((cast.general, cast.hiring))
    await deciding("One")
    await amended(acting_as, cast, await shown(1), "So it is.", channels=[*map(str, both)])
    assert await synced() == {"0001-one.md": "written"}
    file = repository.adr / "0001-one.md"
    assert 'channels: ["general"]' in file.read_text()
    repository.edit("0001-one.md", "So it is.", "So it was.")
    assert await synced(amend="The tense.") == {"0001-one.md": "amended"}
    assert ((await shown(1)).outcome, (await shown(1)).channels) == ("So it was.", both)
    assert await synced() == {}
    assert await synced(private=True) == {"0001-one.md": "written"}
    assert 'channels: ["general", "hiring"]' in file.read_text()
    (repository.adr / ".dfworx-sync.json").unlink()
    assert await synced(private=True) == {}
    assert await synced() == {"0001-one.md": "written"}


async def test_what_is_too_long_to_be_read_stays_in_step_until_it_is_edited(acting_as, cast, repository, synced):
    """Headings in a file stand deeper than in the text."""
    async with acting_as(cast.ben) as tx:
        new = NewDecision(title="Long", outcome="# So\n\n" * 3000, channel_id=cast.general)
        made = await protocol.propose(tx, (await decisions.draft(tx, new)).id, Proposal(rule=Rule(quorum=2)))
    assert await synced() == {"0001-long.md": "written"}
    assert await synced() == {}
    async with acting_as(cast.ben) as tx:
        change = new.model_dump(include={"outcome"}) | {"title": "Longer", "version": 1}
        await decisions.revise(tx, made.id, Change(**change))
    assert await synced() == {"0001-long.md": "written"}
    repository.edit("0001-long.md", "# Longer", "# Long")
    assert [each.partition(":")[0] for each in await synced()] == ["0001-long.md"]


async def test_a_file_may_name_an_option_twice(acting_as, cast, repository, synced, shown):
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is.").replace("accepted", "proposed"))
    await synced()
    repository.edit("0001-one.md", "## Decision", "## Considered Options\n\n* Five\n* Five\n\n## Decision")
    assert await synced() == {"0001-one.md": "rewritten"}
    repository.edit("0001-one.md", "* Five\n* Five", "* Five")
    assert await synced() == {"0001-one.md": "rewritten"}
    async with acting_as(cast.ada) as tx:
        await decisions.restore(tx, (await showing.numbered(tx, 1)).id, 2, instead_of=3)
    assert [each.title for each in (await shown(1)).options] == ["Five", "Five"]


async def test_who_amends_meanwhile_is_not_stood_in_the_way_of(acting_as, cast, repository, synced, shown):
    """A sync waits for the record before it holds the register, which whoever amends needs."""
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is."))
    await synced()
    repository.edit("0001-one.md", "So it is.", "So it was.")
    (repository.adr / "0002-two.md").write_text(ACCEPTED.format(2, "Two", "Free."))
    record = await shown(1)
    async with acting_as(cast.ada) as tx:
        await Decisions(tx).held(record.id)
        going = asyncio.create_task(synced(amend="The tense."))
        await asyncio.sleep(0.5)
        said = Amendment(title="One", outcome="So it will be.", version=record.version, note="A letter.")
        await decisions.amend(tx, record.id, said)
    assert [each.partition(":")[0] for each in await going] == ["0001-one.md"]


async def test_what_was_decided_is_changed_by_no_file(cast, repository, synced, shown):
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is."))
    await synced()
    repository.edit("0001-one.md", "So it is.", "So it was.")
    (stopped,) = await synced()
    assert stopped.startswith("0001-one.md: DEC-1 “One” is accepted, and its text stays: ")
    assert (await shown(1)).outcome == "So it is."
    assert await synced(amend="The tense.") == {"0001-one.md": "amended"}
    assert ((await shown(1)).outcome, (await shown(1)).version) == ("So it was.", 2)
    repository.edit("0001-one.md", "accepted", "rejected")
    (repository.adr / "0001-again.md").write_text(ACCEPTED.format(2, "Again", "So it is."))
    (repository.adr / "0002-two.md").write_text("<<<<<<< ours\n# Two\n=======\n# 2\n>>>>>>> theirs\n")
    assert await synced() == [
        "0002-two.md: Git has left a conflict in it.",
        "0001-one.md: It says rejected, and DEC-1 “One” is accepted: no file decides that.",
        "0001-again.md: The number 1 is DEC-1 “One” already; 3 is free.",
    ]


@pytest.mark.embedded  # another login may be told things about itself before the answer
def test_the_command_says_what_it_did_and_why_it_stopped(cast, repository):
    (repository.adr / "0001-one.md").write_text(ACCEPTED.format(1, "One", "So it is."))
    asked = ["sync", str(repository.adr), "--organization", cast.slug]
    done = CliRunner().invoke(decisions_app, asked)
    assert (done.exit_code, done.output) == (0, "comes in    0001-one.md  One\n1 changed, 0 are the same.\n")
    (repository.adr / "0001-one.md").unlink()
    assert '"what": "written"' in CliRunner().invoke(decisions_app, [*asked, "--json"]).output
    repository.edit("0001-one.md", "So it is.", "So it was.")
    done = CliRunner().invoke(decisions_app, asked)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.endswith("Nothing was changed, on neither side.\n")
