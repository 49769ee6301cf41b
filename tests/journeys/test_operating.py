"""An operator's day: invites, imports and watches, signs somebody out, finds it in the audit, and undoes a disaster."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dfworx.infra import frontend
from tests.imports.conftest import packed, topic
from tests.journeys.conftest import Window
from tests.journeys.installation import operate, running
from tests.journeys.thread import is_ready, message, say, stored

PASSWORD = "a sentence is fine here"
SOON = 5_000  # within which a revocation reaches open tabs


@pytest.mark.timeout(300)
def test_from_the_first_invitation_to_a_restored_backup(
    installation: dict[str, str], window: Window, tmp_path: Path
) -> None:
    frontend.build()
    with running(installation) as (said, _):
        origin = said.removeprefix("DFWorX is at ")
        ada = _set_up(window, origin)
        ben = _invite(ada, window, origin)
        _import_and_watch(ada, ben, tmp_path)
        thread = _sign_out(ada, ben)
        _find_in_the_audit(ada)
        operate(installation, "backup", "--name", "before-the-disaster")
        ada.goto(thread)
        is_ready(ada)
        message(ada, "worth keeping").hover()
        message(ada, "worth keeping").get_by_role("button", name="Delete").click()
        ada.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(message(ada, "worth keeping")).to_have_count(0)
    assert "every row was read" in operate(installation, "restore", "--to", "before-the-disaster")
    with running(installation):
        ada.goto(thread)
        is_ready(ada)
        expect(message(ada, "worth keeping")).to_be_visible()
        expect(ada.locator("[data-channel=lab]")).to_be_visible()


def _set_up(window: Window, origin: str) -> Page:
    ada = window(None, "/", base_url=origin)
    ada.get_by_label("Your name").fill("Ada Ferreira")
    ada.get_by_label("E-mail address").fill("ada@acme.example")
    ada.get_by_label("Password", exact=True).fill(PASSWORD)
    ada.get_by_label("Organization").fill("Acme Robotics")
    ada.get_by_role("button", name="Create workspace").click()
    ada.wait_for_url("**/o/acme-robotics/t/*")
    is_ready(ada)
    return ada


def _invite(ada: Page, window: Window, origin: str) -> Page:
    ada.goto("/o/acme-robotics/members")
    ada.get_by_role("button", name="Invite people").click()
    ada.get_by_role("dialog").get_by_role("button", name="Make link").click()
    link = ada.get_by_role("dialog").get_by_role("textbox", name="Link")
    expect(link).to_have_value(re.compile("/join/"))
    ben = window(None, link.input_value(), base_url=origin)
    ben.get_by_role("link", name="Create an account").click()
    ben.get_by_label("Your name").fill("Ben Okafor")
    ben.get_by_label("E-mail address").fill("ben@acme.example")
    ben.get_by_label("Password", exact=True).fill(PASSWORD)
    ben.locator("button[type=submit]").click()
    ben.wait_for_url("**/o/acme-robotics/**")
    expect(ben.locator(".app[data-ready=true]")).to_be_visible()
    return ben


def _import_and_watch(ada: Page, ben: Page, folder: Path) -> None:
    archive = folder / "lab.zip"
    archive.write_bytes(packed(lab__plan=topic("we begin on Monday", "so be it")))
    ada.goto("/o/acme-robotics/admin/imports")
    ada.get_by_label("Archive (.zip or .tar.gz)").set_input_files(archive)
    ada.get_by_role("button", name="Upload and import").click()
    expect(ada.locator("[data-import=done]")).to_contain_text("2 messages, 1 thread, 1 channel")
    expect(ben.locator("[data-channel=lab]")).to_be_visible()


def _sign_out(ada: Page, ben: Page) -> str:
    """Ben writes something, then Ada ends his sessions; the address of his thread."""
    ben.locator("[data-channel=general]").click()
    ben.get_by_role("listitem").filter(has_text="Start here").click()
    is_ready(ben)
    say(ben, "worth keeping")
    stored(ben, "worth keeping")
    thread = ben.url
    ada.goto("/o/acme-robotics/admin/people")
    ada.get_by_role("link", name="Ben Okafor").click()
    ada.get_by_role("button", name="Sign out everywhere").click()
    ada.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    expect(ben).to_have_url(re.compile("/sign-in"), timeout=SOON)
    return thread


def _find_in_the_audit(ada: Page) -> None:
    ada.goto("/o/acme-robotics/admin/audit")
    row = ada.locator("table.table tbody tr").filter(has_text="Sessions revoked").first
    expect(row).to_contain_text("Ada Ferreira")
