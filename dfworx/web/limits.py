"""Rate limits: how often somebody may do something, counted in this process over a moving window."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from math import ceil

import limits as library
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import HTTPConnection

from dfworx.core.errors import Refusal, TooMany
from dfworx.infra.settings import settings
from dfworx.web import identity

LONG = 64  # characters: longer names of who is counted are kept as their hashes
READING = frozenset({"GET", "HEAD", "OPTIONS"})


@cache
def _limiter() -> MovingWindowRateLimiter:
    """Made at first use: its storage starts a thread, which must not happen before the server forks."""
    return MovingWindowRateLimiter(MemoryStorage())


@cache
def _parsed(limit: str) -> library.RateLimitItem:
    return library.parse(limit)


def spend(limit: str, *who: str) -> None:
    """Count one use of `limit` by `who`; refuse when it is spent."""
    if not _limiter().hit(_parsed(limit), *_keys(who)):
        _refuse(limit, who)


def check(limit: str, *who: str) -> None:
    """Refuse when `who` has spent `limit`, without counting."""
    if not _limiter().test(_parsed(limit), *_keys(who)):
        _refuse(limit, who)


def forgive(limit: str, *who: str) -> None:
    """Forget what `who` has spent."""
    _limiter().clear(_parsed(limit), *_keys(who))


@contextmanager
def guessing(account: str, address: str, wrong: type[Refusal]) -> Iterator[None]:
    """Let `account` be tried from `address`; only what ends in `wrong` is held against them.

    The account pays in advance, so that many attempts at once are no way around; being right gives it back.
    """
    per_account, per_address = settings().rate_sign_in_account, settings().rate_sign_in_address
    check(per_address, "wrong guesses from", address)
    spend(per_account, "wrong guesses at", account)
    try:
        yield
    except wrong:
        spend(per_address, "wrong guesses from", address)
        raise
    forgive(per_account, "wrong guesses at", account)


def reset() -> None:
    """Forget everything."""
    _limiter.cache_clear()


def spend_request(connection: HTTPConnection) -> None:
    """Count a request of the person, or of the address while nobody is signed in; nothing is looked up for it."""
    claims = identity.claims_of(connection)
    who = f"user {claims.user_id}" if claims else f"address {identity.address_of(connection)}"
    reads = connection.scope.get("method") in READING
    spend(settings().rate_read if reads else settings().rate_write, "reads" if reads else "writes", who)


def _keys(who: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sha256(part.encode()).hexdigest()[:32] if len(part) > LONG else part for part in who)


def _refuse(limit: str, who: tuple[str, ...]) -> None:
    stats = _limiter().get_window_stats(_parsed(limit), *_keys(who))
    raise TooMany(max(1, ceil(stats.reset_time - time.time())))
