"""Fast fingers: the palette, the keys and their help, where the focus is, what a screen reader hears."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, insert

from dfworx.channels.models import Place
from dfworx.threads.models import Thread
from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready, message, say, stored


@pytest.fixture
def ada(window: Window, cast: Cast, admin: Connection) -> Page:
    """Ada, in a thread of three messages."""
    talk(admin, cast.ben, cast.retries, "First", "Second", "Third")
    page = window(cast.ada, address(cast, cast.retries))
    is_ready(page)
    return page


def until(page: Page, seen: str) -> None:
    """Wait for what an expression tells; Playwright's own waiting needs eval, which the pages forbid."""
    for _ in range(100):
        if page.evaluate(seen):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{seen}, but it is {page.evaluate('document.activeElement.outerHTML')[:300]}")


class TestPalette:
    """Ctrl K, some letters, Enter."""

    def test_it_goes_to_threads_channels_and_people(self, ada: Page, cast: Cast):
        ada.keyboard.press("Control+k")
        field = ada.get_by_role("combobox", name="What to look for")
        expect(field).to_be_focused()
        field.fill("offer")
        expect(ada.get_by_role("option", name="Offers")).to_have_attribute("aria-selected", "true")
        ada.keyboard.press("Enter")
        expect(ada).to_have_url(re.compile(f"/t/{cast.offers}"))
        expect(ada.get_by_role("heading", name="Offers")).to_be_visible()
        is_ready(ada)
        ada.keyboard.press("Control+k")
        expect(field).to_be_focused()
        ada.keyboard.type("gen")
        expect(ada.get_by_role("option", name="general")).to_have_attribute("aria-selected", "true")
        ada.keyboard.press("Enter")
        expect(ada).to_have_url(re.compile(f"/c/{cast.general}"))
        expect(ada.locator("#main [data-live-list=list][data-list=threads][data-ready=true]")).to_be_visible()
        ada.keyboard.press("Control+k")
        expect(field).to_be_focused()
        ada.keyboard.type("okaf")
        expect(ada.get_by_role("option", name="Ben Okafor")).to_be_visible()
        ada.keyboard.press("Enter")
        expect(ada).to_have_url(re.compile(f"/members#{cast.ben.membership_id}"))

    def test_arrows_move_home_and_end_jump_and_escape_gives_the_focus_back(self, ada: Page):
        expect(composer(ada)).to_be_focused()
        ada.keyboard.press("Control+k")
        expect(ada.get_by_role("combobox", name="What to look for")).to_be_focused()
        expect(ada.get_by_role("option", name="Retries")).to_be_visible()  # what the server adds has come
        ada.keyboard.press("ArrowDown")
        expect(ada.locator("#palette-1")).to_have_attribute("aria-selected", "true")
        ada.keyboard.press("End")
        expect(ada.get_by_role("option").last).to_have_attribute("aria-selected", "true")
        ada.keyboard.press("ArrowDown")
        expect(ada.locator("#palette-0")).to_have_attribute("aria-selected", "true")
        active = ada.get_by_role("combobox").get_attribute("aria-activedescendant")
        assert active == "palette-0"
        ada.keyboard.press("Escape")
        expect(ada.get_by_role("combobox")).to_have_count(0)
        expect(composer(ada)).to_be_focused()

    def test_it_does_what_the_page_offers_and_nothing_else(self, ada: Page, window: Window, cast: Cast):
        ada.keyboard.press("Control+k")
        expect(ada.get_by_role("combobox", name="What to look for")).to_be_focused()
        ada.keyboard.type("resol")
        ada.keyboard.press("Enter")
        expect(ada.locator(".msg.system")).to_contain_text("resolved this thread")
        gus = window(cast.gus, f"/o/{cast.slug}/members")
        expect(gus.locator(".app[data-ready=true]")).to_be_visible()
        gus.keyboard.press("Control+k")
        expect(gus.get_by_role("combobox", name="What to look for")).to_be_focused()
        gus.keyboard.type("resol")
        expect(gus.get_by_text("Nothing is called that.")).to_be_visible()
        gus.get_by_role("combobox").fill("new decision")
        expect(gus.get_by_text("Nothing is called that.")).to_be_visible()  # guests begin none

    def test_a_decision_is_begun_from_everywhere_once(self, ada: Page, cast: Cast):
        there, dialog = ada.url, ada.get_by_role("dialog", name="New decision")
        ada.keyboard.press("Control+k")
        expect(ada.get_by_role("combobox", name="What to look for")).to_be_focused()
        ada.keyboard.type("new decision")
        ada.keyboard.press("Enter")
        expect(dialog.get_by_label("Title")).to_be_focused()
        expect(ada).to_have_url(re.compile(f"/o/{cast.slug}/decisions$"))
        ada.go_back()
        expect(ada).to_have_url(there)
        is_ready(ada)
        ada.go_forward()
        expect(ada.get_by_text("No decisions yet")).to_be_visible()
        expect(dialog).to_have_count(0)
        ada.goto(f"/o/{cast.slug}/members")
        expect(ada.locator(".app[data-ready=true]")).to_be_visible()
        ada.keyboard.press("n")
        expect(dialog).to_be_visible()
        ada.keyboard.press("Escape")
        ada.reload()
        expect(ada.locator(".app[data-ready=true]")).to_be_visible()
        expect(dialog).to_have_count(0)

    def test_letters_in_their_order_are_enough_for_a_channel(self, ada: Page, cast: Cast):
        ada.keyboard.press("Control+k")
        expect(ada.get_by_role("combobox", name="What to look for")).to_be_focused()
        ada.keyboard.type("hrng")
        expect(ada.get_by_role("option", name="hiring")).to_be_visible()

    def test_on_a_phone_there_is_a_button(self, window: Window, cast: Cast):
        page = window(cast.ada, f"/o/{cast.slug}/c/{cast.general}", viewport={"width": 390, "height": 844})
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("combobox")).to_be_focused()


