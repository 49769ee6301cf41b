"""Looking after people: finding somebody, signing them out, and seeing their tab close."""

import re

from playwright.sync_api import expect
from sqlalchemy import Connection, text

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.thread import address, is_ready

SOON = 5_000  # within which a revocation reaches open tabs


def test_an_administrator_signs_somebody_out_and_that_tab_closes(window: Window, cast: Cast):
    ben = window(cast.ben, address(cast, cast.retries))
    is_ready(ben)
    ada = window(cast.ada, f"/o/{cast.slug}/members")
    ada.get_by_role("link", name="Admin", exact=True).click()
    ada.get_by_role("navigation", name="Workspace").get_by_role("link", name="People").click()
    ada.get_by_label("Name or e-mail address").fill("okafor")
    expect(ada).to_have_url(re.compile(r"\?q=okafor$"))
    expect(ada.locator("table.table tbody tr")).to_have_count(1)
    ada.get_by_role("link", name="Ben Okafor").click()
    ada.get_by_role("button", name="Sign out everywhere").click()
    ada.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(ben).to_have_url(re.compile("/sign-in"), timeout=SOON)
    expect(ada.get_by_text("Nowhere at the moment.")).to_be_visible()


def test_a_server_admin_deactivates_somebody(window: Window, cast: Cast, admin: Connection):
    make = text("update dfworx.users set is_server_admin = :is_so where id = :id")
    admin.execute(make, {"is_so": True, "id": cast.ada.user_id})
    eve = window(cast.eve, f"/o/{cast.eve.slug}")
    expect(eve.locator(".app[data-ready=true]")).to_be_visible()
    ada = window(cast.ada, f"/admin/people?q={cast.eve.email}")
    ada.get_by_role("link", name="Eve Stranger").click()
    ada.get_by_role("button", name="Deactivate").click()
    ada.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(eve).to_have_url(re.compile("/sign-in"), timeout=SOON)
    expect(ada.get_by_role("button", name="Reactivate")).to_be_visible()
    admin.execute(make, {"is_so": False, "id": cast.ada.user_id})


def test_the_server_s_pages_do_not_exist_for_who_does_not_look_after_it(window: Window, cast: Cast):
    page = window(cast.ada, "/admin/people")
    expect(page.get_by_text("This page does not exist, or you cannot see it.")).to_be_visible()
    member = window(cast.cy, f"/o/{cast.slug}")
    expect(member.locator(".app[data-ready=true]")).to_be_visible()
    expect(member.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
    member.goto(f"/o/{cast.slug}/admin/people")
    expect(member.get_by_text("This page does not exist, or you cannot see it.")).to_be_visible()


def test_why_somebody_may_not_is_said(window: Window, cast: Cast):
    ada = window(cast.ada, f"/o/{cast.slug}/admin/roles")
    ada.get_by_label("Who").fill(cast.cy.email)
    ada.get_by_label("Which thread").fill(f"http://talk.example{address(cast, cast.offers)}")
    ada.get_by_role("button", name="Ask").click()
    expect(ada.get_by_text("was not added to its private channel").first).to_be_visible()
