"""Jumping to a date, copying as Markdown, the history's differences, an edit over a reload, an archived channel."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, text

from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready, message, say, stored

DATED = text("update dfworx.messages set created_at = now() - (400 - seq) * interval '1 day' where thread_id = :thread")


@pytest.fixture
def ada(window: Window, cast: Cast, admin: Connection) -> Page:
    """Ada, in a thread of a year."""
    talk(admin, cast.ben, cast.retries, *[f"Day {n}" for n in range(400)])
    admin.execute(DATED, {"thread": cast.retries})
    page = window(cast.ada, address(cast, cast.retries), permissions=["clipboard-read", "clipboard-write"])
    is_ready(page)
    return page


def test_a_date_leads_to_its_first_message(ada: Page):
    day = ada.evaluate("new Date(Date.now() - 200 * 864e5).toLocaleDateString('sv')")
    ada.get_by_title("Jump to a date").click()
    ada.get_by_label("Jump to the first message of").fill(day)
    expect(ada.locator("article.msg[data-seq='200'], article.msg[data-seq='199']").first).to_be_in_viewport()


def test_one_message_and_the_thread_are_copied_as_markdown(ada: Page):
    say(ada, "**bold** and `code`")
    row = message(ada, "bold and code")
    expect(row.locator("strong")).to_be_visible()
    row.hover()
    row.get_by_role("button", name="Copy as Markdown").click()
    expect(ada.get_by_text("Copied as Markdown.")).to_be_visible()
    assert ada.evaluate("navigator.clipboard.readText()") == "**bold** and `code`"
    ada.get_by_role("button", name="as Markdown").first.click()
    for _ in range(50):
        if ada.evaluate("navigator.clipboard.readText()").startswith("# Retries"):
            break
        ada.wait_for_timeout(100)
    copied = ada.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("# Retries on the ingest queue\n\n**Ben Okafor**")
    assert copied.endswith("**bold** and `code`\n")


def test_the_history_marks_what_came_and_went(ada: Page):
    say(ada, "we retry twice")
    stored(ada, "we retry twice")
    row = message(ada, "we retry twice")
    row.hover()
    row.get_by_role("button", name="Edit").click()
    composer(ada).fill("we retry thrice")
    ada.keyboard.press("Enter")
    message(ada, "thrice").get_by_role("button", name="edited").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.locator("del")).to_have_text("twice")
    expect(dialog.locator("ins")).to_have_text("thrice")


def test_an_edit_in_progress_outlives_the_page(ada: Page):
    say(ada, "half")
    stored(ada, "half")
    row = message(ada, "half")
    row.hover()
    row.get_by_role("button", name="Edit").click()
    expect(composer(ada)).to_have_value("half")
    composer(ada).fill("half done")
    ada.reload()
    is_ready(ada)
    expect(ada.get_by_text("Editing your message")).to_be_visible()
    expect(composer(ada)).to_have_value("half done")
    composer(ada).press("Escape")
    expect(composer(ada)).to_have_value("")


def test_an_archived_channel_takes_nothing_and_says_why(ada: Page, cast: Cast):
    path = f"/api/v1/organizations/{cast.slug}/channels/{cast.general}/archival"
    ada.evaluate("path => fetch(path, {method: 'PUT'})", path)
    expect(ada.get_by_text("This channel is archived. Restore it to write here.")).to_be_visible()
    expect(composer(ada)).to_be_disabled()
    ada.reload()
    is_ready(ada)
    expect(composer(ada)).to_be_disabled()
    ada.evaluate("path => fetch(path, {method: 'DELETE'})", path)
    expect(composer(ada)).to_be_enabled()


def test_threads_of_a_channel_are_filtered_by_title(ada: Page, cast: Cast):
    ada.goto(f"/o/{cast.slug}/c/{cast.general}")
    rows = ada.locator("#main [data-list=threads] .row")
    expect(rows).to_have_count(2)
    ada.get_by_label("Filter threads by title").press_sequentially("gest retr", delay=20)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Retries on the ingest queue")
    ada.get_by_label("Filter threads by title").fill("nothing like it")
    expect(ada.get_by_text("No thread fits")).to_be_visible()
    ada.get_by_label("Filter threads by title").fill("")
    expect(rows).to_have_count(2)


def test_what_was_read_stays_read_after_a_reload(window: Window, cast: Cast, admin: Connection):
    talk(admin, cast.ben, cast.retries, *"abc")
    page = window(cast.cy, address(cast, cast.retries))
    is_ready(page)
    count = page.locator("[data-channel=general] .count")
    expect(count).to_have_count(0)
    page.wait_for_timeout(500)
    page.goto(address(cast, cast.lobby))
    is_ready(page)
    expect(count).to_have_count(0)
    page.reload()
    is_ready(page)
    expect(count).to_have_count(0)
    expect(page.locator("[data-new]")).to_have_count(0)
