"""An admin brings an archive in: it is uploaded, watched, and in everybody's sidebar."""

import re

from playwright.sync_api import expect
from sqlalchemy import Connection, text

from tests.cast import Cast
from tests.imports.conftest import packed, topic
from tests.journeys.conftest import Window
from tests.journeys.thread import address, is_ready

STOPPED = text(
    """insert into dfworx.imports (id, created_at, organization_id, kind, name, folder, realm, digest, bytes, state,
         files, at_file, at_message, senders, report, problem)
       values (gen_random_uuid(), now(), :o, 'zulip-archive', 'lab.zip', '', '', '', 1, 'stopped',
         3, 1, 0, '[]', '{}', '')"""
)
AUTHOR = text(
    """insert into dfworx.memberships (id, created_at, organization_id, name, role, origin)
       values (gen_random_uuid(), now(), :o, 'Zoe Archive', 'guest', 'zulip:Zoe Archive')"""
)


def test_what_an_admin_uploads_stands_in_everybodys_sidebar(window: Window, cast: Cast):
    ben = window(cast.ben, address(cast, cast.retries))
    is_ready(ben)
    dia = window(cast.dia, f"/o/{cast.slug}/admin/imports")
    expect(dia.get_by_text("Nothing has been imported yet")).to_be_visible()
    body = packed(shed__plan=topic("hello", "world"))
    file = {"name": "shed.zip", "mimeType": "application/zip", "buffer": body}
    dia.get_by_label("Archive (.zip or .tar.gz)").set_input_files(file)
    dia.get_by_role("button", name="Upload and import").click()
    expect(dia.locator("[data-import=done]")).to_contain_text("2 messages, 1 thread, 1 channel, 1 author · by Dia")
    expect(ben.locator("[data-channel=shed]")).to_be_visible()


def test_a_member_says_this_was_me_and_an_admin_approves(window: Window, cast: Cast, admin: Connection):
    admin.execute(AUTHOR, {"o": cast.acme})
    ben = window(cast.ben, f"/o/{cast.slug}/members")
    ben.get_by_role("button", name="Zoe Archive was me").click()
    expect(ben.get_by_text("Ben Okafor says: this was me")).to_be_visible()
    dia = window(cast.dia, f"/o/{cast.slug}/members")
    dia.get_by_role("button", name="Approve: Zoe Archive is Ben Okafor").click()
    expect(dia.get_by_text("is Ben Okafor", exact=True)).to_be_visible()


def test_what_is_no_archive_is_refused_in_words(window: Window, cast: Cast):
    dia = window(cast.dia, f"/o/{cast.slug}/admin/imports")
    expect(dia.get_by_text("Nothing has been imported yet")).to_be_visible()
    file = {"name": "notes.zip", "mimeType": "application/zip", "buffer": b"only text"}
    dia.get_by_label("Archive (.zip or .tar.gz)").set_input_files(file)
    dia.get_by_role("button", name="Upload and import").click()
    expect(dia.get_by_text("This is not a .zip or .tar.gz file.")).to_be_visible()


def test_records_are_looked_at_before_they_come_in(window: Window, cast: Cast):
    dia = window(cast.dia, f"/o/{cast.slug}/admin/imports")
    record = "# {0}. Orders in {1}\n\n## Status\n\nAccepted\n\n## Decision\n\nYes.\n"
    named = [
        ("0001-files.md", record.format(1, "files")),
        ("0003-rows.md", record.format(3, "rows")),
        ("notes.md", "Hm"),
    ]
    files = [{"name": name, "mimeType": "text/markdown", "buffer": said.encode()} for name, said in named]
    dia.get_by_label("Files (.md").set_input_files(files)
    dia.get_by_role("button", name="Preview").click()
    preview, done = dia.locator("[data-report=preview]"), dia.locator("[data-report=done]")
    expect(preview).to_contain_text("2 records would come in.")
    expect(preview).to_contain_text("No records: notes.md")
    expect(preview.get_by_role("row").filter(has_text="Orders in rows")).to_contain_text("DEC-3")
    preview.get_by_role("button", name="Bring in 2 records").click()
    expect(done).to_contain_text("2 records came in.")
    done.get_by_role("link", name="Orders in rows").click()
    expect(dia.get_by_role("heading", name="Orders in rows")).to_be_visible()


def test_a_stopped_import_is_discarded(window: Window, cast: Cast, admin: Connection):
    admin.execute(STOPPED, {"o": cast.acme})
    dia = window(cast.dia, f"/o/{cast.slug}/admin/imports")
    row = dia.locator("[data-import=stopped]")
    row.get_by_role("button", name="Discard").click()
    expect(dia.locator("[data-import=discarded]")).to_contain_text("lab.zip")


def test_a_reference_leads_to_the_message_by_click_and_by_key(window: Window, cast: Cast):
    dia = window(cast.dia, f"/o/{cast.slug}/admin/imports")
    told = '<a href="#narrow/stream/1-shed/topic/plan/near/2">there</a>, <a href="#narrow/stream/8-gone">gone</a>'
    body = packed(shed__plan=topic(told, "world"))
    file = {"name": "shed.zip", "mimeType": "application/zip", "buffer": body}
    dia.get_by_label("Archive (.zip or .tar.gz)").set_input_files(file)
    dia.get_by_role("button", name="Upload and import").click()
    expect(dia.locator("[data-import=done]")).to_contain_text("2 messages")
    ben = window(cast.ben, address(cast, cast.retries))
    ben.locator("[data-channel=shed]").click()
    ben.get_by_role("listitem").filter(has_text="plan").click()
    ben.get_by_role("link", name="#gone").click()
    expect(ben.get_by_text("What it leads to is not here, or you cannot see it.")).to_be_visible()
    ben.get_by_role("link", name="#shed > plan @").focus()
    ben.keyboard.press("Enter")
    expect(ben).to_have_url(re.compile("/t/.+#m2$"))
    ben.go_back()
    ben.get_by_role("link", name="#shed > plan @").click()
    expect(ben).to_have_url(re.compile("/t/.+#m2$"))
