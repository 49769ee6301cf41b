"""What waits for somebody, and what holds no more: found, looked at, put right, with others looking on."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dfworx.core import clock
from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.test_deciding import ask, drafted, is_shown
from tests.journeys.test_looks import DESK, PHONE, look_at
from tests.serving import Served

Propose = Callable[..., str]


def section(page: Page, name: str) -> list[str]:
    """The titles that stand in a section of the inbox."""
    return page.get_by_role("list", name=name).locator(".title").all_inner_texts()


@pytest.fixture
def proposed(cast: Cast, server: Served) -> Propose:
    """`proposed(page, "Title", asked=[…])`: a proposal of whoever looks through the window; its address."""

    def propose(
        page: Page, title: str, *, asked: tuple[str, ...] = (), instead_of: tuple[int, ...] = (), **words: object
    ) -> str:
        path = drafted(page, server, cast, title=title, **words)
        rule = {"quorum": len(asked), "comment_hours": 72 if asked else 0}
        where = f"/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}/proposal"
        record = ask(page, server, "PUT", where, asked=list(asked), rule=rule, supersedes=list(instead_of))
        return f"/o/{cast.slug}/d/{record['address']}"

    return propose


@pytest.mark.timeout(120)
def test_the_inbox_says_what_waits_and_for_how_long(window: Window, cast: Cast, server: Served, proposed: Propose):
    cy = window(cast.cy, f"/o/{cast.slug}/inbox")
    expect(cy.get_by_text("Nothing waits for you")).to_be_visible()
    expect(cy.locator(".app[data-ready=true]")).to_be_visible()
    ben = window(cast.ben, "/account")
    path = proposed(ben, "Keep messages in Postgres", asked=(str(cast.cy.membership_id),))
    entry = cy.get_by_role("navigation", name="Workspace").get_by_role("link", name="Inbox")
    expect(entry).to_contain_text("1 needs you")
    expect(entry).to_have_attribute("aria-current", "page")
    assert section(cy, "Your position") == ["Keep messages in Postgres"]

    ben.goto(path)
    is_shown(ben)
    cy.get_by_role("listitem").filter(has_text="Keep messages").click()
    is_shown(cy)
    cy.get_by_role("button", name="Raise a concern …").click()
    dialog = cy.get_by_role("dialog")
    dialog.get_by_label("What has to be settled first?").fill("Who backs it up?")
    dialog.get_by_role("button", name="Raise it").click()
    expect(entry).not_to_contain_text("need")
    expect(cy.locator(".stands .chip")).to_have_text(["concern"])
    expect(cy.locator(".yours")).to_contain_text("holding this. You are asked again when it is settled.")
    cy.get_by_role("button", name="Agree", exact=True).click()
    expect(cy.locator(".yours")).to_contain_text("You agree.")
    expect(cy.locator(".yours")).to_contain_text("Your concern is holding this.")
    expect(cy.locator(".yours")).not_to_contain_text("You are asked again")
    expect(ben.locator(".stands .chip")).to_have_text(["agree", "concern"])
    expect(ben.get_by_role("link", name="Inbox").first).to_contain_text("1 needs you")
    ben.locator("main").press("g")
    ben.locator("main").press("i")
    expect(ben.get_by_role("list", name="Concerns on what you decide")).to_contain_text("on hold · 1 concern")


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_it_can_be_used_by_everybody(
    window: Window, cast: Cast, server: Served, proposed: Propose, size: dict[str, int], scheme: str
):
    page = window(cast.ben, "/account", viewport=size, color_scheme=scheme)
    look_at(page, "empty inbox", f"/o/{cast.slug}/inbox")
    path = proposed(page, "Keep messages in Postgres", asked=(str(cast.ben.membership_id),))
    decision = f"/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}"
    ask(page, server, "POST", f"{decision}/concerns", title="Who backs it up?")
    proposed(page, "Where it runs", asked=(str(cast.ben.membership_id),))
    look_at(page, "inbox", f"/o/{cast.slug}/inbox")
    expect(page.get_by_role("list", name="Your position")).to_be_visible()


def test_what_is_rejected_is_held_by_no_concern(window: Window, cast: Cast, server: Served, proposed: Propose):
    ben = window(cast.ben, "/account")
    path = proposed(ben, "Keep messages in Postgres", asked=(str(cast.ben.membership_id),))
    decision = f"/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}"
    ask(ben, server, "POST", f"{decision}/concerns", title="Who backs it up?")
    ben.goto(path)
    is_shown(ben)
    expect(ben.get_by_label("Open concern")).to_contain_text("Who backs it up?")
    expect(ben.locator(".facts-side")).to_contain_text("no open concern")
    ask(ben, server, "PUT", f"{decision}/rejection", reason="Nobody does.")
    expect(ben.locator(".concern")).to_contain_text("Concern, open when it was rejected")
    expect(ben.get_by_label("Open concern")).to_have_count(0)
    expect(ben.locator(".concern").get_by_role("button")).to_have_count(0)
    expect(ben.locator(".stands .chip")).not_to_have_class(re.compile("stop"))
    expect(ben.locator(".facts-side")).not_to_contain_text("no open concern")
    expect(ben.locator(".yours")).not_to_contain_text("holding")


def test_whoever_begins_anew_sees_what_may_be_decided_already(window: Window, cast: Cast, proposed: Propose):
    page = window(cast.ben, "/account")
    path = proposed(page, "Keep messages in Postgres", asked=(str(cast.cy.membership_id),))
    dialog = page.get_by_role("dialog")
    for where, button in (
        (f"/o/{cast.slug}/decisions", "New decision"),
        (f"/o/{cast.slug}/c/{cast.general}", "New thread"),
    ):
        page.goto(where)
        expect(page.locator(".app[data-ready=true]")).to_be_visible()
        for title, found in (("Where do messages in Postgres go?", 1), ("Lunch", 0)):
            page.get_by_role("button", name=button).first.click()
            expect(dialog.locator(".similar")).to_have_count(0)
            dialog.get_by_label("Title").fill(title)
            expect(dialog.locator(".similar a")).to_have_count(found)
            if found:
                with page.context.expect_page() as opened:
                    dialog.locator(".similar a").click()
                expect(opened.value).to_have_url(re.compile(path))
                opened.value.close()
                expect(dialog.get_by_label("Title")).to_have_value(title)
            page.keyboard.press("Escape")


def test_what_is_to_be_replaced_is_not_what_may_be_decided_already(window: Window, cast: Cast, proposed: Propose):
    page = window(cast.ben, "/account")
    proposed(page, "Where attachments of messages are kept")
    path = proposed(page, "Keep messages in Postgres")
    page.goto(path)
    is_shown(page)
    page.get_by_label("More").click()
    page.get_by_role("button", name="Supersede …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Keep messages in SQLite")
    expect(dialog.locator(".similar a")).to_contain_text(["Where attachments of messages are kept"])


def filter_by_key(page: Page) -> None:
    """Open the fields and close them, by both keys that do it; the focus goes there and back."""
    chip = page.get_by_role("link", name="Drafts")
    for key in ("f", "Escape"):
        expect(chip).to_be_focused()
        page.keyboard.press("f")
        expect(page.get_by_role("group", name="Filter by").get_by_role("button", name="Tags")).to_be_focused()
        page.keyboard.press(key)
        expect(page.get_by_role("group", name="Filter by")).to_have_count(0)
    expect(chip).to_be_focused()


def test_the_register_as_it_stood_and_as_a_picture_with_what_happens_meanwhile(
    window: Window, cast: Cast, proposed: Propose
):
    page = window(cast.ben, "/account")
    path = proposed(page, "Keep messages in Postgres", asked=(str(cast.cy.membership_id),))
    here = f"/o/{cast.slug}/decisions"
    guest = window(cast.gus, here)
    expect(guest.get_by_text("Those in your channels stand here.")).to_be_visible()
    look_at(page, "today", f"{here}?as_of={clock.now():%Y-%m-%d}")
    expect(page.get_by_role("list", name="Decisions")).to_contain_text("Keep messages in Postgres")
    proposed(page, "Keep files in Postgres")
    expect(page.get_by_role("list", name="Decisions")).to_contain_text("accepted")
    parts = page.get_by_role("navigation", name="Which decisions")
    expect(parts).to_have_text(re.compile(r"^\D+$"))  # of a day nothing is counted
    page.get_by_label("Show the register as it stood").fill("2020-01-31")
    expect(page.get_by_text("There was nothing yet")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="31 January 2020")).to_be_visible()
    page.get_by_role("button", name="Back to today").click()
    expect(page.get_by_role("list", name="Decisions")).to_contain_text("proposed")

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    parts.get_by_role("link", name="Drafts").click()
    expect(page.get_by_role("list", name="Decisions")).to_have_count(0)
    assert len([url for url in asked if "status=draft" in url]) == 1, asked
    filter_by_key(page)
    page.go_back()
    expect(page.get_by_role("list", name="Decisions")).to_contain_text("Keep messages in Postgres")
    expect(parts.get_by_role("link", name="All")).to_have_attribute("aria-current", "true")

    look_at(page, "timeline", f"{here}?show=timeline")
    expect(page.locator(".chronicle a")).to_have_count(2)
    field = page.get_by_label("Filter decisions by title or number")
    field.press_sequentially("keep messages", delay=200)  # across what the address says meanwhile
    expect(page.locator(".chronicle a")).to_have_count(1)
    page.wait_for_url("**?show=timeline&title=keep+messages")
    expect(field).to_be_focused()
    expect(field).to_have_value("keep messages")
    expect(parts.get_by_role("link", name="All 1", exact=True)).to_be_visible()
    page.locator(".chronicle a").click()
    is_shown(page)
    page.go_back()
    expect(field).to_have_value("keep messages")
    expect(page.locator(".chronicle a")).to_have_count(1)
    page.goto(f"{here}?show=timeline")
    for part in ("Needs me 0", "Open 1", "In force 1", "All 2"):
        expect(parts.get_by_role("link", name=part, exact=True)).to_be_visible()
    proposed(page, "Keep files elsewhere", instead_of=(2,))
    expect(page.locator(".chronicle .edge")).to_have_count(1)
    expect(parts.get_by_role("link", name="All 3", exact=True)).to_be_visible()
    page.locator(".chronicle a").last.click()
    expect(page).to_have_url(re.compile(path))
