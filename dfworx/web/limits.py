"""Rate limits over moving windows, counted in this process, or in Valkey for several processes together."""

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from math import ceil
from typing import Any
from uuid import UUID

import limits as library
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from dfworx.core.errors import Refusal, TooMany, Unavailable
from dfworx.infra import valkey
from dfworx.infra.settings import settings
from dfworx.web import identity
from dfworx.web.scopes import READING

SWEPT_EVERY = 10_000  # windows
LONG = 64  # characters: longer names of who is counted are kept as their hashes


@dataclass(slots=True)
class _Window:
    """When somebody used a limit, as long as that counts; kept here, since the library starts a thread at each use."""

    limit: library.RateLimitItem
    used: deque[float] = field(default_factory=deque)

    @property
    def is_over(self) -> bool:
        """Whether none of it counts any more."""
        since = time.time() - self.limit.get_expiry()
        while self.used and self.used[0] <= since:
            self.used.popleft()
        return not self.used

    def must_not_be_spent(self) -> None:
        """Refuse until the oldest use that counts has passed."""
        if not self.is_over and len(self.used) >= self.limit.amount:
            raise TooMany(max(1, ceil(self.used[0] + self.limit.get_expiry() - time.time())))


_windows: dict[tuple[str, ...], _Window] = {}


@cache
def _parsed(limit: str) -> library.RateLimitItem:
    return library.parse(limit)


def _window(limit: str, who: tuple[str, ...]) -> _Window:
    key = (limit, *_keys(who))
    window = _windows.get(key)
    if window is None:
        if len(_windows) % SWEPT_EVERY == SWEPT_EVERY - 1:
            _sweep()
        window = _windows[key] = _Window(_parsed(limit))
    return window


def _sweep() -> None:
    for key in [key for key, window in _windows.items() if window.is_over]:
        del _windows[key]


class _Here:
    """Counted in this process."""

    async def spend(self, limit: str, who: tuple[str, ...]) -> None:
        """Count one use, or refuse."""
        window = _window(limit, who)
        window.must_not_be_spent()
        window.used.append(time.time())

    async def check(self, limit: str, who: tuple[str, ...]) -> None:
        """Refuse when it is spent."""
        _window(limit, who).must_not_be_spent()

    async def forgive(self, limit: str, who: tuple[str, ...]) -> None:
        """Forget what was spent."""
        _windows.pop((limit, *_keys(who)), None)


class _Shared:
    """Counted in Valkey, for all processes together."""

    def __init__(self) -> None:
        uri = f"async+{settings().valkey_url}"
        options: Any = {"socket_timeout": valkey.SECONDS, "socket_connect_timeout": valkey.SECONDS}
        self.storage = RedisStorage(uri, implementation="redispy", key_prefix="dfworx:limits", **options)
        self.windows = MovingWindowRateLimiter(self.storage)

    async def spend(self, limit: str, who: tuple[str, ...]) -> None:
        """Count one use, or refuse."""
        if not await self.windows.hit(_parsed(limit), *_keys(who)):
            await self._refuse(limit, who)

    async def check(self, limit: str, who: tuple[str, ...]) -> None:
        """Refuse when it is spent."""
        if not await self.windows.test(_parsed(limit), *_keys(who)):
            await self._refuse(limit, who)

    async def forgive(self, limit: str, who: tuple[str, ...]) -> None:
        """Forget what was spent."""
        await self.windows.clear(_parsed(limit), *_keys(who))

    async def _refuse(self, limit: str, who: tuple[str, ...]) -> None:
        stats = await self.windows.get_window_stats(_parsed(limit), *_keys(who))
        raise TooMany(max(1, ceil(stats.reset_time - time.time())))


@cache
def _counter() -> _Here | _Shared:
    return _Shared() if settings().valkey_url else _Here()


async def spend(limit: str, *who: str) -> None:
    """Count one use of `limit` by `who`; refuse when it is spent."""
    await _counter().spend(limit, who)


async def check(limit: str, *who: str) -> None:
    """Refuse when `who` has spent `limit`, without counting."""
    await _counter().check(limit, who)


async def forgive(limit: str, *who: str) -> None:
    """Forget what `who` has spent."""
    await _counter().forgive(limit, who)


@asynccontextmanager
async def guessing(account: str, address: str, wrong: type[Refusal]) -> AsyncIterator[None]:
    """Let `account` be tried from `address`; only what ends in `wrong` is held against them.

    The account pays in advance, so that many attempts at once are no way around; being right gives it back.
    While nobody can count, nobody can guess.
    """
    per_account, per_address = settings().rate_sign_in_account, settings().rate_sign_in_address
    try:
        await check(per_address, "wrong guesses from", address)
        await spend(per_account, "wrong guesses at", account)
    except valkey.AWAY:
        raise Unavailable from None
    try:
        yield
    except wrong:
        with suppress(*valkey.AWAY):
            await spend(per_address, "wrong guesses from", address)
        raise
    with suppress(*valkey.AWAY):
        await forgive(per_account, "wrong guesses at", account)


def reset() -> None:
    """Forget everything that is counted in this process."""
    _windows.clear()
    _counter.cache_clear()


async def spend_request(connection: HTTPConnection) -> None:
    """Count a request of the person, or of the address while nobody is known; nothing is looked up for it.

    A personal access token counts as a read of its address before it is looked up, and then for its person.
    """
    claims = identity.claims_of(connection)
    if claims is not None and claims.user_id is not None:
        await spend_for(connection, claims.user_id)
    else:
        await _spend(f"address {identity.address_of(connection)}", reads=claims is not None or _reads(connection))


async def spend_for(connection: HTTPConnection, user_id: UUID) -> None:
    """Count a request of a person."""
    await _spend(f"user {user_id}", reads=_reads(connection))


def _reads(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "websocket" or connection.scope.get("method") in READING


async def _spend(who: str, *, reads: bool) -> None:
    """While nobody can count, everybody may go on reading and writing."""
    with suppress(*valkey.AWAY):
        await spend(settings().rate_read if reads else settings().rate_write, "reads" if reads else "writes", who)


def _keys(who: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sha256(part.encode()).hexdigest()[:32] if len(part) > LONG else part for part in who)
