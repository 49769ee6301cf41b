"""A browser's tab without the browser: a socket to the served application that speaks as Reflex's client does."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import socketio
from reflex_base.registry import RegistrationContext

import dfworx.dfworx  # noqa: F401 - importing registers the handlers
from dfworx.live.reflex_feed import Feed
from dfworx.web import identity
from tests.cast import Member
from tests.serving import Served

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
FEED = Feed.get_full_name()
Update = dict[str, Any]


def handlers() -> dict[str, Any]:
    """The functions of all registered event handlers, by their full names."""
    return {name: entry.handler.fn for name, entry in RegistrationContext.get().event_handlers.items()}


class Tab:
    """`async with Tab(server, cast.ben, "/o/acme/t/…") as tab`: an open page, and everything that it was told."""

    def __init__(
        self, server: Served, member: Member | None = None, path: str = "/", *, token: str = "", **headers: str
    ) -> None:
        self.server, self.path, self.token = server, path, token or str(uuid4())
        self.headers = {"Origin": server.base_url, **headers}
        if member is not None:
            self.headers.setdefault("Cookie", f"{identity.cookie_name()}={identity.token(member)}")
        self.updates: list[Update] = []
        self.presence: list[Update] = []  # who came and went: told on a clock of its own, so kept apart
        self.reloads: list[Any] = []
        self.tokens: list[str] = []
        self.client = socketio.AsyncClient(reconnection=False, ssl_verify=not server.base_url.startswith("https"))
        self._told = asyncio.Event()
        self.client.on("event", self._hear, namespace=NAMESPACE)
        self.client.on("state_mismatch", self._reload, namespace=NAMESPACE)
        self.client.on("new_token", self._rename, namespace=NAMESPACE)

    async def __aenter__(self) -> Self:
        await self.client.connect(
            f"{self.server.base_url}?token={self.token}",
            headers=self.headers,
            socketio_path="_event",
            transports=["websocket"],
            namespaces=[NAMESPACE],
            wait_timeout=5,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.disconnect()

    def _hear(self, update: Update) -> None:
        is_presence = (_frame(update) or {}).get("list") == "presence"
        (self.presence if is_presence else self.updates).append(update)
        self._told.set()

    def _reload(self, why: Any) -> None:
        self.reloads.append(why)
        self._told.set()

    def _rename(self, token: str) -> None:
        self.tokens.append(token)

    async def send(self, name: str, payload: dict[str, Any] | None = None) -> None:
        """Send an event and wait for nothing."""
        router = {"pathname": self.path, "asPath": self.path, "query": self.parameters()}
        event = {"name": name, "payload": payload or {}, "router_data": router, "token": self.token}
        await self.client.emit("event", event, namespace=NAMESPACE)

    def parameters(self) -> dict[str, str]:
        """The parameters of the page's route."""
        names = {"o": "organization", "t": "thread", "c": "channel"}
        parts = self.path.strip("/").split("/")
        return {names[key]: value for key, value in zip(parts[::2], parts[1::2], strict=False) if key in names}

    async def enter(self) -> None:
        """Open the page as the browser does: hydrate, then what the page loads."""
        await self.send(f"{ROOT}.hydrate_and_load")
        await self.until(lambda: self.value("is_hydrated") is True or self.redirected)

    async def drain(self) -> list[Update]:
        """Wait until everything sent has been handled, and give what it was answered with: events keep their order."""
        answered = len(self.updates)
        await asyncio.sleep(0.05)
        await self.send(f"{ROOT}.hydrate_and_load")
        await self.until(lambda: any(ROOT in (u.get("delta") or {}) for u in self.updates[answered:]), 30)
        end = next(i for i, u in enumerate(self.updates) if i >= answered and ROOT in (u.get("delta") or {}))
        return self.updates[:end]

    async def settle(self, seconds: float = 0.3) -> None:
        """Wait until nothing more arrives."""
        count = -1
        while count != len(self.updates) + len(self.reloads):
            count = len(self.updates) + len(self.reloads)
            await asyncio.sleep(seconds)

    async def until(self, seen: Callable[[], Any], seconds: float = 5) -> None:
        """Wait for something to be seen."""
        async with asyncio.timeout(seconds):
            while not seen():
                self._told.clear()
                await self._told.wait()

    def value(self, name: str) -> Any:
        """The last value of a variable that this tab was told, whatever its state."""
        found = [
            value
            for update in self.updates
            for variables in (update.get("delta") or {}).values()
            for key, value in variables.items()
            if key.removesuffix("_rx_state_") == name
        ]
        return found[-1] if found else None

    @property
    def redirected(self) -> bool:
        """Whether the page was sent elsewhere."""
        return any(event["name"] == "_redirect" for update in self.updates for event in update.get("events") or [])

    def frames(self, of: str | None = None) -> list[dict[str, Any]]:
        """The live frames of a list, or of all but presence."""
        told = [_frame(update) for update in (self.presence if of == "presence" else self.updates)]
        return [frame for frame in told if frame and of in {None, frame["list"]}]

    def words(self) -> str:
        """Everything that it was told, as text."""
        return repr([self.updates, self.presence])


def _frame(update: Update) -> dict[str, Any] | None:
    return (update.get("delta") or {}).get(FEED, {}).get("frame_rx_state_")
