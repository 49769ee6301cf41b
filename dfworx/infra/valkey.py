"""Valkey: what several server processes share and may lose; nothing durable is in it."""

from functools import cache

from redis.asyncio import Redis
from redis.exceptions import RedisError

from dfworx.infra.settings import settings

AWAY: tuple[type[Exception], ...] = (RedisError, OSError, TimeoutError)
SECONDS = 2.0  # to connect and for an answer: then it counts as away


@cache
def client() -> Redis:
    """The connections of this process, opened at first use (after the server has forked)."""
    return Redis.from_url(
        settings().valkey_url,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        health_check_interval=15,
        decode_responses=True,
    )


async def answers() -> bool:
    """Whether it is there; true where none is needed."""
    if not settings().valkey_url:
        return True
    try:
        await client().get("dfworx:here")
    except AWAY:
        return False
    return True


async def dispose() -> None:
    """Close the connections of this process."""
    if client.cache_info().currsize:
        await client().aclose()
        client.cache_clear()
