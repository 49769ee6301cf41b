"""Tags in the browser: from the page of all of them to lists that are narrowed by them."""

import pytest
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.test_deciding import ask, drafted, register
from tests.journeys.test_looks import look_at
from tests.journeys.thread import is_ready
from tests.serving import Served


@pytest.mark.timeout(180)
def test_from_a_tag_to_lists_that_it_narrows(window: Window, cast: Cast, server: Served):
    max_ = window(cast.max, f"/o/{cast.slug}/tags")
    expect(max_.get_by_text("No tags yet")).to_be_visible()
    max_.get_by_role("button", name="New tag").first.click()
    dialog = max_.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Billing")
    dialog.get_by_label("Category").select_option("app")
    dialog.get_by_role("radio", name="teal").check()
    dialog.get_by_role("button", name="Save").click()
    expect(max_.locator("[data-list=tags] [role=listitem]")).to_contain_text("Billing")

    ben = window(cast.ben, f"/o/{cast.slug}/t/{cast.retries}")
    is_ready(ben)
    ben.locator(".head [data-verb=tag]").click()
    ben.keyboard.type("bil")
    expect(ben.locator(".picker label")).to_have_count(1)
    ben.keyboard.press("Enter")
    expect(ben.locator(".head .tag")).to_have_text("Billing")
    ben.keyboard.press("Escape")
    expect(ben.locator(".picker")).to_have_count(0)

    ben.goto(f"/o/{cast.slug}/c/{cast.general}")
    rows = ben.locator("[data-list=threads] [role=listitem]")
    expect(rows).not_to_have_count(1)
    ben.get_by_role("button", name="Tags", exact=True).click()
    ben.locator(".picker").get_by_label("Billing").check()
    expect(rows).to_have_count(1)
    ben.wait_for_url("**?tag=*")
    tag = ben.url.partition("tag=")[2]

    look_at(ben, "narrowed list", ben.url)
    look_at(max_, "tags", f"/o/{cast.slug}/tags")

    max_.get_by_role("button", name="Change Billing").click()
    dialog.get_by_label("Name").fill("Invoices")
    dialog.get_by_role("button", name="Save").click()
    expect(rows).to_contain_text("Invoices")

    path = drafted(ben, server, cast, title="Retry with backoff", paths=["src/queue/"])
    answer = ben.request.put(
        f"{server.base_url}/api/v1/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}/tags/{tag}",
        headers={"origin": server.base_url},
    )
    assert answer.ok
    drafted(ben, server, cast, title="Lunch at noon")
    cy = window(cast.cy, f"{register(cast)}?tag={tag}&path=src/queue/a.py")
    row = cy.locator("[data-list=decisions] [role=listitem]")
    expect(row).to_have_text(["—Retry with backoffInvoicesdraft—Ben Okafor—"])
    cy.get_by_role("button", name="Filter", exact=True).click()
    cy.get_by_label("Person").select_option("Max Stone")
    expect(cy.get_by_text("No decision fits")).to_be_visible()
    cy.get_by_role("button", name="No longer narrowed to Max Stone").click()
    expect(row).to_have_text(["—Retry with backoffInvoicesdraft—Ben Okafor—"])
    cy.get_by_role("button", name="Clear", exact=True).click()
    expect(row).to_have_count(2)  # narrowed to a tag that is gone, it would be empty once it is asked for again
    max_.get_by_role("button", name="Remove Invoices").click()
    dialog.get_by_role("button", name="Remove").click()
    expect(row.filter(has_text="Retry")).to_have_text(["—Retry with backoffdraft—Ben Okafor—"])
    assert ask(cy, server, "GET", f"/organizations/{cast.slug}/tags") == []
