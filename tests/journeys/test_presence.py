"""Who types and who is online, on the screens of others."""

from playwright.sync_api import expect
from sqlalchemy import Connection

from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready

DOT = "id => getComputedStyle(document.querySelector(`.av[data-member='${id}']`), '::after').display"


def test_typing_is_seen_and_passes(window: Window, cast: Cast):
    ada = window(cast.ada, address(cast, cast.retries))
    ben = window(cast.ben, address(cast, cast.retries))
    for page in (ada, ben):
        is_ready(page)
    composer(ben).press_sequentially("hello")
    expect(ada.get_by_text("Ben Okafor is typing…")).to_be_visible()
    expect(ben.locator(".typing")).to_have_text("")
    composer(ben).press("Enter")
    expect(ada.get_by_text("Ben Okafor is typing…")).to_have_count(0)
    composer(ben).press_sequentially("a")
    ada.wait_for_timeout(3200)
    composer(ben).press_sequentially("b")
    expect(ada.get_by_text("Ben Okafor is typing…")).to_be_visible()
    expect(ada.get_by_text("Ben Okafor is typing…")).to_have_count(0, timeout=8000)


def test_a_dot_says_who_is_online_and_one_may_hide_it(window: Window, cast: Cast, admin: Connection):
    talk(admin, cast.ben, cast.retries, "First")
    ada = window(cast.ada, address(cast, cast.retries))
    is_ready(ada)
    expect(ada.locator(f".av[data-member='{cast.ben.membership_id}']")).to_be_visible()
    assert ada.evaluate(DOT, str(cast.ben.membership_id)) == "none"
    ben = window(cast.ben, f"/o/{cast.slug}/members")
    expect(ben.locator(".app[data-ready=true]")).to_be_visible()
    for _ in range(50):
        if ada.evaluate(DOT, str(cast.ben.membership_id)) != "none":
            break
        ada.wait_for_timeout(100)
    assert ada.evaluate(DOT, str(cast.ben.membership_id)) != "none"
    ben.goto("/account")
    ben.get_by_label("Show others when I am online").click()
    expect(ben.get_by_text("You are not shown as online.")).to_be_visible()
    ben.reload()
    expect(ben.get_by_label("Show others when I am online")).not_to_be_checked()