class TestKeys:
    """One key, one thing."""

    def test_the_help_lists_them_and_closes(self, ada: Page):
        composer(ada).blur()
        ada.keyboard.press("?")
        expect(ada.get_by_role("dialog", name="Keys")).to_contain_text("Next thread with something unread")
        tops: dict[float, float] = {}  # of the columns
        for heading in ada.locator("dialog h3").all():
            box = heading.bounding_box()
            assert box is not None
            tops.setdefault(box["x"], box["y"])
        assert len(tops) == 2
        assert len(set(tops.values())) == 1, tops
        ada.keyboard.press("Escape")
        expect(ada.get_by_role("dialog")).to_have_count(0)

    def test_none_works_while_one_types(self, ada: Page):
        composer(ada).press_sequentially("rejnkc?u")
        expect(composer(ada)).to_have_value("rejnkc?u")
        expect(ada.get_by_role("dialog")).to_have_count(0)

    def test_escape_and_letters_move_between_messages_and_answer(self, ada: Page):
        composer(ada).press("Escape")
        until(ada, "document.activeElement.dataset.seq === '3'")
        ada.keyboard.press("k")
        until(ada, "document.activeElement.dataset.seq === '2'")
        ada.keyboard.press("ArrowDown")
        until(ada, "document.activeElement.dataset.seq === '3'")
        ada.keyboard.press("r")
        expect(ada.get_by_text("Replying to Ben Okafor")).to_be_visible()
        expect(composer(ada)).to_be_focused()

    def test_e_edits_one_s_own_and_nobody_else_s(self, ada: Page):
        say(ada, "Mine")
        stored(ada, "Mine")
        composer(ada).press("Escape")
        until(ada, "document.activeElement.dataset.seq === '4'")
        ada.keyboard.press("e")
        expect(composer(ada)).to_have_value("Mine")
        composer(ada).press("Escape")
        composer(ada).press("Escape")
        ada.keyboard.press("k")
        until(ada, "document.activeElement.dataset.seq === '3'")
        ada.keyboard.press("e")
        expect(composer(ada)).to_have_value("")

    def test_rows_of_a_channel_and_back(self, ada: Page, cast: Cast):
        composer(ada).blur()
        ada.keyboard.press("u")
        expect(ada).to_have_url(re.compile(f"/c/{cast.general}"))
        expect(ada.locator("#main [data-live-list=list][data-list=threads][data-ready=true]")).to_be_visible()
        until(ada, "document.activeElement.tagName === 'H1'")
        ada.keyboard.press("j")
        until(ada, "document.activeElement.classList.contains('row')")
        ada.keyboard.press("n")
        expect(ada.get_by_role("dialog", name="New thread")).to_be_visible()
        ada.get_by_role("dialog").get_by_label("Title").fill("By key")
        ada.keyboard.press("Enter")
        expect(ada.get_by_role("heading", name="By key")).to_be_visible()
        expect(composer(ada)).to_be_focused()

    def test_alt_and_arrows_go_through_what_is_unread(self, ada: Page, cast: Cast, admin: Connection):
        talk(admin, cast.ben, cast.offers, "Unread")
        talk(admin, cast.ben, cast.lobby, "Unread too")
        seen = set()
        for _ in range(2):
            before = ada.url
            ada.keyboard.press("Alt+ArrowDown")
            until(ada, f"location.href !== '{before}'")
            seen.add(ada.url.split("/t/")[1][:36])
            is_ready(ada)
            expect(composer(ada)).to_be_focused()
        assert seen == {str(cast.offers), str(cast.lobby)}


