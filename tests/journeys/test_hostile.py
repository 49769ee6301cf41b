"""Hostile texts through every field that people read: nothing runs, nothing is loaded."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Dialog, Page, Request, expect
from sqlalchemy import Connection, text

from dfworx.web import identity
from tests.cast import Cast, Member
from tests.journeys.conftest import Window
from tests.journeys.thread import address, is_ready
from tests.serving import Served
from tests.xss import XSS

STRANGE = """() => ({
  ran: window.pwned ?? null,
  scripts: [...document.querySelectorAll("[data-list] script, [data-list] iframe, [data-list] object")].length,
  handlers: [...document.querySelectorAll("[data-list] *")].filter(
    (el) => [...el.attributes].some((a) => a.name.startsWith("on"))).length,
  links: [...document.querySelectorAll("[data-list] a[href]")].filter(
    (a) => !["http:", "https:", "mailto:"].includes(a.protocol)).length,
})"""
NOTHING = {"ran": None, "scripts": 0, "handlers": 0, "links": 0}


@pytest.fixture
def ben(server: Served, cast: Cast) -> Iterator[httpx.Client]:
    """Ben's script."""
    with speaking(server, cast.ben) as client:
        yield client


def speaking(server: Served, member: Member) -> httpx.Client:
    """A REST client of somebody."""
    return httpx.Client(
        base_url=f"{server.base_url}/api/v1/organizations/{member.slug}",
        cookies={identity.cookie_name(): identity.token(member)},
        headers={"origin": server.base_url},
        timeout=30,
    )


def watched(page: Page) -> list[str]:
    """What a page must not do: open dialogs, ask other hosts."""
    seen: list[str] = []

    def refuse(dialog: Dialog) -> None:
        seen.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            seen.append(request.url)

    page.on("dialog", refuse)
    page.on("request", note)
    return seen


def test_nothing_runs_in_messages(window: Window, ben: httpx.Client, cast: Cast):
    for payload in XSS:
        assert ben.post(f"/threads/{cast.retries}/messages", json={"source": payload}).status_code == 201
    page = window(cast.ada)
    seen = watched(page)
    page.goto(address(cast, cast.retries))
    is_ready(page)
    last = page.locator(f"#m{len(XSS)}")
    for _ in range(40):
        page.locator("[data-list=messages]").evaluate("(el) => { el.scrollTop = el.scrollHeight }")
        page.wait_for_timeout(100)
        if last.count():
            break
    expect(last).to_be_visible()
    assert page.evaluate(STRANGE) == NOTHING
    assert seen == []


def test_nothing_runs_in_what_is_said_of_a_decision(window: Window, ben: httpx.Client, cast: Cast):
    draft = {"title": "One", "outcome": "Yes.", "channel_id": str(cast.general)}
    decision = f"/decisions/{ben.post('/decisions', json=draft).json()['id']}"
    ben.put(f"{decision}/proposal", json={"rule": {"quorum": 1}})
    for payload in [payload for payload in XSS if payload.isprintable()][:40]:
        raised = ben.post(f"{decision}/concerns", json={"title": payload[:200]})
        concern = raised.json()["concerns"][-1]["id"]
        assert ben.put(f"/concerns/{concern}/withdrawal", json={"reason": payload}).status_code == 200
    ben.post(f"{decision}/concerns", json={"title": XSS[0]})
    assert ben.put(f"{decision}/rejection", json={"reason": "\n\n".join(XSS)[:4000]}).status_code == 200
    page = window(cast.ada)
    seen = watched(page)
    page.goto(f"/o/{cast.slug}/d/{decision.rpartition('/')[2]}")
    expect(page.locator(".settled").last).to_be_visible()
    expect(page.locator(".note-line.reason")).to_contain_text(XSS[0])
    assert page.evaluate(STRANGE) == NOTHING
    assert seen == []


def test_nothing_runs_in_titles_and_names(window: Window, ben: httpx.Client, cast: Cast, admin: Connection):
    lines = [payload for payload in XSS if payload.isprintable()]
    hostile = str(cast.retries)
    for payload in lines[:40]:
        title = f"`{payload[:198]}`" if payload == lines[39] else payload[:200]  # code is set as code
        made = ben.post(f"/channels/{cast.general}/threads", json={"title": title})
        assert made.status_code == 201
        hostile = made.json()["id"]
    said = ben.post(f"/threads/{hostile}/messages", json={"source": "from somebody with a strange name"})
    assert said.status_code == 201
    naming = "update dfworx.{} set name = :name where id = :id"
    strange = '"><img src=x onerror=window.pwned=1>'
    admin.execute(text(naming.format("memberships")), {"name": strange, "id": cast.ben.membership_id})
    admin.execute(text(naming.format("places")), {"name": strange, "id": cast.general})
    admin.execute(text(naming.format("organizations")), {"name": strange, "id": cast.acme})
    page = window(cast.ada)
    seen = watched(page)
    for path in (f"/o/{cast.slug}/c/{cast.general}", address(cast, hostile), f"/o/{cast.slug}/members"):
        page.goto(path)
        expect(page.locator(".app[data-ready=true]")).to_be_visible()
        expect(page.get_by_text(strange).first).to_be_visible()
        assert page.evaluate(STRANGE) == NOTHING
    assert seen == []
