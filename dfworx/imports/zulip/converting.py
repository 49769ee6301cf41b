"""Zulip's HTML to ours in processes beside this one: it is what takes the time, and nobody shall wait for it.

Each process reads a request (four bytes of length, JSON: a list of texts) from its standard input and answers the
same way with a (markdown, HTML) for each; when the input ends, which it does however we die, the process ends too.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import BinaryIO

from dfworx.imports.zulip.html import to_markdown
from dfworx.imports.zulip.plain import plain
from dfworx.infra.markdown import render

PROCESSES = min(2, os.cpu_count() or 1)
LENGTH = 4  # bytes
FEW = 200  # texts, for which no process is started

Converted = list[tuple[str, str]]
Convert = Callable[[Sequence[str]], Awaitable[Converted]]


def convert(texts: Sequence[str]) -> Converted:
    """The markdown of each text, and what it looks like."""
    return [_one(text) for text in texts]


def _one(text: str) -> tuple[str, str]:
    if (short := plain(text)) is not None:
        return short
    source = to_markdown(text).replace("\x00", "") or "*(empty)*"
    return source, render(source)


@asynccontextmanager
async def converting(count: int = PROCESSES) -> AsyncIterator[Convert]:
    """Processes that convert, for as long as they are needed."""
    command = [sys.executable, "-m", "dfworx.imports.zulip.converting"]
    processes: list[Process] = []
    free: asyncio.Queue[Process | None] = asyncio.Queue()
    for _ in range(count):
        free.put_nowait(None)  # one that is not started yet

    async def by_a_free_one(texts: Sequence[str]) -> Converted:
        if len(texts) < FEW:
            return await asyncio.to_thread(convert, texts)
        process = await free.get()
        try:
            if process is None:
                process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
                processes.append(process)
            return await _ask(process, texts)
        finally:
            free.put_nowait(process)

    try:
        yield by_a_free_one
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _ask(process: Process, texts: Sequence[str]) -> Converted:
    assert process.stdin is not None  # noqa: S101 - a pipe
    assert process.stdout is not None  # noqa: S101 - a pipe
    request = json.dumps(texts).encode()
    process.stdin.write(len(request).to_bytes(LENGTH, "big") + request)
    await process.stdin.drain()
    length = int.from_bytes(await process.stdout.readexactly(LENGTH), "big")
    return [(source, html) for source, html in json.loads(await process.stdout.readexactly(length))]


def main(source: BinaryIO, sink: BinaryIO) -> None:
    """The process: answer until nothing is asked any more."""
    while length := source.read(LENGTH):
        answer = json.dumps(convert(json.loads(source.read(int.from_bytes(length, "big"))))).encode()
        sink.write(len(answer).to_bytes(LENGTH, "big") + answer)
        sink.flush()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        main(sys.stdin.buffer, sys.stdout.buffer)
