"""Windows of the cast: a Chromium each test's people look through; what the console says as an error fails the test."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from dfworx.infra import browser as chromium
from dfworx.web import identity
from tests.cast import Member
from tests.journeys.installation import installation
from tests.serving import Served

__all__ = ["installation"]

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# What a browser says of itself when a test takes the network away, or asks for what does not exist.
EXPECTED = (
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION_REFUSED",
    "net::ERR_CONNECTION_RESET",  # a server that is killed in the middle of an answer
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_FAILED",
    "WebSocket connection to",
    "WebSocket is already in CLOSING or CLOSED state",
)

REFUSED = re.compile(r"status of 4(0[1349]|22)")  # the page itself says what was refused
ANSWERED = ("/api/", "/nothing/here", "/x.png", "pixel.png")

expect.set_options(timeout=15_000)  # machines are shared: patience is not what these tests measure

Window = Callable[..., Page]


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def window(chrome: Browser, server: Served) -> Iterator[Window]:
    """`window(cast.ben, path)`: a window of Ben's, signed in, at that address; `window(None, path)` is nobody's."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        refused = REFUSED.search(message.text) and any(part in message.location["url"] for part in ANSWERED)
        if message.type == "error" and not refused and not any(known in message.text for known in EXPECTED):
            complaints.append(f"{message.text} ({message.location['url']})")

    def open_window(member: Member | None, path: str = "/", *, base_url: str = "", **options: Any) -> Page:
        context = chrome.new_context(
            base_url=base_url or server.base_url,
            **{"viewport": {"width": 1440, "height": 900}} | options,
        )
        contexts.append(context)
        if member:
            cookie = {"name": identity.cookie_name(), "value": identity.token(member), "url": server.base_url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert complaints == []
