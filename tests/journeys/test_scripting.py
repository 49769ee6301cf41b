"""Scripts: somebody makes a token for one on the account page, and takes it away again."""

import httpx
from playwright.sync_api import expect

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.serving import Served


def test_a_token_is_made_copied_used_and_revoked(window: Window, cast: Cast, server: Served):
    page = window(cast.ben, "/account", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("deploy")
    dialog.locator("select[name=organization]").select_option(cast.slug)
    dialog.get_by_role("button", name="Make token").click()
    dialog.get_by_role("button", name="Copy token").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    secret = page.evaluate("navigator.clipboard.readText()")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("listitem").filter(has_text="deploy")).to_contain_text("never used")
    assert secret not in page.content()
    script = httpx.Client(headers={"Authorization": f"Bearer {secret}"})
    where = f"{server.base_url}/api/v1/organizations/{cast.slug}/channels"
    assert script.get(where).status_code == 200
    assert script.post(where, json={"name": "by a script"}).status_code == 403
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="deploy")).to_contain_text("last used just now")
    page.get_by_role("button", name="Revoke deploy").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("There is none yet.")).to_be_visible()
    assert script.get(where).status_code == 401
    script.close()


def test_a_secret_is_gone_when_the_page_opens_anew(window: Window, cast: Cast):
    page = window(cast.cy, "/account")
    page.get_by_role("button", name="Make a token").click()
    page.get_by_role("dialog").get_by_label("Name").fill("forgotten")
    page.get_by_role("dialog").get_by_role("button", name="Make token").click()
    secret = page.locator("#field-token").input_value()
    assert secret.startswith("dfx_pat_")
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="forgotten")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert secret not in page.content()


def test_the_reference_of_the_api_opens_at_an_operation(window: Window, cast: Cast):
    page = window(cast.ben, "/account")
    page.get_by_role("link", name="API documentation").wait_for()
    page.goto("/api/docs")
    page.get_by_role("navigation").get_by_text("messages", exact=True).click()
    page.get_by_role("link", name="Post message", exact=True).click()
    expect(page.locator("#post_message pre")).to_be_in_viewport()
    for scheme, color in (("dark", "rgb(17, 18, 22)"), ("light", "rgb(252, 252, 253)")):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("body")).to_have_css("background-color", color)
