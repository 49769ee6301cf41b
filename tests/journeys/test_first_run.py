"""A newcomer: one command, one form, the first message; and the second start."""

import pytest
from playwright.sync_api import expect

from dfworx.infra import frontend
from tests.journeys.conftest import Window
from tests.journeys.installation import running
from tests.journeys.thread import is_ready, lines, message, say


@pytest.mark.timeout(300)
def test_from_one_command_to_the_first_message_and_back_again(installation: dict[str, str], window: Window):
    frontend.build()
    with running(installation) as (address, data):
        page = window(None, "/", base_url=address.removeprefix("DFWorX is at "))
        assert data.endswith(installation["DFWORX_DATA_DIR"])
        page.get_by_label("Your name").fill("Ada Ferreira")
        page.get_by_label("E-mail address").fill("ada@acme.example")
        page.get_by_label("Password", exact=True).fill("a sentence is fine here")
        page.get_by_label("Organization").fill("Acme Robotics")
        page.get_by_role("button", name="Create workspace").click()
        page.wait_for_url("**/o/acme-robotics/t/*")
        is_ready(page)
        expect(page.get_by_text("Welcome to Acme Robotics")).to_be_visible()
        say(page, "Good morning, Acme")
        expect(message(page, "Good morning, Acme")).to_be_visible()
        expect(page.get_by_text("sending…")).to_have_count(0)
        thread = page.url

    with running(installation):
        page.goto(thread)
        is_ready(page)
        assert lines(page)[-1] == "Good morning, Acme"
        page.get_by_role("button", name="Remove the demo").click()
        page.wait_for_url("**/c/*")
        expect(page.get_by_role("listitem").filter(has_text="Start here")).to_have_count(0)
