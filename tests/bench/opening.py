"""(d) Opening a thread: a page at the end, one around the middle, what changed; a short thread and a long one."""

import asyncio
import random
import time
from uuid import UUID

import aiohttp
from sqlalchemy import text

from tests.bench.figures import Figure, middle
from tests.bench.stage import Stage

FILL = text(
    """insert into dfworx.messages
         (id, created_at, organization_id, thread_id, author_id, seq, version, revision, client_key, source, html)
       select gen_random_uuid(), now() - make_interval(secs => :many - n), :organization, :thread,
         (cast(:authors as uuid[]))[1 + n % 20], n, n, 1, gen_random_uuid(), repeat('word ', 20 + n % 30),
         '<p>' || repeat('word ', 20 + n % 30) || '</p>'
       from generate_series(1, :many) n"""
)
GROW = text("update dfworx.threads set last_seq = :many, version = :many, last_message_at = now() where id = :thread")
CHANGED = 20


def measure(stage: Stage) -> list[Figure]:
    """Requests to both threads take turns in random order."""
    size = stage.size
    threads = {many: filled(stage, many) for many in (size.short, size.long)}
    with stage.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    with stage.server():
        took = asyncio.run(_open(stage, threads))
    return [
        Figure(
            "d opening", f"{what} of {size.long:,} messages", took[what, size.long], "ms", took[what, size.short],
            f"{size.short:,} messages", at_most=1.3, of_limit=True,
        )
        for what in _questions(1)
    ]  # fmt: skip


def filled(stage: Stage, many: int) -> UUID:
    """A thread of so many messages."""
    thread = stage.thread(f"Of {many}")
    first = stage.people[0]
    values = {"many": many, "organization": first.organization_id, "thread": thread}
    authors = [str(person.membership_id) for person in stage.people[:20]]
    with stage.admin.begin() as connection:
        connection.execute(FILL, {**values, "authors": authors})
        connection.execute(GROW, {"many": many, "thread": thread})
    return thread


def _questions(many: int) -> dict[str, str]:
    return {
        "the end": f"messages?before={many + 1}",
        "the middle": f"messages?around={many // 2}",
        "what changed": f"changes?after={max(many - CHANGED, 0)}",
    }


async def _open(stage: Stage, threads: dict[int, UUID]) -> dict[tuple[str, int], float]:
    """The median time of an answer in ms, by question and length."""
    asked = [
        (what, many, stage.api(f"/threads/{thread}/{path}"))
        for many, thread in threads.items()
        for what, path in _questions(many).items()
    ]
    took: dict[tuple[str, int], list[float]] = {(what, many): [] for what, many, _ in asked}
    runs = asked * (stage.size.openings * stage.size.rounds)
    random.shuffle(runs)
    async with aiohttp.ClientSession(headers=stage.headers(stage.people[0])) as session:
        for _ in range(5):
            await asyncio.gather(*[_ask(session, url) for _, _, url in asked])
        for what, many, url in runs:
            took[what, many].append(await _ask(session, url))
    return {key: middle(times) for key, times in took.items()}


async def _ask(session: aiohttp.ClientSession, url: str) -> float:
    begun = time.perf_counter()
    async with session.get(url) as answer:
        answer.raise_for_status()
        await answer.read()
    return (time.perf_counter() - begun) * 1000
