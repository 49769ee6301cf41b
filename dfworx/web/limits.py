"""Rate limits: how often somebody may do something, counted in this process over a moving window."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from math import ceil

import limits as library
from starlette.requests import HTTPConnection

from dfworx.core.errors import Refusal, TooMany
from dfworx.infra.settings import settings
from dfworx.web import identity

SWEPT_EVERY = 10_000  # windows
LONG = 64  # characters: longer names of who is counted are kept as their hashes
READING = frozenset({"GET", "HEAD", "OPTIONS"})


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


def spend(limit: str, *who: str) -> None:
    """Count one use of `limit` by `who`; refuse when it is spent."""
    window = _window(limit, who)
    window.must_not_be_spent()
    window.used.append(time.time())


def check(limit: str, *who: str) -> None:
    """Refuse when `who` has spent `limit`, without counting."""
    _window(limit, who).must_not_be_spent()


def forgive(limit: str, *who: str) -> None:
    """Forget what `who` has spent."""
    _windows.pop((limit, *_keys(who)), None)


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
    _windows.clear()


def spend_request(connection: HTTPConnection) -> None:
    """Count a request of the person, or of the address while nobody is signed in; nothing is looked up for it."""
    claims = identity.claims_of(connection)
    who = f"user {claims.user_id}" if claims else f"address {identity.address_of(connection)}"
    reads = connection.scope.get("method") in READING
    spend(settings().rate_read if reads else settings().rate_write, "reads" if reads else "writes", who)


def _keys(who: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sha256(part.encode()).hexdigest()[:32] if len(part) > LONG else part for part in who)
