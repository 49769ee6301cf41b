"""Patience: how long one waits for the database. Whoever does not answer is hung up on, and nobody waits for ever."""

import asyncio
import os
import socket
from contextlib import suppress
from typing import Any

import psycopg

CONNECT_SECONDS = 3
POOL_SECONDS = 2.0  # for a free connection; with the former the five seconds after which a request has its answer
STATEMENT_SECONDS, LOCK_SECONDS = 4.5, 4.0  # the server gives up by itself
ANSWER_SECONDS = 5.0  # then the network is taken for dead, or what is at its other end
PAGE_SECONDS, PAGE_AGAIN = 15.0, 0.3  # a page that opens has nobody else to ask again for it
LONG = 60.0  # for what nobody waits for: imports, jobs
# A peer that has vanished without a word is noticed on a connection that only listens, too. Sockets of files ignore it.
KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}


class Connection(psycopg.AsyncConnection[Any]):
    """A connection that hangs up when one answer takes too long; what waits on it fails then as if it had been cut."""

    answer_seconds = ANSWER_SECONDS

    async def wait(self, *args: Any, **options: Any) -> Any:
        """Every way to the server and back goes through here."""
        patience = asyncio.get_running_loop().call_later(self.answer_seconds, hang_up, self.pgconn.socket)
        try:
            return await super().wait(*args, **options)
        finally:
            patience.cancel()


def hang_up(number: int) -> None:
    """Cut a connection from here: both sides read its end at once, without anybody being cancelled halfway."""
    with suppress(OSError), socket.socket(fileno=os.dup(number)) as line:
        line.shutdown(socket.SHUT_RDWR)


def options(more: str = "") -> str:
    """What a session begins with."""
    timeouts = f"-c statement_timeout={STATEMENT_SECONDS:.1f}s -c lock_timeout={LOCK_SECONDS:.1f}s"
    return f"{timeouts} -c timezone=UTC {more}".rstrip()
