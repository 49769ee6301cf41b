"""(find) The palette and the sidebar on the server, among 1,000 channels and 5,000 threads; beside a small one."""

import asyncio
import random
import time

import aiohttp
from sqlalchemy import text

from tests.bench.figures import Figure, percentile
from tests.bench.stage import Stage

CHANNELS, THREADS = 1_000, 5_000
PALETTE = "the palette"
# What people type: a beginning, the middle of a word, two words, one that is in half of the titles, nobody's.
TYPED = ("", "pla", "eploy", "queue retr", "channel-07", "member 4", "nightly 12", "zzz")
SIDEBAR = "the sidebar"
CHANNEL = text(
    """insert into dfworx.places (id, created_at, organization_id, created_by, kind, visibility, description, name)
       select gen_random_uuid(), now(), :organization, :by, 'channel', 'organization', '',
         'channel-' || lpad(n::text, 4, '0') from generate_series(1, :many) n"""
)
THREAD = text(
    """insert into dfworx.threads
         (id, created_at, organization_id, place_id, title, created_by, last_seq, version, history_seq, is_default,
          last_message_at)
       select gen_random_uuid(), now() - make_interval(mins => n), :organization, places[1 + n % cardinality(places)],
         (array['deploy of the platform', 'queue retries', 'nightly', 'naming of things', 'on call'])[1 + n % 5]
           || ' ' || n, :by, n % 40, n % 40, 0, n <= cardinality(places), now() - make_interval(mins => n)
       from generate_series(1, :many) n,
         (select array_agg(id) as places from dfworx.places c where organization_id = :organization
            and not exists (select from dfworx.threads t where t.place_id = c.id)) p"""
)


def fill(stage: Stage) -> None:
    """What a large organization has after some years."""
    opener = stage.people[0]
    values = {"organization": opener.organization_id, "by": opener.membership_id}
    with stage.admin.begin() as connection:
        found = connection.execute(text("select count(*) from dfworx.places")).scalar_one()
        if found < CHANNELS:
            connection.execute(CHANNEL, {**values, "many": CHANNELS - 1})
            connection.execute(THREAD, {**values, "many": THREADS})
    with stage.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def measure(stage: Stage) -> list[Figure]:
    """The small workspace first, then the same questions in the large one."""
    stage.thread("Small")
    with stage.server():
        small = asyncio.run(_ask(stage))
        fill(stage)
        large = asyncio.run(_ask(stage))
    return [
        Figure(
            "find", f"{what}, {CHANNELS:,} channels, {THREADS:,} threads, p{share * 100:.0f}",
            percentile(large[what], share), "ms", percentile(small[what], share), "one channel",
            at_most=100 if share > 0.9 else None,
        )
        for what in (PALETTE, SIDEBAR) for share in (0.5, 0.95)
    ]  # fmt: skip


async def _ask(stage: Stage) -> dict[str, list[float]]:
    """Times of answers in ms, each kind of question by itself."""
    palette = [(PALETTE, stage.api("/palette"), {"q": typed}) for typed in TYPED]
    asked = [*palette, *[(SIDEBAR, stage.api("/sidebar"), {})] * 4] * (stage.size.openings // 4)
    random.shuffle(asked)
    took: dict[str, list[float]] = {PALETTE: [], SIDEBAR: []}
    async with aiohttp.ClientSession(headers=stage.headers(stage.people[3])) as session:
        for _, address, parameters in asked[:20]:
            await timed(session, address, parameters)
        for what, address, parameters in asked:
            took[what].append(await timed(session, address, parameters))
    return took


async def timed(session: aiohttp.ClientSession, address: str, parameters: dict[str, str]) -> float:
    """How long an answer takes, in ms."""
    begun = time.perf_counter()
    async with session.get(address, params=parameters) as answer:
        answer.raise_for_status()
        await answer.read()
    return (time.perf_counter() - begun) * 1000
