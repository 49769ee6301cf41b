"""Password hashes: argon2id in a small thread pool; a storm of sign-ins takes neither the event loop nor the memory."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from passlib.hash import argon2

from dfworx.core.errors import Unavailable
from dfworx.infra.settings import settings

WORKERS = 2
MOST_WAITING = 40  # about a second of work; more would only make everybody wait

_waiting = 0


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="passwords")


@cache
def _hasher() -> Any:
    argon2.set_backend("argon2_cffi")  # now: passlib's lazy loading is not made for threads
    return argon2.using(
        type="ID", memory_cost=settings().argon2_memory_mib * 1024, rounds=settings().argon2_rounds, parallelism=1
    )


@cache
def _nobodys_hash() -> str:
    return str(_hasher().hash(secrets.token_urlsafe(32)))


async def digest(password: str) -> str:
    """The hash to keep of a password."""
    return str(await _in_pool(_hasher().hash, password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept; without one it takes as long, and is not."""
    matched = await _in_pool(_verify, password, kept)
    return bool(matched) and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return bool(_hasher().needs_update(kept))


def _verify(password: str, kept: str | None) -> bool:
    try:
        return bool(_hasher().verify(password, kept or _nobodys_hash()))
    except ValueError:
        return False  # the kept text is no hash of ours


async def _in_pool(work: Any, *arguments: Any) -> Any:
    global _waiting  # noqa: PLW0603 - one counter for the one pool of the process
    if _waiting >= MOST_WAITING:
        raise Unavailable
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool(), work, *arguments)
    finally:
        _waiting -= 1
