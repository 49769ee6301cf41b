"""Files that come in over the network: streamed to disk up to a size, there for good before a row says so."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dfworx.core.errors import TooLarge


@dataclass(frozen=True)
class Received:
    """How many bytes came, and their SHA-256."""

    bytes: int
    digest: str


async def receive(body: AsyncIterator[bytes], path: Path, most: int) -> Received:
    """Store a body under a path that does not exist yet; what is too large leaves nothing behind."""
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True, mode=0o700)
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("xb") as file:
            async for chunk in body:
                size += len(chunk)
                _must_fit(size, most)
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(_keep, file, path.parent)
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    return Received(size, digest.hexdigest())


def _must_fit(size: int, most: int) -> None:
    if size > most:
        raise TooLarge(f"At most {most // 1_000_000} MB are accepted.")


def _keep(file: BinaryIO, folder: Path) -> None:
    """The content and the name are on the disk."""
    file.flush()
    os.fsync(file.fileno())
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
