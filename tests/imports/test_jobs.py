"""Imports as jobs: uploaded, begun, stopped, taken up again; by one at a time, and by the right people."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from dfworx.imports import models
from dfworx.imports import service as imports
from dfworx.imports.events import ImportDiscarded, ImportRequested
from dfworx.imports.jobs import bring_in, remove_archive
from dfworx.imports.repository import Imports
from dfworx.imports.zulip import batches
from dfworx.infra.settings import settings
from tests.imports.conftest import packed, topic

pytestmark = pytest.mark.anyio

LAB = packed(lab__plan=topic(*[f"n{n}" for n in range(25)]))
COUNTS = text(
    """select count(*), count(distinct client_key), count(distinct (thread_id, seq)), max(seq)
       from dfworx.messages where organization_id = :o"""
)


@pytest.fixture
def address(cast) -> str:
    return f"organizations/{cast.slug}/imports"


@pytest.fixture
def small(monkeypatch) -> None:
    """Batches of two messages."""
    monkeypatch.setattr(batches, "MESSAGES", 2)


def kept(data: Path) -> list[Path]:
    """The files that uploads have left."""
    return [file for file in data.rglob("*") if file.is_file()]


def start(code: str, data: Path) -> subprocess.Popen[bytes]:
    """A process of its own."""
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"DFWORX_DATA_DIR": str(data)})


async def some_came(admin: Connection, cast) -> int:
    """Wait for the first messages; gives how many there are."""
    for _ in range(4000):
        if found := admin.execute(COUNTS, {"o": cast.acme}).one()[0]:
            return found
        await asyncio.sleep(0.01)
    pytest.fail("nothing came")


async def requested(acting_as, member, import_id) -> ImportRequested:
    async with acting_as(member) as tx:
        return ImportRequested(shown=await imports.get(tx, import_id))


async def uploaded(asking, acting_as, member, address, body=LAB) -> ImportRequested:
    """An import that waits."""
    answer = await asking(member).post(f"{address}?name=lab.zip", content=body)
    assert answer.status_code == 201, answer.text
    return await requested(acting_as, member, answer.json()["id"])


async def test_it_works(asking, acting_as, cast, address, data: Path, admin: Connection):
    event = await uploaded(asking, acting_as, cast.ada, address)
    assert (event.shown.state, event.shown.started_by, event.shown.bytes) == ("waiting", "Ada Ferreira", len(LAB))
    await bring_in(event)
    done = (await asking(cast.ada).get(f"{address}/{event.shown.id}")).json()
    assert (done["state"], done["percent"], done["problem"]) == ("done", 100, "")
    assert {k: done["report"][k] for k in ("channels", "threads", "messages", "authors", "known", "skipped")} == {
        "channels": 1, "threads": 1, "messages": 25, "authors": 1, "known": 0, "skipped": 0,
    }  # fmt: skip
    assert admin.execute(COUNTS, {"o": cast.acme}).one() == (25, 25, 25, 25)
    assert kept(data) == []


async def test_doing_it_again_changes_nothing(asking, acting_as, cast, address, admin: Connection):
    event = await uploaded(asking, acting_as, cast.ada, address)
    await bring_in(event)
    await bring_in(event)
    assert admin.execute(COUNTS, {"o": cast.acme}).one() == (25, 25, 25, 25)


async def test_two_at_once_bring_in_one(asking, acting_as, cast, address, small, admin: Connection):
    event = await uploaded(asking, acting_as, cast.ada, address)
    await asyncio.gather(bring_in(event), bring_in(event), bring_in(event))
    done = (await asking(cast.ada).get(f"{address}/{event.shown.id}")).json()
    assert (done["report"]["messages"], done["report"]["known"]) == (25, 0)
    assert admin.execute(COUNTS, {"o": cast.acme}).one() == (25, 25, 25, 25)


async def test_an_organization_has_one_at_a_time(asking, acting_as, cast, address):
    await uploaded(asking, acting_as, cast.ada, address)
    second = await asking(cast.dia).post(f"{address}?name=lab.zip", content=LAB)
    assert (second.status_code, second.json()["type"].rpartition(":")[2]) == (409, "import-running")


async def test_what_was_stopped_goes_on_where_it_was(asking, acting_as, cast, address, small, admin: Connection):
    event = await uploaded(asking, acting_as, cast.ada, address)
    working: asyncio.Task[None] = asyncio.create_task(bring_in(event))
    await some_came(admin, cast)
    one = f"{address}/{event.shown.id}"
    assert (await asking(cast.dia).put(f"{one}/stop")).json()["state"] in {"stopping", "stopped"}
    await working
    stopped = (await asking(cast.ada).get(one)).json()
    assert (stopped["state"], 0 < stopped["report"]["messages"] < 25) == ("stopped", True)
    assert stopped["report"]["messages"] == admin.execute(COUNTS, {"o": cast.acme}).one()[0]
    assert (await asking(cast.ada).put(f"{one}/resumption")).json()["state"] == "waiting"
    await bring_in(event)
    done = (await asking(cast.ada).get(one)).json()
    assert (done["state"], done["report"]["messages"], done["report"]["known"]) == ("done", 25, 0)
    assert admin.execute(COUNTS, {"o": cast.acme}).one() == (25, 25, 25, 25)


async def test_what_waits_is_stopped_at_once(asking, acting_as, cast, address):
    event = await uploaded(asking, acting_as, cast.ada, address)
    assert (await asking(cast.ada).put(f"{address}/{event.shown.id}/stop")).json()["state"] == "stopped"
    await bring_in(event)
    assert (await asking(cast.ada).get(f"{address}/{event.shown.id}")).json()["state"] == "stopped"


async def test_what_is_discarded_is_removed_and_stays_in_the_list(asking, acting_as, cast, address, data: Path):
    event = await uploaded(asking, acting_as, cast.ada, address)
    one = f"{address}/{event.shown.id}"
    assert (await asking(cast.ada).delete(one)).status_code == 409
    await asking(cast.ada).put(f"{one}/stop")
    assert (await asking(cast.ada).delete(one)).json()["state"] == "discarded"
    await remove_archive(ImportDiscarded(shown=event.shown))
    assert kept(data) == []
    assert [item["state"] for item in (await asking(cast.ada).get(address)).json()["items"]] == ["discarded"]
    assert (await asking(cast.ada).put(f"{one}/resumption")).status_code == 409


async def test_what_could_go_on_keeps_its_archive_however_old_it_is(
    asking, acting_as, cast, address, data: Path, monkeypatch
):
    monkeypatch.setattr(imports, "PAGE", 1)
    old = await uploaded(asking, acting_as, cast.ada, address)
    await asking(cast.ada).put(f"{address}/{old.shown.id}/stop")
    (archive,) = kept(data)
    os.utime(archive.parent, (0, 0))
    new = await uploaded(asking, acting_as, cast.ada, address)
    await asking(cast.ada).put(f"{address}/{new.shown.id}/stop")
    await asking(cast.ada).delete(f"{address}/{new.shown.id}")
    await remove_archive(ImportDiscarded(shown=new.shown))
    assert kept(data) == [archive]


async def test_a_hostile_archive_fails_with_the_reason(asking, acting_as, cast, address, admin: Connection):
    hostile = packed(lab__plan=topic("fine"), **{"lab__x/../../../../out": topic("out", first=9)})
    event = await uploaded(asking, acting_as, cast.ada, address, hostile)
    await bring_in(event)
    failed = (await asking(cast.ada).get(f"{address}/{event.shown.id}")).json()
    assert (failed["state"], failed["problem"]) == ("failed", "A name in it leads out of it.")
    assert admin.execute(COUNTS, {"o": cast.acme}).one()[0] == 0


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [
        (b"GIF89a", "name=a.zip", 422),
        (b"", "name=a.zip", 422),
        (LAB, "", 422),
        (LAB, "name=a.zip&realm=javascript:alert(1)", 422),
        (LAB, "name=a.zip&other=1", 422),
    ],
)
async def test_what_is_no_archive_is_refused_and_not_kept(asking, cast, address, data: Path, body, query, status):
    answer = await asking(cast.ada).post(f"{address}?{query}", content=body)
    assert answer.status_code == status
    assert kept(data) == []
    assert (await asking(cast.ada).get(address)).json()["items"] == []


async def test_what_is_too_large_is_refused_and_not_kept(asking, cast, address, data: Path, monkeypatch):
    monkeypatch.setattr(settings(), "import_max_mb", 0)
    answer = await asking(cast.ada).post(f"{address}?name=a.zip", content=LAB)
    assert answer.status_code == 413
    assert kept(data) == []


@pytest.mark.parametrize(("who", "status"), [("eve", 404), ("gus", 403), ("cy", 403), ("max", 403), ("dia", 200)])
async def test_only_owners_and_admins_see_and_touch_it(asking, acting_as, cast, address, who, status):
    event = await uploaded(asking, acting_as, cast.ada, address)
    one, client = f"{address}/{event.shown.id}", asking(getattr(cast, who))
    asked = [await client.get(address), await client.get(one), await client.put(f"{one}/stop")]
    asked += [await client.put(f"{one}/resumption"), await client.put(f"{one}/stop"), await client.delete(one)]
    assert {answer.status_code for answer in asked} == {status}
    begun = await client.post(f"{address}?name=a.zip", content=LAB)
    assert begun.status_code == (201 if status == 200 else status)


async def test_whoever_dies_is_followed_by_another(
    asking, acting_as, cast, address, data: Path, monkeypatch, admin: Connection
):
    """Kill -9 of the process that does it; the next one begins exactly after its last batch."""
    many = packed(**{f"lab{n}__plan": topic(*[f"n{m}" for m in range(50)], first=1000 * n + 1) for n in range(12)})
    event = await uploaded(asking, acting_as, cast.ada, address, many)
    code = (
        "import asyncio; from dfworx.imports.zulip import batches; batches.MESSAGES = 10;"
        "from dfworx.wiring import wire; wire(); from dfworx.imports.service_running import carry_out;"
        f"from uuid import UUID; asyncio.run(carry_out(UUID('{cast.acme}'), UUID('{event.shown.id}')))"
    )
    with start(code, data) as worker:
        brought = await some_came(admin, cast)
        worker.send_signal(signal.SIGKILL)
    assert 0 < brought < 600
    monkeypatch.setattr("dfworx.imports.repository.LEASE", models.LEASE / 40)
    await bring_in(event)
    done = (await asking(cast.ada).get(f"{address}/{event.shown.id}")).json()
    assert (done["state"], done["report"]["messages"], done["report"]["known"]) == ("done", 600, 0)
    assert (done["report"]["channels"], done["report"]["threads"], done["report"]["authors"]) == (12, 12, 1)
    assert admin.execute(COUNTS, {"o": cast.acme}).one() == (600, 600, 600, 50)


async def test_whoever_lost_it_stores_nothing_more(asking, acting_as, cast, address, small, admin: Connection):
    event = await uploaded(asking, acting_as, cast.ada, address)
    working: asyncio.Task[None] = asyncio.create_task(bring_in(event))
    await some_came(admin, cast)
    other = text("update dfworx.imports set runner = gen_random_uuid() where id = :i")
    await asyncio.to_thread(admin.execute, other, {"i": event.shown.id})  # it waits for the batch that is being written
    await working
    async with acting_as(cast.ada) as tx:
        row = await Imports(tx).get(event.shown.id)
    assert (row.state, row.report["messages"]) == ("running", admin.execute(COUNTS, {"o": cast.acme}).one()[0])
