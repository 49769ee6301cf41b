"""Jobs: each event's job is done, at least once, with what failed kept."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Connection, text

from dfworx.core.correlation import correlation_id
from dfworx.core.errors import NotFound
from dfworx.core.events import Event
from dfworx.infra import jobs, queue
from dfworx.infra.settings import settings
from dfworx.live.bus import InProcessBus
from dfworx.live.dispatcher import Dispatcher

pytestmark = pytest.mark.anyio


class Knocked(Event):
    """Somebody knocked."""

    audited = False
    who: str


@pytest.fixture
def doing(admin: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """What the only job of the test did: who knocked, in which request; `fail` in a name makes it fail."""
    done: list[tuple[str, str]] = []

    async def answer(event: Knocked) -> None:
        done.append((event.who, correlation_id.get()))
        if "fail" in event.who:
            raise RuntimeError("nobody at home")

    monkeypatch.setattr(jobs, "declared", [jobs.Declared("tests.answer", Knocked, answer)])
    monkeypatch.setattr(jobs, "FIRST", jobs.FIRST / 100)
    admin.execute(text("delete from jobs.procrastinate_jobs"))
    yield done
    admin.execute(text("delete from jobs.procrastinate_jobs"))


async def knock(acting_as, member, who: str, request: str = "") -> None:
    """Announce it and let the dispatcher take it."""
    token = correlation_id.set(request)
    async with acting_as(member) as tx:
        tx.emit(Knocked(who=who))
    correlation_id.reset(token)
    dispatcher = Dispatcher(settings().dispatcher_url, InProcessBus())
    while await dispatcher.dispatch():
        pass
    await dispatcher.engine.dispose()


async def work_for(seconds: float) -> None:
    """Let a worker work for a while."""
    working = asyncio.create_task(jobs.work())
    await asyncio.sleep(seconds)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_it_is_done_with_the_id_of_its_request(acting_as, cast, doing):
    await knock(acting_as, cast.ben, "ben", "request-4242")
    assert (await queue.overview()).waiting == 1
    await work_for(1)
    assert doing == [("ben", "request-4242")]
    assert [job.status for job in await queue.page()] == ["succeeded"]


async def test_what_is_rolled_back_is_never_done(acting_as, cast, doing):
    with suppress(ZeroDivisionError):
        async with acting_as(cast.ben) as tx:
            tx.emit(Knocked(who="ben"))
            raise ZeroDivisionError
    await knock(acting_as, cast.ben, "after")
    await work_for(1)
    assert [who for who, _ in doing] == ["after"]


async def test_what_fails_is_tried_again_and_kept_when_it_is_dead(acting_as, cast, doing, monkeypatch):
    monkeypatch.setattr(jobs, "ATTEMPTS", 2)
    await knock(acting_as, cast.ben, "fail")
    await work_for(5)
    assert len(doing) == 2
    (dead,) = await queue.page("failed")
    assert (dead.name, dead.attempts, dead.payload) == ("tests.answer", 2, {"who": "fail"})
    assert (await queue.overview()).dead == 1
    await queue.retry(dead.id)
    assert (await queue.overview()).waiting == 1
    await queue.discard(dead.id)
    assert await queue.page() == []
    with pytest.raises(NotFound):
        await queue.discard(dead.id)


async def test_what_a_dead_worker_left_behind_is_taken_up_again(acting_as, cast, doing, admin):
    await knock(acting_as, cast.ben, "ben")
    admin.execute(
        text(
            """with worker as (
                 insert into jobs.procrastinate_workers (last_heartbeat) values (now() - interval '1 hour')
                 returning id)
               update jobs.procrastinate_jobs set status = 'doing', worker_id = (select id from worker)"""
        )
    )
    await work_for(4)
    assert [who for who, _ in doing] == ["ben"]


async def test_nobody_but_the_worker_reaches_the_queue(acting_as, cast):
    async with acting_as(cast.ada) as tx:
        with pytest.raises(Exception, match="permission denied for schema jobs"):
            await tx.run(text("select * from jobs.procrastinate_jobs"))
