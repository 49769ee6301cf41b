"""Four people decide: messages become a draft, a concern holds it, it is accepted, another record takes its place."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import Connection, text

from tests.cast import Cast
from tests.cast import say as talk
from tests.journeys.conftest import Window
from tests.journeys.test_deciding import ask, is_shown
from tests.journeys.test_decisions_in_talk import draw, strip
from tests.journeys.test_looks import look_at
from tests.journeys.thread import address, is_ready, message, say
from tests.serving import Served


def write(page: Page, outcome: str, **more: str) -> None:
    """Say in the open form what is done; `more` by the labels of fields."""
    for label, words in {"Decision outcome": outcome, **more}.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(words)
    page.locator("form.writing").get_by_role("button", name="Save").click()
    expect(page).not_to_have_url(re.compile(r"\?write"))  # others come by this address
    is_shown(page)


def propose(page: Page, *names: str, supersedes: str = "") -> None:
    """Ask these."""
    page.get_by_role("button", name="Propose …").click()
    dialog = page.get_by_role("dialog")
    for name in names:
        dialog.get_by_role("checkbox", name=name).check()
    expect(dialog.get_by_label("Supersedes")).to_have_value(supersedes)
    dialog.get_by_role("button", name="Propose", exact=True).click()
    expect(dialog).to_have_count(0)


def comment_ends(admin: Connection, cast: Cast, *pages: Page) -> None:
    """Three days later: the end of the final comment has come, by the clock of the database."""
    for page in pages:
        expect(page.locator(".strip-line")).to_contain_text("final comment")
    earlier = """update dfworx.decisions set comment_ends_at = now()
                 where status = 'final_comment' and organization_id = :id"""
    assert admin.execute(text(earlier), {"id": cast.acme}).rowcount == 1
    for page in pages:
        expect(page.locator(".strip-line")).to_contain_text("in force", timeout=30_000)


def hold(page: Page, concern: str) -> None:
    """Raise a concern."""
    page.get_by_role("button", name="Raise a concern …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What has to be settled first?").fill(concern)
    dialog.get_by_role("button", name="Raise it").click()
    expect(page.locator(".concern")).to_contain_text(concern)


def resolve(page: Page, reason: str) -> None:
    """Say as the decider why the concern does not block."""
    page.get_by_role("button", name="Resolve with a reason …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name="Resolve").click()


def agree(page: Page) -> None:
    """Say yes."""
    page.get_by_role("button", name="Agree", exact=True).click()


def confirm(page: Page, why: str) -> None:
    """Say that it still holds, whatever it rests on."""
    page.locator(".aging").filter(has_text=why).get_by_role("button", name="It still holds …").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.locator(".aging")).to_have_count(0)


def supersede(page: Page, title: str) -> None:
    """Begin what takes the place of the record."""
    page.get_by_role("group").filter(has_text="Supersede …").locator("summary").click()
    page.get_by_role("button", name="Supersede …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_role("button", name="Begin a draft").click()


@pytest.fixture
def open_draft(server: Served, cast: Cast) -> Callable[..., None]:
    """`open_draft(page, title=…)`: a draft over REST, and its page."""

    def open_it(page: Page, **words: str) -> None:
        path = f"/organizations/{cast.slug}/decisions"
        decision = ask(page, server, "POST", path, channel_id=str(cast.general), **words)
        page.goto(f"/o/{cast.slug}/d/{decision['id']}")
        is_shown(page)

    return open_it


def name_it(talking: Page, other: Page) -> Locator:
    """A message that names the record, which says so at once."""
    say(talking, "So DEC-1 it is.")
    cites = message(talking, "So DEC-1")
    expect(cites.get_by_role("link", name=re.compile("^DEC-1: .*accepted"))).to_have_count(1)
    expect(other.locator(".cited li")).to_have_count(1)
    return cites


@pytest.mark.timeout(240)
def test_from_messages_to_a_record_and_to_the_one_after(
    window: Window, cast: Cast, admin: Connection, server: Served, open_draft: Callable[..., None]
):
    talk(admin, cast.ada, cast.retries, "We lost 31 events", "Backoff with jitter", "Lunch?")
    ben, ada = (window(each, address(cast, cast.retries)) for each in (cast.ben, cast.ada))
    is_ready(ben)
    draw(ben, "We lost 31 events", "Backoff with jitter")
    expect(ben.locator("form.writing .ev")).to_contain_text(["We lost 31 events", "Backoff with jitter"])
    write(ben, "Late is better than lost.", Context_and_problem_statement="A queue **lost** events.")
    cy, max_ = window(cast.cy, ben.url), window(cast.max, ben.url)
    is_shown(cy)
    is_shown(max_)
    expect(cy.locator(".doc blockquote").first).to_contain_text("We lost 31 events")
    propose(ben, cast.ada.name, cast.cy.name, cast.max.name)
    expect(cy.locator(".record .ref")).to_have_text("DEC-1")
    expect(strip(ada)).to_contain_text("0 of 3 answered")
    hold(cy, "Nobody owns the dead letters")
    agree(cy)
    agree(max_)
    expect(strip(ada)).to_contain_text("on hold · 1 concern")
    expect(strip(ada)).to_contain_text("2 of 3 answered")
    resolve(ben, "The platform team owns them")
    for page in (ben, cy, max_):
        expect(page.locator(".settled")).to_contain_text("The platform team owns them")
    comment_ends(admin, cast, ben, cy, max_)
    expect(strip(ada)).to_contain_text("accepted")
    expect(ben.get_by_role("button", name="Edit", exact=True)).to_have_count(0)

    cites = name_it(ada, max_)
    open_draft(cy, title="A dashboard of retries", outcome="We show them.", more="Follows from DEC-1.")
    expect(max_.locator(".cited")).to_contain_text("A dashboard of retries")
    expect(cy.locator(".aging")).to_have_count(0)
    supersede(ben, "Retry by the broker")
    write(ben, "The broker retries.")
    expect(ben.locator(".note-line")).to_contain_text("Takes the place of DEC-1")
    propose(ben, cast.max.name, supersedes="DEC-1")
    max_.goto(ben.url)
    is_shown(max_)
    agree(max_)
    comment_ends(admin, cast, ben)

    expect(cites.get_by_role("link", name=re.compile("^DEC-1: .*superseded"))).to_have_count(1)
    ben.go_back()
    expect(ben.locator(".note-line")).to_contain_text("Superseded by DEC-2")
    why = "which was superseded by DEC-2 Retry by the broker."
    expect(ada.locator(".stale-line")).to_contain_text(why)
    look_at(ada, "stale thread", address(cast, cast.retries))
    ada.get_by_role("button", name="I have looked at it").click()
    expect(ada.locator(".stale-line")).to_have_count(0)
    entry = cy.get_by_role("link", name="Inbox")
    expect(entry).to_contain_text("1 needs you")
    confirm(cy, why)
    expect(entry).not_to_contain_text("need")
    ledger = ask(ada, server, "GET", f"/organizations/{cast.slug}/ledger")
    assert (ledger["entries"], ledger["altered"]) == (3, None)
