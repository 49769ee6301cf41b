"""A thread goes to another channel while others look at it."""

import re

from playwright.sync_api import expect
from sqlalchemy import Connection, insert

from dfworx.channels.models import Place
from tests.cast import Cast, say
from tests.journeys.conftest import Window
from tests.journeys.thread import address, is_ready


def test_a_moved_thread_is_followed_by_who_may_see_it(window: Window, cast: Cast, admin: Connection):
    say(admin, cast.ben, cast.retries, "First")
    place = Place(organization_id=cast.acme, created_by=cast.ada.membership_id, name="platform")
    admin.execute(insert(Place).values(place.model_dump()))
    ada = window(cast.ada, address(cast, cast.retries))
    ben = window(cast.ben, address(cast, cast.retries))
    cy = window(cast.cy, f"/o/{cast.slug}/c/{cast.general}")
    for page in (ada, ben):
        is_ready(page)
    row = cy.locator("[data-list=threads] .row").filter(has_text="Retries")
    expect(row).to_be_visible()
    ada.get_by_role("button", name="Move to another channel").click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_label("Channel").select_option("#platform")
    expect(dialog.get_by_text("Everybody who sees #platform will see it.")).to_be_visible()
    dialog.get_by_role("button", name="Move", exact=True).click()
    for page in (ada, ben):
        expect(page.locator(".msg.system")).to_contain_text("Ada Ferreira moved this thread from #general to #platform")
        expect(page.locator(".head .crumb").first).to_have_text(re.compile("platform"))
    expect(row).to_have_count(0)
    unread = cy.locator("[data-channel=platform] .count")
    expect(unread).to_have_text("2")


def test_who_cannot_see_the_new_channel_loses_the_page(window: Window, cast: Cast, admin: Connection):
    say(admin, cast.ben, cast.retries, "First")
    ada = window(cast.ada, address(cast, cast.retries))
    cy = window(cast.cy, address(cast, cast.retries))
    for page in (ada, cy):
        is_ready(page)
    ada.get_by_role("button", name="Move to another channel").click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_label("Channel").select_option("#hiring (private)")
    expect(dialog.get_by_text("loses sight of it")).to_be_visible()
    dialog.get_by_role("button", name="Move", exact=True).click()
    expect(cy.get_by_text("This thread cannot be shown.")).to_be_visible()
    assert "hiring" not in cy.content()
