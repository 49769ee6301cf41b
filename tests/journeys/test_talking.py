"""Two people talk in a thread: live, with edits and deletions, through a lost connection."""

import re

import psutil
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, text

from dfworx.messages.validators import MAX_SOURCE
from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready, lines, message, say, stored
from tests.serving import Served


@pytest.fixture
def ada(window: Window, cast: Cast) -> Page:
    """Ada, in the thread about retries."""
    page = window(cast.ada, address(cast, cast.retries))
    is_ready(page)
    return page


@pytest.fixture
def ben(window: Window, cast: Cast) -> Page:
    """Ben, in the same thread."""
    page = window(cast.ben, address(cast, cast.retries))
    is_ready(page)
    return page


def test_what_one_says_the_other_sees(ada: Page, ben: Page):
    say(ben, "We lost **31** events, see `ECONNRESET`")
    expect(message(ada, "31 events").locator("code")).to_have_text("ECONNRESET")
    say(ada, "Agreed.")
    expect(message(ben, "Agreed.")).to_be_visible()
    assert lines(ada) == lines(ben) == ["We lost 31 events, see ECONNRESET", "Agreed."]


def test_ten_at_once_from_both_sides_stand_in_one_order_on_both_screens(ada: Page, ben: Page):
    for n in range(5):
        say(ada, f"a{n}")
        say(ben, f"b{n}")
    for page in (ada, ben):
        expect(page.locator("[data-list=messages] .prose")).to_have_count(10)
        expect(page.get_by_text("sending…")).to_have_count(0)
    assert lines(ada) == lines(ben)
    assert [line for line in lines(ada) if line[0] == "b"] == [f"b{n}" for n in range(5)]


def test_what_is_written_offline_arrives_once_when_the_connection_is_back(
    ada: Page, ben: Page, cast: Cast, admin: Connection
):
    say(ben, "before")
    expect(message(ada, "before")).to_be_visible()
    ben.context.set_offline(True)
    say(ada, "said while Ben was away")
    say(ben, "written offline 1")
    say(ben, "written offline 2")
    expect(message(ben, "written offline 2").get_by_text("sending…")).to_be_visible()
    ben.context.set_offline(False)
    everything = ["before", "said while Ben was away", "written offline 1", "written offline 2"]
    for page in (ada, ben):
        expect(message(page, "written offline 2")).to_be_visible()
        expect(message(page, "said while Ben was away")).to_be_visible()
        expect(page.get_by_text("sending…")).to_have_count(0)
    assert lines(ada) == lines(ben) == everything
    stored = text("select source from dfworx.messages where thread_id = :id order by seq")
    assert [row.source for row in admin.execute(stored, {"id": cast.retries})] == everything


def test_the_server_is_killed_while_one_types_and_nothing_is_lost(ada: Page, ben: Page, server: Served):
    say(ben, "before")
    expect(message(ada, "before")).to_be_visible()
    composer(ben).press_sequentially("half of a ")
    for child in psutil.Process(server.pid).children():
        child.kill()
    composer(ben).press_sequentially("thought")
    composer(ben).press("Enter")
    composer(ben).press_sequentially("and the next one")
    for page in (ada, ben):
        expect(message(page, "half of a thought")).to_be_visible()
        expect(page.get_by_text("sending…")).to_have_count(0)
        expect(page.locator("[data-list=messages] .prose")).to_have_count(2)
        is_ready(page)
    expect(composer(ben)).to_have_value("and the next one")
    say(ada, "who is back hears on")
    expect(message(ben, "who is back hears on")).to_be_visible()


