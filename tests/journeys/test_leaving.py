"""Going elsewhere with something open: no dialog follows one to another record, and what one types is never lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.test_deciding import ask, drafted, is_shown
from tests.serving import Served


def propose(page: Page, server: Served, cast: Cast, path: str) -> str:
    """Propose a draft over REST, asking nobody; its address since then."""
    where = f"/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}/proposal"
    return f"/o/{cast.slug}/d/{ask(page, server, 'PUT', where)['address']}"


# Esc right after the address has changed: what gives the focus back must not meet what a new page does with it.
ESCAPE_WHEN_RENAMED = """() => {
  const was = location.pathname;
  const esc = () => new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  const timer = setInterval(() => {
    if (location.pathname === was) return;
    clearInterval(timer);
    setTimeout(() => document.activeElement.dispatchEvent(esc()), 60);
  }, 5);
}"""


@pytest.mark.timeout(120)
def test_a_dialog_stays_with_the_record_that_it_is_about(window: Window, cast: Cast, server: Served):
    ben = window(cast.ben, "/account")
    one, two = (drafted(ben, server, cast, title=title) for title in ("One", "Two"))
    dialog = ben.get_by_role("dialog")
    ben.goto(one)
    is_shown(ben)
    ben.keyboard.press("p")
    expect(dialog).to_be_visible()
    ben.goto(two)
    is_shown(ben)
    expect(dialog).to_have_count(0)

    two = propose(ben, server, cast, two)
    expect(ben).to_have_url(f"{server.base_url}{two}")
    opener = ben.get_by_role("button", name="Raise a concern …")
    opener.focus()
    ben.keyboard.press("Enter")
    dialog.get_by_label("What has to be settled first?").fill("Half a thought")
    where = f"/organizations/{cast.slug}/decisions/DEC-1/text"
    ask(ben, server, "PUT", where, title="Two, renamed", outcome="So.", version=1)
    expect(ben).to_have_url(f"{server.base_url}/o/{cast.slug}/d/DEC-1-two-renamed")
    expect(dialog.get_by_label("What has to be settled first?")).to_have_value("Half a thought")
    ben.evaluate(ESCAPE_WHEN_RENAMED)
    ask(ben, server, "PUT", where, title="Two, again", outcome="So.", version=2)
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()
    ben.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    ben.go_back()
    expect(ben.get_by_role("heading", level=1)).to_have_text("One")
    expect(dialog).to_have_count(0)


@pytest.mark.timeout(120)
def test_who_writes_is_told_that_it_is_proposed_or_taken_back(window: Window, cast: Cast, server: Served):
    ben, cy = window(cast.ben, "/account"), window(cast.cy, "/account")
    path = drafted(ben, server, cast, title="One")
    cy.goto(path)
    is_shown(cy)
    cy.keyboard.press("e")
    expect(cy.get_by_label("Title", exact=True)).to_be_focused()
    cy.get_by_label("Consequences").fill("Half a thought")
    propose(ben, server, cast, path)
    expect(
        cy.get_by_text("This is proposed as DEC-1 now, and only whoever proposed it, or a moderator, changes its text.")
    ).to_be_visible()
    expect(cy).to_have_url(f"{server.base_url}/o/{cast.slug}/d/DEC-1-one")
    expect(cy.locator("form.writing .ref")).to_have_text("DEC-1")
    ask(ben, server, "PUT", f"/organizations/{cast.slug}/decisions/DEC-1/withdrawal", reason="A slip.")
    expect(cy.get_by_text("This is withdrawn now, and nobody changes its text.")).to_be_visible()
    expect(cy.get_by_label("Consequences")).to_have_value("Half a thought")
