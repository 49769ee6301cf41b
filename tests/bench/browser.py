"""(page) What a person's Chromium loads and does: a thread's page when it has never been there, clicks, a long sidebar.

Times are those of the page itself (performance.now), on the cores that the server runs on too. A click counts from the
event until its result has been painted.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright
from sqlalchemy import text

from dfworx.infra import browser as chromium
from dfworx.web import identity
from tests.bench import finding, opening
from tests.bench.figures import Figure, middle, percentile
from tests.bench.stage import SLUG, Served, Stage
from tests.cast import Member

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
READY = "[data-list=messages][data-ready=true]"
FONT = re.compile(r"\.woff2")
CLICKS = 20
LONGEST = 50  # ms: what a person does not feel
# From a click until a selector is there (or gone), and painted: two frames after the change of the page.
CLICK = """([target, wanted]) => new Promise((done) => {
  const begun = performance.now();
  const is_there = () => document.querySelector(wanted);
  const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  const watch = new MutationObserver(() => is_there() && (watch.disconnect(), painted()));
  watch.observe(document.body, { subtree: true, childList: true, attributes: true });
  document.querySelector(target).click();
  if (is_there()) watch.disconnect(), painted();
})"""
# Tries to open the dialog of a new thread from the first moment on; the first click that works ends it.
FIRST_CLICK = """() => new Promise((done) => {
  const again = () => {
    if (document.querySelector("[role=dialog]")) return done(performance.now());
    document.querySelector("[data-verb=new-channel]")?.click();
    setTimeout(again, 50);
  };
  again();
})"""
LONG_TASKS = """() => {
  window.longest = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.longest.push(entry.duration)))
    .observe({ type: "longtask" });
}"""
# Scrolls the sidebar from end to end as a wheel does; the longest time between two frames.
SCROLL = """() => new Promise((done) => {
  const side = document.querySelector(".side");
  let last = performance.now(), frames = [];
  const step = (now) => {
    frames.push(now - last), (last = now), (side.scrollTop += 240);
    side.scrollTop + side.clientHeight < side.scrollHeight - 1 ? requestAnimationFrame(step) : done(frames.slice(1));
  };
  requestAnimationFrame(step);
})"""
KEY = """() => new Promise((done) => {
  const begun = performance.now();
  const at = document.activeElement;
  at.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true }));
  const painted = () => setTimeout(() => done(performance.now() - begun));
  const look = () => (document.activeElement !== at ? painted() : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""


@dataclass
class Load:
    """One cold page: what came over the wire, and when it worked."""

    bytes: int = 0
    fonts: int = 0
    requests: int = 0
    urls: dict[str, str] = field(default_factory=dict)


def measure(stage: Stage) -> list[Figure]:
    """Each load in a Chromium context that has never been there."""
    thread = opening.filled(stage, stage.size.short)
    with stage.server() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=ARGUMENTS)
        small = _page(browser, stage, served, thread)
        finding.fill(stage)
        large = _sidebar(browser, stage, served, thread)
        browser.close()
    return [*small, *large]


def _page(browser: Browser, stage: Stage, served: Served, thread: UUID) -> list[Figure]:
    first, loads, clicks, dialogs = [], [], [], []
    for n in range(stage.size.rounds + 1):
        with _window(browser, stage, stage.people[3]) as (page, cdp):
            load = _listen(cdp)
            page.goto(f"{served.origin}/o/{SLUG}/t/{thread}", wait_until="commit")
            took = page.evaluate(FIRST_CLICK)
            page.locator(READY).wait_for()
            page.wait_for_timeout(1500)
            _close(page)
            if n:  # the first one warms the server
                first.append(took / 1000)
                loads.append(load)
            for _ in range(CLICKS):
                clicks.append(page.evaluate(CLICK, ["details.menu summary", "details.menu[open]"]))
                page.evaluate(CLICK, ["details.menu summary", "details.menu:not([open])"])
                dialogs.append(page.evaluate(CLICK, ["[data-verb=new-channel]", "[role=dialog]"]))
                _close(page)
    whole, fonts = middle([each.bytes for each in loads]), middle([each.fonts for each in loads])
    return [
        Figure("page", "a cold thread's page, with fonts", whole / 1000, "kB", at_most=400),
        Figure("page", "the same without fonts", (whole - fonts) / 1000, "kB"),
        Figure("page", "its requests", middle([each.requests for each in loads]), ""),
        Figure("page", "the first click that works", middle(first), "s", at_most=0.8),
        Figure("page", "click to result p50, in the page", middle(clicks), "ms", at_most=20),
        Figure("page", "click to result p50, by the server", middle(dialogs), "ms"),
    ]


def _close(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator("[role=dialog]").wait_for(state="detached")


def _sidebar(browser: Browser, stage: Stage, served: Served, thread: UUID) -> list[Figure]:
    with _window(browser, stage, stage.people[3]) as (page, _):
        page.goto(f"{served.origin}/o/{SLUG}/t/{thread}")
        page.locator(READY).wait_for()
        page.wait_for_timeout(1500)
        page.evaluate(LONG_TASKS)
        frames = [frame for _ in range(3) for frame in _scrolled(page)]
        rows = page.locator("[data-channel]").count()
        page.evaluate("document.querySelector('.side').scrollTop = 0")
        page.wait_for_timeout(200)
        page.locator("[data-channel]").first.focus()
        keys = [page.evaluate(KEY) for _ in range(60)]
        _write_everywhere(stage)
        page.locator("[data-channel] .count").first.wait_for()
        page.wait_for_timeout(500)
        longest = max([*page.evaluate("window.longest"), 0.0])
    return [
        Figure("page", "1,000 channels: rows in the page", rows, ""),
        Figure("page", "1,000 channels: a frame while scrolling, p95", percentile(frames, 0.95), "ms"),
        Figure("page", "1,000 channels: a key until the focus, p95", percentile(keys, 0.95), "ms", at_most=LONGEST),
        Figure("page", "1,000 channels: the longest task", longest, "ms", at_most=LONGEST),
    ]


def _scrolled(page: Page) -> list[float]:
    """Times between frames, from the top of the sidebar to its end."""
    page.evaluate("document.querySelector('.side').scrollTop = 0")
    return list(page.evaluate(SCROLL))


def _write_everywhere(stage: Stage) -> None:
    """A message in each of many channels: their counts change under the person's eyes."""
    with stage.admin.connect() as connection:
        threads = connection.execute(text("select id from dfworx.threads where is_default limit 40")).scalars().all()
    with httpx.Client(headers=stage.headers(stage.people[-1])) as client:
        for thread in threads:
            client.post(stage.api(f"/threads/{thread}/messages"), json={"source": "news"}).raise_for_status()


@contextmanager
def _window(browser: Browser, stage: Stage, member: Member) -> Iterator[tuple[Page, CDPSession]]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    cookie: Any = {"name": identity.cookie_name(), "value": identity.token(member), "url": stage.settings.origin}
    context.add_cookies([cookie])
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def _listen(cdp: CDPSession) -> Load:
    """Count what comes over the wire, compressed as it is."""
    load = Load()
    cdp.send("Network.enable")
    cdp.on("Network.requestWillBeSent", lambda told: load.urls.update({told["requestId"]: told["request"]["url"]}))

    def done(told: dict[str, Any]) -> None:
        url = load.urls.get(told["requestId"], "")
        if url.startswith("http"):
            load.requests += 1
            load.bytes += told["encodedDataLength"]
            load.fonts += told["encodedDataLength"] if FONT.search(url) else 0

    cdp.on("Network.loadingFinished", done)
    return load
