"""Ports that the tests' servers listen on: no two test processes are given the same one."""

import fcntl
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

LISTENED = range(20_000, 32_000)
"""Below the range from which Linux takes ports for outgoing connections (net.ipv4.ip_local_port_range)."""
_mine: list[IO[str]] = []


def free_port() -> int:
    """A port that nobody holds; its lock stays with this process, so that no other one here is given it.

    Asking the system for port 0 tells what is free at that moment alone: by the time a server has started, an outgoing
    connection or a test beside this one may hold it.
    """
    locks = Path(tempfile.gettempdir()) / "dfworx-ports"
    locks.mkdir(exist_ok=True)
    for port in random.sample(LISTENED, len(LISTENED)):
        lock = (locks / str(port)).open("a")
        if _is_ours(lock) and _is_free(port):
            _mine.append(lock)
            return port
        lock.close()
    raise RuntimeError("no port is free for a test's server")


def _is_ours(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
