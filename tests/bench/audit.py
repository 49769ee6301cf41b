"""(audit) The list of the audit among a million events: every combination of filters, at the top and far down."""

import asyncio
import random
import time

import aiohttp
from sqlalchemy import text

from tests.audit.millions import fill, questions
from tests.bench.figures import Figure, percentile
from tests.bench.stage import Stage

MANY = 1_000_000
ROUNDS = 12


def measure(stage: Stage) -> list[Figure]:
    """The first page of each question, and one from far down, as an administrator and as a server admin."""
    admin = stage.people[0]
    with stage.admin.begin() as connection:
        connection.execute(
            text("update dfworx.memberships set role = 'owner' where id = :id"), {"id": admin.membership_id}
        )
        connection.execute(text("update dfworx.users set is_server_admin = true where id = :id"), {"id": admin.user_id})
        other = connection.execute(
            text("insert into dfworx.organizations (id, created_at, slug, name) values"
                 " (gen_random_uuid(), now(), 'umbrella', 'Umbrella') returning id")
        ).scalar_one()  # fmt: skip
        fill(connection, MANY, admin.organization_id, other, [each.user_id for each in stage.people[:40]])
    with stage.admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze dfworx.audit_events"))
    with stage.server():
        took = asyncio.run(_ask(stage))
    return [
        Figure("audit", f"{where}, {many} questions, p{share * 100:.0f}", percentile(values, share), "ms",
               at_most=50 if share > 0.9 else None)
        for where, (many, values) in took.items() for share in (0.5, 0.95)
    ]  # fmt: skip


async def _ask(stage: Stage) -> dict[str, tuple[int, list[float]]]:
    admin = stage.people[0]
    server = f"{stage.settings.origin}/api/v1/admin/audit"
    took = {}
    async with aiohttp.ClientSession(headers=stage.headers(admin)) as client:
        for where, address in (("organization", stage.api("/audit")), ("server", server)):
            asked = [_named(each, stage) for each in questions(stage.people[3].user_id, on_server=where == "server")]
            asked += [each | {"before": await _far_down(client, address, each)} for each in asked[:8]]
            runs = [each for each in asked if each.get("before") != ""] * ROUNDS
            random.shuffle(runs)
            took[where] = (len(asked), [await _time(client, address, each) for each in runs])
    return took


def _named(asked: dict[str, str], stage: Stage) -> dict[str, str]:
    named = "organization_id" in asked
    return asked | ({"organization_id": str(stage.people[0].organization_id)} if named else {})


async def _far_down(client: aiohttp.ClientSession, address: str, asked: dict[str, str]) -> str:
    """A cursor in the middle of the year: the one that a page up to there would begin with."""
    async with client.get(address, params=asked | {"until": "2026-06-01"}) as answer:
        return (await answer.json())["next"] or ""


async def _time(client: aiohttp.ClientSession, address: str, asked: dict[str, str]) -> float:
    begun = time.perf_counter()
    async with client.get(address, params=asked) as answer:
        answer.raise_for_status()
        await answer.read()
    return (time.perf_counter() - begun) * 1000
