"""Two people decide where they talk: messages become evidence, the thread shows its outcome, DEC-1 is a link."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection

from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.test_deciding import ask
from tests.journeys.test_looks import RULES, SERIOUS
from tests.journeys.thread import address, composer, is_ready, message, say
from tests.serving import Served


@pytest.fixture
def ada(window: Window, cast: Cast, admin: Connection) -> Page:
    """Ada, in a thread of four messages."""
    talk(admin, cast.ben, cast.retries, "We lost 31 events", "Backoff with jitter", "Lunch?", "And a dead-letter queue")
    page = window(cast.ada, address(cast, cast.retries))
    is_ready(page)
    return page


@pytest.fixture
def ben(ada: Page, window: Window, cast: Cast) -> Page:
    """Ben, in the same thread."""
    page = window(cast.ben, address(cast, cast.retries))
    is_ready(page)
    return page


def strip(page: Page) -> Locator:
    """The decisions at the top of a thread."""
    return page.get_by_role("list", name="What was decided here").get_by_role("listitem")


def is_accessible(page: Page) -> None:
    """With everything that decisions put on a thread's page: nothing that keeps somebody out."""
    message(page, "Lunch?").hover()
    message(page, "Lunch?").get_by_role("button", name="Select for a decision").click()
    expect(page.get_by_role("group", name="Selected messages")).to_be_visible()
    found = Axe().run(page, options=RULES)
    assert [each["id"] for each in found.response["violations"] if each["impact"] in SERIOUS] == []


def draw(page: Page, *texts: str) -> str:
    """Select these messages and make a decision; gives its id."""
    for text in texts:
        message(page, text).hover()
        message(page, text).get_by_role("button", name="Select for a decision").click()
    chosen = page.get_by_role("group", name="Selected messages")
    expect(chosen.get_by_role("status")).to_have_text(f"{len(texts)} messages")
    chosen.get_by_role("button", name="Make decision").click()
    expect(page).to_have_url(re.compile(r"/d/[0-9a-f-]{36}"))
    return page.url.rpartition("/")[2][:36]


def change(page: Page, cast: Cast, server: Served, path: str, **body: Any) -> Any:
    """Change something over REST, as whoever looks at the page."""
    where = f"{server.base_url}/api/v1/organizations/{cast.slug}{path}"
    answer = page.context.request.put(where, data=body, headers={"origin": server.base_url})
    assert answer.ok, answer.text()
    return answer.json()


def propose(page: Page, cast: Cast, server: Served, id_: str, *asked: str) -> None:
    """Give it an outcome, and ask them."""
    change(page, cast, server, f"/decisions/{id_}/text", title="Retry with backoff", outcome="We do both.", version=1)
    people = [str(cast.people[nick].membership_id) for nick in asked]
    change(page, cast, server, f"/decisions/{id_}/proposal", asked=people)


def test_two_messages_become_a_draft_and_the_other_sees_it_at_once(ada: Page, ben: Page):
    draw(ben, "Backoff with jitter", "And a dead-letter")
    expect(strip(ada)).to_contain_text("draft")
    expect(strip(ada)).to_contain_text("Retries on the ingest queue")
    badges = ada.get_by_role("link", name="became evidence of a draft")
    expect(badges).to_have_count(2)
    expect(message(ada, "Lunch?").locator(".badge")).to_have_count(0)


def test_everybody_sees_what_becomes_of_it_and_its_number_is_a_link(ada: Page, ben: Page, cast: Cast, server: Served):
    say(ada, "Nobody has seen DEC-1 yet, nor `DEC-1`.")
    expect(message(ben, "Nobody has seen")).to_be_visible()
    expect(ben.locator("a.ref")).to_have_count(0)
    id_ = draw(ben, "Backoff with jitter", "And a dead-letter")
    expect(ada.get_by_role("link", name="Inbox")).not_to_contain_text("need")
    propose(ben, cast, server, id_, "ada", "cy")
    expect(strip(ada)).to_contain_text("proposed")
    expect(strip(ada)).to_contain_text("DEC-1 Retry with backoff")
    expect(strip(ada)).to_contain_text("0 of 2 answered")
    expect(message(ada, "Backoff with").get_by_role("link", name="became evidence of DEC-1")).to_be_visible()
    expect(ada.get_by_role("link", name="Inbox")).to_contain_text("1 needs you")

    link = message(ada, "Nobody has seen").get_by_role("link", name="DEC-1: Retry with backoff, proposed")
    expect(link).to_have_count(1)  # and the one in code stays what it is
    link.hover()
    expect(ada.get_by_role("tooltip")).to_contain_text("Ben Okafor decides")
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("tooltip")).to_have_count(0)
    change(ada, cast, server, f"/decisions/{id_}/position", stand="agree")
    expect(ada.get_by_role("link", name="Inbox")).not_to_contain_text("need")
    expect(strip(ada)).to_contain_text("1 of 2 answered")
    expect(strip(ada)).to_contain_text("final comment · 72 h")
    is_accessible(ada)
    message(ada, "Nobody").get_by_role("link", name="DEC-1: Retry with backoff, final comment").click()
    expect(ada).to_have_url(re.compile("/d/DEC-1-retry-with-backoff$"))


