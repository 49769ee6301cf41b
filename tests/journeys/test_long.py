"""A thread of 100,000 messages, and a sidebar of 1,000 channels: what is looked at is there, and nothing jumps."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, text

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready, message, say

MANY, READ = 100_000, 60_000
FILL = text(
    """insert into dfworx.messages
         (id, created_at, organization_id, thread_id, author_id, seq, version, revision, client_key, source, html)
       select gen_random_uuid(), now() - make_interval(mins => :many - n), :organization, :thread,
         (cast(:authors as uuid[]))[1 + (n / 3) % 3], n, n, 1, gen_random_uuid(), 'line ' || n,
         '<p>line ' || n || repeat(' and on and on and on', (n * 7) % 40) || '</p>'
       from generate_series(1, :many) n"""
)
GROW = text("update dfworx.threads set last_seq = :many, version = :many, last_message_at = now() where id = :thread")
MARK = text("insert into dfworx.read_markers values (gen_random_uuid(), now(), :organization, :thread, :reader, :seq)")
ON_SCREEN = """(el) => {
  const box = el.getBoundingClientRect();
  return [...el.querySelectorAll("article[data-seq]")]
    .map((row) => [Number(row.dataset.seq), row.getBoundingClientRect()])
    .map(([seq, { top, height }]) => [seq, top - box.top, height])
    .filter(([, top, height]) => top + height > 0 && top < box.height);
}"""


@pytest.fixture
def long(cast: Cast, admin: Connection) -> Cast:
    """The thread about retries has become very long; Ada has read more than half of it."""
    tenant = {"organization": cast.acme, "thread": cast.retries}
    authors = [str(cast.people[nick].membership_id) for nick in ("ben", "cy", "dia")]
    admin.execute(FILL, {**tenant, "many": MANY, "authors": authors})
    admin.execute(GROW, {"many": MANY, "thread": cast.retries})
    admin.execute(MARK, {**tenant, "reader": cast.ada.membership_id, "seq": READ})
    return cast


def on_screen(page: Page) -> list[Any]:
    """(seq, pixels from the top) of the messages that can be seen."""
    return page.locator("[data-list=messages]").evaluate(ON_SCREEN)


def test_it_opens_where_the_unread_begins_with_few_rows_in_the_page(window: Window, long: Cast):
    page = window(long.ada, address(long, long.retries))
    is_ready(page)
    expect(page.get_by_text("New", exact=True)).to_be_in_viewport()
    expect(page.locator(f"#m{READ + 1}")).to_be_in_viewport()
    assert page.locator("article.msg").count() < 120


def test_it_scrolls_both_ways_without_a_jump(window: Window, long: Cast):
    page = window(long.ada, address(long, long.retries))
    is_ready(page)
    expect(page.locator(f"#m{READ + 1}")).to_be_in_viewport()
    page.wait_for_timeout(1000)  # fonts
    for step in [-350] * 12 + [350] * 24:
        before = {seq: top for seq, top, _ in on_screen(page)}
        page.locator("[data-list=messages]").evaluate("(el, by) => el.scrollBy(0, by)", step)
        page.wait_for_timeout(150)
        after = {seq: top for seq, top, _ in on_screen(page)}
        moved = [after[seq] - before[seq] for seq in before.keys() & after.keys()]
        assert moved, "nothing that was on the screen is still there"
        assert all(abs(by + step) < 3 for by in moved), (step, moved)
        seqs = sorted(after)
        assert seqs == [*range(seqs[0], seqs[-1] + 1)]


def test_it_jumps_to_any_message_and_to_its_ends(window: Window, long: Cast):
    for seq in (5, 31_337, MANY - 1):
        page = window(long.ada, f"{address(long, long.retries)}#m{seq}")
        expect(page.locator(f"#m{seq}")).to_be_in_viewport()
        expect(page.locator(f"#m{seq}")).to_be_focused()
    timeline = page.locator("[data-list=messages]")
    page.wait_for_timeout(500)  # where it jumped to it stays for a moment, whatever rows turn out to measure
    timeline.evaluate("(el) => { el.scrollTop = el.scrollHeight / 2 }")  # as somebody who drags the scroll bar
    expect(page.locator(f"#m{MANY - 1}")).not_to_be_in_viewport()
    expect(page.locator(".hole")).to_have_count(0)
    assert abs(on_screen(page)[0][0] - MANY / 2) < MANY / 10
    timeline.press("Home")
    expect(page.locator("#m1")).to_be_in_viewport()
    page.get_by_role("button", name="Latest messages").click()
    expect(page.locator(f"#m{MANY}")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Latest messages")).to_have_count(0)
    page.wait_for_timeout(500)
    timeline.press("Home")
    expect(page.locator("#m1")).to_be_in_viewport()
    say(page, "at the end of it all")
    expect(message(page, "at the end of it all")).to_be_in_viewport()


def test_it_keeps_its_place_when_rows_above_grow_and_when_others_write(window: Window, long: Cast):
    page = window(long.ada, f"{address(long, long.retries)}#m5000")
    expect(page.locator("#m5000")).to_be_focused()
    before = {seq: top for seq, top, _ in on_screen(page)}
    page.locator(f"#m{min(before) - 1} .prose").evaluate("(el) => { el.style.paddingBottom = '400px' }")
    ben = window(long.ben, address(long, long.retries))
    is_ready(ben)
    say(ben, "far below")
    expect(ben.get_by_text("sending…")).to_have_count(0)
    page.wait_for_timeout(500)
    after = {seq: top for seq, top, _ in on_screen(page)}
    assert all(abs(after[seq] - before[seq]) < 3 for seq in before.keys() & after.keys())
    assert 5000 in after


def test_at_the_end_it_stays_there_when_an_image_comes_and_when_the_composer_grows(window: Window, long: Cast):
    page = window(long.ada, f"{address(long, long.retries)}#m{MANY}")
    expect(page.locator(f"#m{MANY}")).to_be_in_viewport()
    page.locator(f"#m{MANY} .prose").evaluate("(el) => { el.style.paddingBottom = '300px' }")
    composer(page).fill("one\ntwo\nthree\nfour\nfive\nsix\nseven")
    page.wait_for_timeout(300)
    gap = page.locator("[data-list=messages]").evaluate("(el) => el.scrollHeight - el.scrollTop - el.clientHeight")
    assert gap < 3


def test_a_sidebar_of_a_thousand_channels_has_few_rows_in_the_page(window: Window, cast: Cast, admin: Connection):
    make = text(
        """insert into dfworx.places (id, created_at, organization_id, created_by, kind, visibility, description, name)
           select gen_random_uuid(), now(), :organization, :by, 'channel', 'organization', '',
             'channel-' || lpad(n::text, 4, '0')
           from generate_series(1, 1000) n"""
    )
    admin.execute(make, {"organization": cast.acme, "by": cast.ada.membership_id})
    page = window(cast.ada, f"/o/{cast.slug}")
    first = page.locator("[data-channel=channel-0001]")
    is_ready(page)  # home leads on to a thread
    expect(first).to_be_visible()
    assert page.locator("[data-channel]").count() < 120
    page.locator(".side").evaluate("(el) => { el.scrollTop = el.scrollHeight }")
    last = page.locator("[data-channel=channel-1000]")
    expect(last).to_be_in_viewport()
    page.wait_for_timeout(300)
    last.click()
    expect(page).to_have_url(re.compile(r"/c/"))
    expect(page.get_by_role("heading", name="channel-1000")).to_be_visible()
    expect(last).to_have_attribute("aria-current", "page")
    expect(last).to_be_in_viewport()