class TestFocus:
    """It is never lost."""

    def test_after_a_deletion_it_is_at_the_message(self, ada: Page):
        say(ada, "Mine")
        row = message(ada, "Mine")
        expect(row.get_by_role("button", name="Delete")).to_have_count(1)
        row.focus()
        row.get_by_role("button", name="Delete").press("Enter")
        ada.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
        expect(ada.get_by_text("This message was deleted.")).to_be_visible()
        until(ada, "document.activeElement.dataset.seq === '4'")

    def test_after_a_thread_has_left_the_list_its_neighbor_has_it(self, window: Window, cast: Cast, admin: Connection):
        place = Place(organization_id=cast.acme, created_by=cast.ada.membership_id, name="platform")
        extra = Thread(
            organization_id=cast.acme, created_by=cast.ada.membership_id, place_id=cast.general, title="Another"
        )
        admin.execute(insert(Place).values(place.model_dump()))
        admin.execute(insert(Thread).values(extra.model_dump()))
        page = window(cast.ada, f"/o/{cast.slug}/c/{cast.general}")
        page.locator(".row").filter(has_text="Another").focus()
        path = f"/api/v1/organizations/{cast.slug}/threads/{extra.id}/channel"
        assert (
            page.evaluate(
                "([path, id]) => fetch(path, {method: 'PUT', headers: {'content-type': 'application/json'}, "
                "body: JSON.stringify({channel_id: id})}).then(a => a.status)",
                [path, str(place.id)],
            )
            == 200
        )
        expect(page.locator(".row").filter(has_text="Another")).to_have_count(0)
        until(page, "document.activeElement.classList.contains('row')")


def test_a_screen_reader_is_told_at_most_every_few_seconds(ada: Page, window: Window, cast: Cast):
    ben = window(cast.ben, address(cast, cast.retries))
    is_ready(ben)
    ada.evaluate(
        """() => { window.said = []; new MutationObserver(() =>
             window.said.push([performance.now(), document.getElementById('announcements').textContent]))
             .observe(document.getElementById('announcements'), {childList: true, characterData: true, subtree: true})
           }"""
    )
    for n in range(12):
        say(ben, f"Number {n}")
    expect(message(ada, "Number 11")).to_be_visible()
    for _ in range(60):  # it takes its time, and nobody is forgotten
        said = [(at, text) for at, text in ada.evaluate("window.said") if text]
        if sum(int(text.split()[0].replace("A", "1")) for _, text in said) == 12:
            break
        ada.wait_for_timeout(500)
    else:
        pytest.fail(f"not all were announced: {said}")
    assert all(text.strip().endswith("from Ben Okafor") for _, text in said)
    assert all(later - sooner > 4500 for (sooner, _), (later, _) in pairwise(said)), said


def test_one_s_own_messages_are_not_announced(ada: Page):
    say(ada, "Mine")
    expect(message(ada, "Mine")).to_be_visible()
    ada.wait_for_timeout(1500)
    expect(ada.locator("#announcements")).to_have_text("")


def test_the_tab_follows_when_somebody_renames_the_channel(window: Window, cast: Cast, ada: Page):
    page = window(cast.cy, f"/o/{cast.slug}/c/{cast.general}")
    expect(page).to_have_title("# general · DFWorX")
    path = f"/api/v1/organizations/{cast.slug}/channels/{cast.general}"
    ada.evaluate(
        "path => fetch(path, {method: 'PATCH', headers: {'content-type': 'application/json'}, "
        "body: JSON.stringify({name: 'everything'})})",
        path,
    )
    expect(page).to_have_title("# everything · DFWorX")
