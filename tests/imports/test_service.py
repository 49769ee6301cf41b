"""An archive comes in whole, in order, with its authors and times; twice is as good as once; broken files are named."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from dfworx.core.actor import Actor
from dfworx.imports import service as imports
from dfworx.imports.zulip import batches
from dfworx.infra.database import transaction
from dfworx.messages import service as messages
from dfworx.messages.validators import NewMessage
from dfworx.threads import service as threads

pytestmark = pytest.mark.anyio

HOUR = 3600
BEGAN = 1_600_000_000


def topic(*texts: str, first: int = 1, sender: str = "Grace Kell") -> str:
    """A file of the archive: one message an hour."""
    return json.dumps(
        [
            {"content": f"<p>{t}</p>", "id": first + n, "sender_full_name": sender, "timestamp": BEGAN + n * HOUR}
            for n, t in enumerate(texts)
        ]
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two streams, one with a slash in its name; one topic resolved, one file broken."""
    (tmp_path / "7-ops.2Fnetwork").mkdir()
    (tmp_path / "7-ops.2Fnetwork" / "cable.20cut.json").write_text(topic("It is <code>cut</code>", "It is whole"))
    (tmp_path / "9-lab").mkdir()
    (tmp_path / "9-lab" / ".E2.9C.94.20old.20plan.json").write_text(topic("Done", first=50, sender="Ravi"))
    (tmp_path / "9-lab" / "torn.json").write_text('[{"content": "<p>half')
    return tmp_path


async def seen_by(acting_as, member):
    """What a member finds: channel -> title -> (author, text, time) of each message."""
    found = {}
    async with acting_as(member) as tx:
        for channel in await threads.sidebar(tx):
            for thread in (await threads.page(tx, channel.id)).items:
                page = await messages.page(tx, thread.id)
                if page.items:
                    lines = [(m.author, m.html.strip(), int(m.created_at.timestamp())) for m in page.items]
                    found[channel.name, thread.title, thread.resolved_at is not None] = lines
    return found


async def test_it_works(acting_as, cast, archive):
    summary = (await imports.zulip_archive(archive, cast.acme)).report
    assert (summary.channels, summary.threads, summary.messages, summary.authors) == (2, 2, 3, 2)
    assert await seen_by(acting_as, cast.cy) == {
        ("ops/network", "cable cut", False): [
            ("Grace Kell", "<p>It is <code>cut</code></p>", BEGAN),
            ("Grace Kell", "<p>It is whole</p>", BEGAN + HOUR),
        ],
        ("lab", "old plan", True): [("Ravi", "<p>Done</p>", BEGAN)],
    }


async def test_a_broken_file_is_named_and_the_rest_comes_in(acting_as, cast, archive):
    summary = (await imports.zulip_archive(archive, cast.acme)).report
    (broken,) = summary.broken
    assert broken.path.endswith("torn.json")
    assert broken.reason


async def test_twice_changes_nothing(acting_as, cast, archive, admin: Connection):
    counts = text(
        """select (select count(*) from dfworx.messages where organization_id = :o),
             (select sum(last_seq) from dfworx.threads where organization_id = :o),
             (select count(*) from dfworx.memberships where organization_id = :o),
             (select count(*) from dfworx.places where organization_id = :o)"""
    )
    await imports.zulip_archive(archive, cast.acme)
    before = admin.execute(counts, {"o": cast.acme}).one()
    again = (await imports.zulip_archive(archive, cast.acme)).report
    assert (again.messages, again.known) == (0, 3)
    assert admin.execute(counts, {"o": cast.acme}).one() == before


async def test_a_longer_archive_adds_what_is_new(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.acme)
    file = archive / "7-ops.2Fnetwork" / "cable.20cut.json"
    file.write_text(topic("It is <code>cut</code>", "It is whole", "Cut again"))
    assert (await imports.zulip_archive(archive, cast.acme)).report.messages == 1


async def test_history_is_nobodys_unread(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.acme)
    async with acting_as(cast.cy) as tx:
        assert {channel.unread for channel in await threads.sidebar(tx)} == {0}


async def test_one_goes_on_writing_where_the_archive_ends(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.acme)
    async with acting_as(cast.cy) as tx:
        ops = next(c for c in await threads.sidebar(tx) if c.name == "ops/network")
        cut = next(t for t in (await threads.page(tx, ops.id)).items if t.title == "cable cut")
        posted = await messages.post(tx, cut.id, NewMessage(source="Fixed since?"))
    assert (posted.seq, posted.version) == (3, 3)


async def test_a_channel_of_the_same_name_stays_what_it_is(acting_as, cast, tmp_path):
    (tmp_path / "3-general").mkdir()
    (tmp_path / "3-general" / "hello.json").write_text(topic("Hello"))
    await imports.zulip_archive(tmp_path, cast.acme)
    async with acting_as(cast.cy) as tx:
        assert [c.name for c in await threads.sidebar(tx)] == ["general", "general (2)"]


async def test_a_long_topic_comes_in_parts_that_join(acting_as, cast, tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "MESSAGES", 4)
    (tmp_path / "3-lab").mkdir()
    (tmp_path / "3-lab" / "long.json").write_text(topic(*[f"n{n}" for n in range(11)]))
    assert (await imports.zulip_archive(tmp_path, cast.acme)).report.messages == 11
    found = await seen_by(acting_as, cast.cy)
    assert [line for _, line, _ in found["lab", "long", False]] == [f"<p>n{n}</p>" for n in range(11)]


async def test_it_stays_in_its_organization(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.umbrella)
    assert await seen_by(acting_as, cast.ada) == {}
    async with transaction(Actor.system(cast.umbrella)) as tx:
        assert len(await threads.sidebar(tx)) == 2


async def test_a_topic_that_was_resolved_meanwhile_is_resolved_at_the_next_import(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.acme)
    open_file = archive / "7-ops.2Fnetwork" / "cable.20cut.json"
    open_file.rename(open_file.with_name(".E2.9C.94.20cable.20cut.json"))
    again = (await imports.zulip_archive(archive, cast.acme)).report
    assert (again.messages, again.known) == (0, 3)
    assert ("ops/network", "cable cut", True) in await seen_by(acting_as, cast.cy)


async def test_a_topic_in_which_somebody_writes_here_stays_open(acting_as, cast, archive):
    await imports.zulip_archive(archive, cast.acme)
    async with acting_as(cast.cy) as tx:
        ops = next(c for c in await threads.sidebar(tx) if c.name == "ops/network")
        cut = next(t for t in (await threads.page(tx, ops.id)).items if t.title == "cable cut")
        await messages.post(tx, cut.id, NewMessage(source="Not yet."))
    open_file = archive / "7-ops.2Fnetwork" / "cable.20cut.json"
    open_file.rename(open_file.with_name(".E2.9C.94.20cable.20cut.json"))
    await imports.zulip_archive(archive, cast.acme)
    assert ("ops/network", "cable cut", False) in await seen_by(acting_as, cast.cy)


async def test_a_file_that_the_archive_does_not_carry_stays_a_link(acting_as, cast, tmp_path):
    (tmp_path / "3-lab").mkdir()
    link = "<a href='https://chat.example.org/user_uploads/2/log.txt'>log.txt</a>"
    (tmp_path / "3-lab" / "files.json").write_text(topic(link))
    assert (await imports.zulip_archive(tmp_path, cast.acme)).report.links == 1
    ((_, shown, _),) = (await seen_by(acting_as, cast.cy))["lab", "files", False]
    assert 'href="https://chat.example.org/user_uploads/2/log.txt"' in shown
