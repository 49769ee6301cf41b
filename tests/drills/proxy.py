"""A network that can be spoiled: a TCP proxy before a server's socket, with delay, jitter, cuts and a black hole."""

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

CHUNK = 65_536


class Network:
    """What lies between a client and a server. Its loop runs in a thread of its own; change it from anywhere."""

    def __init__(self, to: Path) -> None:
        self.to = to
        self.delay = 0.0  # seconds, each way
        self.jitter = 0.0  # seconds more or less
        self.port = 0
        self.lines = 0  # how many connections were made
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._is_over = asyncio.Event()
        self._flows = asyncio.Event()
        self._flows.set()
        self._is_listening = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._listen())

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._is_listening.set()
        await self._is_over.wait()
        server.close()
        self._abort()
        self._flows.set()
        await asyncio.sleep(0.05)

    async def _connect(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        self.lines += 1
        with self._held(to_client):
            await self._flows.wait()
            try:
                server, to_server = await asyncio.open_unix_connection(self.to)
            except OSError:
                return
            with self._held(to_server):
                await asyncio.gather(self._carry(client, to_server), self._carry(server, to_client))

    @contextmanager
    def _held(self, end: asyncio.StreamWriter) -> Iterator[None]:
        """It can be cut from its first moment, and is closed at the end whatever happens on the way."""
        self._open.add(end)
        try:
            yield
        finally:
            self._open.discard(end)
            end.transport.abort()

    async def _carry(self, of: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """Bytes in their order, each late by what the way takes."""
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def deliver() -> None:
            while True:
                due, data = await late.get()
                await asyncio.sleep(due - self._loop.time())
                await self._flows.wait()
                if not data:
                    return
                to.write(data)
                await to.drain()

        delivering = asyncio.create_task(deliver())
        with suppress(OSError):
            while data := await of.read(CHUNK):
                late.put_nowait((self._loop.time() + max(0.0, self.delay + self._wobble()), data))
        late.put_nowait((self._loop.time(), b""))
        with suppress(OSError):
            await delivering
        if to.can_write_eof():
            with suppress(OSError):
                to.write_eof()

    def _wobble(self) -> float:
        return random.uniform(-self.jitter, self.jitter)

    def swallow(self) -> None:
        """From now on nothing gets through and nobody is told: a black hole."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def flow(self) -> None:
        """Let everything through again."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def cut(self) -> None:
        """Cut every connection."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for each in self._open:
            each.transport.abort()

    @contextmanager
    def opened(self) -> Iterator["Network"]:
        """Carry until the end of the block."""
        self._thread.start()
        self._is_listening.wait(5)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._is_over.set)
            self._thread.join(5)
