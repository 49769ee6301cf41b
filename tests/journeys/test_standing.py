"""What somebody is may change while their page is open: the page follows."""

import json
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from dfworx.infra import frontend
from dfworx.web import identity
from tests.cast import Cast, Member
from tests.journeys.conftest import Window
from tests.journeys.thread import address, is_ready
from tests.serving import Served

SOON = 5_000  # milliseconds


@pytest.fixture
def ask(server: Served):
    """`ask(cast.ada, "DELETE", path)`: somebody's script asks the server."""

    def request(member: Member, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(
            method,
            f"{server.base_url}/api/v1{path}",
            cookies={identity.cookie_name(): identity.token(member)},
            headers={"origin": server.base_url},
            **options,
        )

    return request


def test_a_revoked_session_loses_its_page_within_five_seconds(window: Window, cast: Cast, ask):
    page = window(cast.ben, address(cast, cast.retries))
    is_ready(page)
    assert ask(cast.ben, "DELETE", f"/auth/sessions/{cast.ben.session_id}").is_success
    page.wait_for_url(re.compile("/sign-in"), timeout=SOON)


def test_whoever_is_taken_out_of_a_private_channel_sees_it_go(window: Window, cast: Cast, ask):
    page = window(cast.ben, address(cast, cast.offers))
    is_ready(page)
    path = f"/organizations/{cast.slug}/channels/{cast.hiring}/members/{cast.ben.membership_id}"
    assert ask(cast.ada, "DELETE", path).is_success
    expect(page.locator("[data-channel=hiring]")).to_have_count(0, timeout=SOON)
    expect(page.get_by_text("This thread cannot be shown.")).to_be_visible(timeout=SOON)


def test_whoever_is_let_in_sees_it_come(window: Window, cast: Cast, ask):
    page = window(cast.cy, address(cast, cast.retries))
    is_ready(page)
    path = f"/organizations/{cast.slug}/channels/{cast.hiring}/members/{cast.cy.membership_id}"
    assert ask(cast.ada, "PUT", path).is_success
    expect(page.locator("[data-channel=hiring]")).to_be_visible(timeout=SOON)


def test_a_stranger_is_told_that_there_is_no_such_page(window: Window, cast: Cast):
    page = window(cast.eve, address(cast, cast.retries))
    expect(page.get_by_text("This page does not exist, or you cannot see it.")).to_be_visible()


def test_nobody_is_asked_to_sign_in_and_comes_back_to_the_thread(window: Window, cast: Cast):
    page = window(None, address(cast, cast.retries))
    page.wait_for_url(re.compile("/sign-in"))
    assert str(cast.retries) in page.url


def test_an_open_page_shows_an_archive_arrive(window: Window, cast: Cast, tmp_path):
    page = window(cast.ada, address(cast, cast.retries))
    is_ready(page)
    (tmp_path / "5-old.20lab").mkdir()
    line = {"content": "<p>From the archive</p>", "id": 1, "sender_full_name": "Grace", "timestamp": 1_600_000_000}
    (tmp_path / "5-old.20lab" / "kiln.json").write_text(json.dumps([line]))

    command = [sys.executable, "-m", "dfworx", "import", "zulip-archive", str(tmp_path), "--organization", cast.slug]
    subprocess.run(command, cwd=frontend.ROOT, check=True)
    page.locator("[data-channel='old lab']").click(timeout=SOON)
    page.get_by_role("listitem").filter(has_text="kiln").click()
    expect(page.get_by_text("From the archive")).to_be_visible()


def test_a_private_channel_is_made_and_somebody_is_let_in(window: Window, cast: Cast):
    ada, cy = (window(member, address(cast, cast.retries)) for member in (cast.ada, cast.cy))
    is_ready(ada)
    is_ready(cy)
    ada.get_by_role("button", name="New channel").click()
    asking = ada.get_by_role("dialog")
    asking.locator("[name=name]").fill("incident-7")
    asking.get_by_label("Who can see it").select_option("members")
    asking.get_by_role("button", name="Create channel").click()
    expect(ada.get_by_role("heading", name="# incident-7")).to_be_visible()
    expect(cy.locator("[data-channel=incident-7]")).to_have_count(0)
    ada.get_by_role("button", name="People in this channel").click()
    ada.get_by_role("button", name="Add Cy Lindqvist").click()
    expect(ada.get_by_role("button", name="Remove Cy Lindqvist")).to_be_visible()
    cy.locator("[data-channel=incident-7]").click(timeout=SOON)
    expect(cy.get_by_role("heading", name="# incident-7")).to_be_visible()


def test_an_archived_channel_is_folded_away_and_comes_back(window: Window, cast: Cast):
    page = window(cast.ada, f"/o/{cast.slug}/c/{cast.general}")
    page.get_by_role("button", name="Archive the channel").click()
    expect(page.locator("[data-channel=general]")).to_have_count(0)
    page.get_by_text("Archived", exact=True).click()
    page.get_by_label("Archived channels").get_by_role("listitem").filter(has_text="general").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("[data-channel=general]")).to_be_visible()


def test_nobody_is_offered_what_they_may_not_do(window: Window, cast: Cast, ask):
    path = f"/organizations/{cast.slug}/channels/{cast.general}/members/{cast.gus.membership_id}"
    assert ask(cast.ada, "PUT", path).is_success
    for member, offered in ((cast.ada, {"Rename thread", "Resolve"}), (cast.ben, {"Resolve"}), (cast.gus, set())):
        page = window(member, address(cast, cast.retries))
        is_ready(page)
        expect(page.get_by_role("heading", name="Retries")).to_be_visible()
        for verb in ("Rename thread", "Resolve"):
            expect(page.get_by_role("button", name=verb)).to_have_count(int(verb in offered))