def test_by_keys_alone(ada: Page, cast: Cast):
    expect(composer(ada)).to_be_focused()
    ada.keyboard.press("Escape")
    expect(message(ada, "And a dead-letter")).to_be_focused()
    ada.keyboard.press("x")
    ada.keyboard.press("k")
    ada.keyboard.press("k")
    ada.keyboard.press("x")
    chosen = ada.get_by_role("group", name="Selected messages")
    expect(chosen).to_contain_text("2 messages")
    ada.keyboard.press("Escape")
    expect(chosen).to_have_count(0)
    expect(message(ada, "Backoff with")).to_be_focused()
    ada.keyboard.press("x")
    ada.keyboard.press("d")
    expect(ada).to_have_url(re.compile("/d/"))
    ada.go_back()
    is_ready(ada)
    expect(ada.get_by_role("link", name="became evidence of a draft")).to_have_count(1)
    ada.keyboard.press("Escape")
    expect(composer(ada)).not_to_be_focused()
    ada.keyboard.press("g")
    ada.keyboard.press("d")
    expect(ada).to_have_url(re.compile(f"/o/{cast.slug}/decisions"))


def test_the_whole_thread_makes_one_decision_however_often_one_clicks(ada: Page, ben: Page):
    ben.get_by_role("button", name="Make decision").dblclick()
    expect(ben).to_have_url(re.compile("/d/"))
    expect(ada.get_by_role("link", name="became evidence of a draft")).to_have_count(4)
    expect(strip(ada)).to_have_count(1)


def test_who_cannot_see_a_decision_sees_its_number_as_text(ada: Page, ben: Page, window: Window, cast: Cast, server):
    id_ = draw_elsewhere(ben, cast, server)
    propose(ben, cast, server, id_)
    say(ada, "As DEC-1 says")
    expect(message(ada, "As DEC-1 says").locator("a.ref")).to_have_count(1)
    cy = window(cast.cy, address(cast, cast.retries))
    is_ready(cy)
    expect(message(cy, "As DEC-1 says")).to_be_visible()
    cy.wait_for_load_state("networkidle")
    expect(cy.locator("a.ref, .badge, .outcome")).to_have_count(0)


def draw_elsewhere(page: Page, cast: Cast, server: Served) -> str:
    """A decision out of this thread whose own is private."""
    where = f"{server.base_url}/api/v1/organizations/{cast.slug}/threads/{cast.retries}/decisions"
    drawn = {"channel_id": str(cast.hiring)}
    answer = page.context.request.post(where, data=drawn, headers={"origin": server.base_url})
    assert answer.ok, answer.text()
    return answer.json()["id"]


def test_guests_are_not_offered_it(window: Window, cast: Cast, admin: Connection):
    talk(admin, cast.gus, cast.lobby, "Hello")
    admin.exec_driver_sql(
        "insert into dfworx.place_members (id, organization_id, place_id, membership_id, created_at) "
        "values (gen_random_uuid(), %s, %s, %s, now())",
        (cast.acme, cast.general, cast.gus.membership_id),
    )
    gus = window(cast.gus, address(cast, cast.lobby))
    is_ready(gus)
    expect(message(gus, "Hello").get_by_role("button", name="Reply")).to_have_count(1)
    expect(gus.get_by_role("button", name="Make decision")).to_have_count(0)
    expect(gus.get_by_role("button", name="Select for a decision")).to_have_count(0)


def test_the_conversation_of_a_decision_stands_in_its_channel_once_something_is_said_there(
    window: Window, cast: Cast, server: Served
):
    cy = window(cast.cy, f"/o/{cast.slug}/c/{cast.general}")
    rows = cy.get_by_role("list", name="Threads").get_by_role("listitem")
    expect(rows.filter(has_text="Retries on the ingest queue")).to_be_visible()
    expect(cy.locator(".app[data-ready=true]")).to_be_visible()
    ben = window(cast.ben, "/account")
    home = f"/organizations/{cast.slug}"
    new = {"title": "Keep it quiet", "outcome": "Yes.", "channel_id": str(cast.general)}
    draft = ask(ben, server, "POST", f"{home}/decisions", **new)
    ask(ben, server, "PUT", f"{home}/decisions/{draft['id']}/proposal")
    expect(cy.get_by_role("link", name="Inbox")).to_be_visible()
    expect(rows.filter(has_text="Keep it quiet")).to_have_count(0)
    ask(ben, server, "POST", f"{home}/threads/{draft['thread_id']}/messages", source="Is it?")
    expect(rows.filter(has_text="DEC-1: Keep it quiet")).to_be_visible()
    ben.goto(f"{server.base_url}/o/{cast.slug}/t/{draft['thread_id']}")
    expect(ben.get_by_role("button", name="Resolve")).to_be_visible()
    expect(ben.get_by_role("button", name="Rename thread")).to_have_count(0)  # it is called as the decision is
