"""(sign-in) Sign-ins a second, beside argon2 alone with the same parameters on as many threads."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp
from sqlalchemy import text

from dfworx.core import ids
from dfworx.infra import passwords
from tests.bench.figures import Figure, middle
from tests.bench.stage import Stage

PASSWORD = "crane orchid 77 sail"
AT_ONCE = 8
KEEP = text("insert into dfworx.passwords (id, created_at, user_id, hash) values (:id, now(), :user, :hash)")


def measure(stage: Stage) -> list[Figure]:
    """Rounds of both take turns."""
    kept = passwords._hasher().hash(PASSWORD)
    people = stage.people[:AT_ONCE]
    with stage.admin.begin() as connection:
        connection.execute(KEEP, [{"id": ids.new_id(), "user": each.user_id, "hash": kept} for each in people])
    ours, bare = [], []
    with stage.server():
        asyncio.run(_sign_in(stage, 1.0))
        for _ in range(stage.size.rounds):
            ours.append(asyncio.run(_sign_in(stage, stage.size.send_seconds)))
            bare.append(_verify(kept, stage.size.send_seconds))
    return [Figure("sign-in", f"sign-ins, {AT_ONCE} at once", middle(ours), "/s", middle(bare), "argon2 alone")]


async def _sign_in(stage: Stage, seconds: float) -> float:
    """Sessions made a second."""
    end = time.monotonic() + seconds

    async def one(email: str) -> int:
        count = 0
        origin = {"Origin": stage.settings.origin}
        async with aiohttp.ClientSession(headers=origin) as session:
            while time.monotonic() < end:
                body = {"email": email, "password": PASSWORD}
                async with session.post(f"{stage.settings.origin}/api/v1/auth/sessions", json=body) as answer:
                    answer.raise_for_status()
                count += 1
        return count

    counts = await asyncio.gather(*[one(person.email) for person in stage.people[:AT_ONCE]])
    return sum(counts) / seconds


def _verify(kept: str, seconds: float) -> float:
    """Hashes compared a second, on the two threads that the server gives them."""
    end = time.monotonic() + seconds

    def one(_: int) -> int:
        count = 0
        while time.monotonic() < end:
            passwords._hasher().verify(PASSWORD, kept)
            count += 1
        return count

    with ThreadPoolExecutor(passwords.WORKERS) as pool:
        return sum(pool.map(one, range(passwords.WORKERS))) / seconds