def test_what_was_not_sent_survives_a_reload(ben: Page, ada: Page):
    ben.route("**/messages", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    say(ben, "kept in the browser")
    expect(message(ben, "kept in the browser").get_by_text("sending…")).to_be_visible()
    ben.unroute_all()
    ben.reload()
    expect(message(ada, "kept in the browser")).to_be_visible()
    expect(ben.locator("[data-list=messages] .prose")).to_have_count(1)


def test_what_the_server_refuses_says_why_and_goes_back_to_the_composer(ben: Page, cast: Cast, admin: Connection):
    admin.execute(text("update dfworx.places set archived_at = now() where id = :id"), {"id": cast.general})
    say(ben, "too late")
    refused = message(ben, "too late")
    expect(refused.get_by_role("alert")).to_contain_text("archived")
    refused.get_by_role("button", name="Back to the composer").click()
    expect(composer(ben)).to_have_value("too late")
    expect(ben.locator("[data-list=messages] .prose")).to_have_count(0)


def test_too_much_is_refused_before_it_leaves_and_nothing_is_lost(ben: Page):
    composer(ben).fill("x" * (MAX_SOURCE + 1))
    composer(ben).press("Enter")
    expect(ben.get_by_role("alert")).to_contain_text("40,000")
    expect(composer(ben)).to_have_value("x" * (MAX_SOURCE + 1))


def test_an_edit_is_seen_and_what_it_said_before_can_be_read(ada: Page, ben: Page):
    say(ben, "teh queue")
    message(ben, "teh queue").hover()
    message(ben, "teh queue").get_by_role("button", name="Edit").click()
    editing = composer(ben)
    expect(editing).to_have_value("teh queue")
    editing.fill("the queue")
    editing.press("Enter")
    expect(message(ada, "the queue")).to_be_visible()
    message(ada, "the queue").get_by_role("button", name="edited").click()
    expect(ada.get_by_role("dialog")).to_contain_text("teh queue")


def test_arrow_up_edits_the_last_one_and_escape_leaves_it(ben: Page):
    say(ben, "first")
    stored(ben, "first")
    composer(ben).press("ArrowUp")
    expect(composer(ben)).to_have_value("first")
    composer(ben).press("Escape")
    expect(composer(ben)).to_have_value("")


def test_a_reply_shows_what_it_answers(ada: Page, ben: Page):
    say(ben, "Who owns the dead letters?")
    message(ada, "dead letters?").hover()
    message(ada, "dead letters?").get_by_role("button", name="Reply").click()
    expect(ada.get_by_text("Replying to Ben Okafor")).to_be_visible()
    say(ada, "I do.")
    reply = message(ben, "I do.")
    expect(reply.get_by_role("link", name="Ben Okafor Who owns the dead letters?")).to_have_attribute(
        "href", re.compile("#m1$")
    )


def test_a_deleted_message_leaves_a_note_on_every_screen(ada: Page, ben: Page):
    say(ben, "wrong window")
    message(ben, "wrong window").hover()
    message(ben, "wrong window").get_by_role("button", name="Delete").click()
    ben.get_by_role("dialog").get_by_role("button", name="Delete").click()
    for page in (ada, ben):
        expect(page.get_by_text("This message was deleted.")).to_be_visible()
        expect(message(page, "wrong window")).to_have_count(0)


def test_resolving_and_renaming_are_seen_at_once(ada: Page, ben: Page):
    ada.get_by_role("button", name="Resolve").click()
    expect(ben.locator(".head").get_by_text("resolved")).to_be_visible()
    ada.get_by_role("button", name="Rename thread").click()
    ada.get_by_role("dialog").get_by_label("Title").fill("Backoff")
    ada.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(ben.get_by_role("heading", name="Backoff")).to_be_visible()


def test_a_draft_stays_with_its_thread(ben: Page, cast: Cast):
    composer(ben).fill("half a thou")
    ben.goto(address(cast, cast.lobby))
    expect(composer(ben)).to_have_value("")
    ben.goto(address(cast, cast.retries))
    expect(composer(ben)).to_have_value("half a thou")


def test_the_sidebar_counts_what_is_new_until_it_is_read(window: Window, ben: Page, cast: Cast):
    ada = window(cast.ada, f"/o/{cast.slug}/c/{cast.general}")
    expect(ada.locator(".app[data-ready=true]")).to_be_visible()
    general = ada.locator("[data-channel=general]")
    say(ben, "one")
    say(ben, "two")
    expect(general.locator(".count")).to_have_text("2")
    ada.get_by_role("listitem").filter(has_text="Retries").click()
    expect(ada.get_by_text("New", exact=True)).to_be_visible()
    expect(general.locator(".count")).to_have_count(0)


def test_a_new_thread_appears_on_the_channels_page_of_others(window: Window, cast: Cast):
    path = f"/o/{cast.slug}/c/{cast.general}"
    ada, ben = window(cast.ada, path), window(cast.ben, path)
    for page in (ada, ben):
        expect(page.locator(".app[data-ready=true]")).to_be_visible()
    ben.get_by_role("button", name="New thread").click()
    title = ben.get_by_role("dialog").get_by_label("Title")  # the list's filter has such a name as well
    title.fill("Dead letters")
    title.press("Enter")
    expect(ben.get_by_role("heading", name="Dead letters")).to_be_visible()
    expect(ben).to_have_url(re.compile(r"/t/"))
    expect(ada.get_by_role("listitem").filter(has_text="Dead letters")).to_be_visible()


def test_a_change_to_an_old_message_tears_no_gap(window: Window, cast: Cast, admin: Connection):
    old = cast_says(admin, cast, 120)[2]
    admin.execute(
        text("insert into dfworx.read_markers values (gen_random_uuid(), now(), :o, :t, :m, 120)"),
        {"o": cast.acme, "t": cast.retries, "m": cast.ada.membership_id},
    )
    ada = window(cast.ada, address(cast, cast.retries))
    ben = window(cast.ben, address(cast, cast.retries))
    is_ready(ada)
    expect(ada.locator("#m120")).to_be_visible()
    expect(ada.locator("#m3")).to_have_count(0)
    is_ready(ben)
    answer = ben.evaluate(
        """([slug, id]) => fetch(`/api/v1/organizations/${slug}/messages/${id}`, {
             method: "PATCH", headers: {"content-type": "application/json"}, body: JSON.stringify({source: "changed"}),
           }).then((answer) => answer.status)""",
        [cast.slug, str(old)],
    )
    assert answer == 200
    say(ben, "and on")
    expect(message(ada, "and on")).to_be_visible()
    for _ in range(60):
        ada.locator("[data-list=messages]").evaluate("(el) => { el.scrollTop = 0 }")
        ada.wait_for_timeout(50)
        if ada.locator("#m1").count():
            break
    seen = ada.locator("article.msg").evaluate_all("(rows) => rows.map((row) => Number(row.dataset.seq))")
    assert seen == [*range(1, seen[-1] + 1)]
    expect(ada.locator("#m3")).to_contain_text("changed")


def cast_says(admin: Connection, cast: Cast, many: int):
    """A long conversation of Ben's."""
    return talk(admin, cast.ben, cast.retries, *[f"line {n}" for n in range(1, many + 1)])


def test_a_permalink_leads_anywhere_in_a_long_thread(window: Window, cast: Cast, admin: Connection):
    cast_says(admin, cast, 160)
    page = window(cast.ada, f"{address(cast, cast.retries)}#m12")
    expect(page.locator("#m12")).to_be_in_viewport()
    page.goto(f"{address(cast, cast.retries)}#m150")
    expect(page.locator("#m150")).to_be_in_viewport()


def test_what_one_sends_is_seen_wherever_the_thread_was_open(window: Window, cast: Cast, admin: Connection):
    cast_says(admin, cast, 160)
    page = window(cast.ada, address(cast, cast.retries))
    is_ready(page)
    expect(page.get_by_text("New", exact=True)).to_be_in_viewport()
    expect(page.locator("#m160")).to_have_count(0)
    say(page, "at the end of it all")
    expect(message(page, "at the end of it all")).to_be_in_viewport()
    expect(page.get_by_text("sending…")).to_have_count(0)
    expect(page.locator("#m160")).to_be_visible()


def test_the_new_line_is_gone_when_one_comes_back(window: Window, ben: Page, cast: Cast):
    say(ben, "one")
    ada = window(cast.ada, address(cast, cast.retries))
    is_ready(ada)
    expect(ada.get_by_text("New", exact=True)).to_be_visible()
    expect(ada.locator("[data-channel=general] .count")).to_have_count(0)
    ada.get_by_role("link", name="general").first.click()
    ada.get_by_role("listitem").filter(has_text="Retries").click()
    is_ready(ada)
    expect(message(ada, "one")).to_be_visible()
    expect(ada.get_by_text("New", exact=True)).to_have_count(0)
