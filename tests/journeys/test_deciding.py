"""Deciding in the browser: from a draft to the final comment, with whoever is asked looking on."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import Cast
from tests.journeys.conftest import Window
from tests.journeys.test_looks import DESK, PHONE, look_at
from tests.serving import Served


def register(cast: Cast) -> str:
    """The address of the register."""
    return f"/o/{cast.slug}/decisions"


def ask(page: Page, server: Served, method: str, path: str, **body: Any) -> Any:
    """One request over REST as whoever looks through this window."""
    answer = page.request.fetch(
        f"{server.base_url}/api/v1{path}", method=method, data=body, headers={"origin": server.base_url}
    )
    assert answer.ok, answer.text()
    return answer.json()


def is_shown(page: Page) -> None:
    """Wait until the record is on the screen and its rooms are joined."""
    expect(page.locator(".record[data-ready=true]")).to_be_visible()
    expect(page.locator(".app[data-ready=true]")).to_be_visible()


def drafted(page: Page, server: Served, cast: Cast, **words: Any) -> str:
    """A draft over REST; the address of its page."""
    said = {"title": "Keep messages in Postgres", "outcome": "We keep them in Postgres.", **words}
    decision = ask(page, server, "POST", f"/organizations/{cast.slug}/decisions", channel_id=str(cast.general), **said)
    return f"/o/{cast.slug}/d/{decision['id']}"


def tick(dialog: Locator, *names: str) -> None:
    """Choose these of what a dialog offers."""
    for name in names:
        dialog.get_by_role("checkbox", name=name).check()


def write_down(page: Page) -> None:
    """Fill in the form and save it."""
    form = page.locator("form.writing")
    form.get_by_label("Context and problem statement").fill("We lost **31** events.")
    form.get_by_role("button", name="Add an option").click()
    form.get_by_label("Title", exact=True).nth(1).fill("Capped backoff")
    form.get_by_label("Good, because").fill("survives an outage\ncheap")
    form.get_by_label("Choose option 1").check()
    form.get_by_label("Decision outcome").fill("Late is better than lost.")
    form.get_by_role("button", name="Save").click()
    expect(page).not_to_have_url(re.compile(r"\?write"))  # others come by this address


def ask_more(page: Page, other: Page) -> None:
    """Ask Ada, too; nobody twice. Whoever looks on sees it."""
    page.get_by_role("button", name="Ask more people …").click()
    dialog = page.get_by_role("dialog", name="Ask more people")
    expect(dialog.get_by_role("checkbox", name="Cy Lindqvist")).to_have_count(0)
    dialog.get_by_role("button", name="Ask them").click()
    expect(dialog.get_by_role("alert")).to_have_text("This asks nobody new: name somebody who is not asked yet.")
    dialog.get_by_role("checkbox", name="Ada Ferreira").check()
    expect(dialog.get_by_role("status")).to_have_text("1 more person is asked.")
    dialog.get_by_role("button", name="Ask them").click()
    expect(other.locator(".panel")).to_contain_text("0 of 3 answered")
    expect(other.locator(".stands li").filter(has_text="Ada Ferreira")).to_contain_text("not yet")
    expect(other.get_by_role("button", name="Ask more people …")).to_have_count(0)


def discuss(page: Page, other: Page) -> None:
    """Reply to the open concern; whoever looks on sees it."""
    page.get_by_role("button", name="Reply …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Your reply").fill("The **platform** team does.")
    dialog.get_by_role("button", name="Reply", exact=True).click()
    expect(other.locator(".concern .replies")).to_contain_text("The platform team does.")


def look_back(page: Page) -> None:
    """See how positions changed."""
    page.get_by_role("button", name="History of positions").click()
    expect(page.get_by_role("dialog")).to_contain_text("Cy Lindqvist changed from agree to abstain")
    page.keyboard.press("Escape")


def come_by_other_names(page: Page, id_: str) -> None:
    """Where it stands since it was proposed, what names the record leads."""
    expect(page).to_have_url(re.compile("/d/DEC-1-retry-with-capped-backoff$"))
    here = page.url
    home = here.partition("/d/")[0]
    for name in ("decisions/1", "d/DEC-1-what-it-was-called", f"d/{id_}"):
        page.goto(f"{home}/{name}")
        expect(page).to_have_url(here)
        expect(page.get_by_role("heading", level=1)).to_have_text("Retry with capped backoff")


@pytest.mark.timeout(180)
def test_from_a_draft_to_the_final_comment(window: Window, cast: Cast):
    ben = window(cast.ben, register(cast))
    expect(ben.get_by_text("No decisions yet")).to_be_visible()
    ben.get_by_role("button", name="New decision").first.click()
    dialog = ben.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Retry with capped backoff")
    dialog.get_by_label("Channel").select_option("#general")
    dialog.get_by_role("button", name="Begin a draft").click()

    write_down(ben)
    is_shown(ben)
    expect(ben.locator(".opt.win")).to_contain_text("Capped backoff")
    expect(ben.locator(".points.pro li")).to_have_count(2)

    id_ = ben.url.rpartition("/")[2]
    cy = window(cast.cy, ben.url)
    is_shown(cy)
    expect(cy.get_by_role("button", name="Agree", exact=True)).to_have_count(0)
    ben.get_by_role("button", name="Propose …").click()
    expect(dialog.locator("[name=decider]")).to_have_text("Ada FerreiraBen OkaforCy LindqvistDia MarshMax Stone")
    tick(dialog, "Moderators", "Cy Lindqvist")
    expect(dialog.get_by_role("status")).to_have_text("2 people are asked.")
    dialog.get_by_role("button", name="Propose", exact=True).click()
    expect(cy.locator(".record .ref")).to_have_text("DEC-1")
    expect(ben.locator(".facts-side .dl")).to_contain_text("TemplateConsent")
    ask_more(ben, cy)
    ben_lists = window(cast.max, register(cast))
    row = ben_lists.get_by_role("listitem").filter(has_text="DEC-1")
    expect(row).to_contain_text("proposed")

    cy.get_by_role("button", name="Agree", exact=True).click()
    expect(ben.locator(".strip-line")).to_contain_text("final comment · 72 h")
    expect(row).to_contain_text("final comment")
    cy.get_by_role("button", name="Raise a concern …").click()
    theirs = cy.get_by_role("dialog")
    theirs.get_by_label("What has to be settled first?").fill("Nobody owns the dead letters")
    theirs.get_by_role("button", name="Raise it").click()
    expect(ben.locator(".concern")).to_contain_text("Nobody owns the dead letters")
    expect(row).to_contain_text("on hold · 1 concern")

    discuss(ben, cy)
    ben.get_by_role("button", name="Resolve with a reason …").click()
    dialog.get_by_label("Reason").fill("The platform team owns them")
    cy.get_by_role("button", name="Abstain").click()
    expect(ben.locator(".stands")).to_contain_text("abstain")
    expect(dialog.get_by_label("Reason")).to_have_value("The platform team owns them")
    dialog.get_by_role("button", name="Resolve").click()
    for page in (ben, cy):
        expect(page.locator(".strip-line")).to_contain_text("final comment")
        expect(page.locator(".settled")).to_contain_text("The platform team owns them")
    look_back(cy)

    ben.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ben.get_by_role("button", name="Copy as Markdown").click()
    expect(ben.get_by_text("Copied.")).to_be_visible()
    assert ben.evaluate("navigator.clipboard.readText()").startswith("# Retry with capped backoff")
    come_by_other_names(ben, id_)


def test_two_who_write_at_once_lose_nothing(window: Window, cast: Cast, server: Served):
    ben = window(cast.ben, "/account")
    path = drafted(ben, server, cast, context="Old context", outcome="Old outcome", drivers="Old drivers")
    ben.goto(path)
    cy = window(cast.cy, path)
    for page in (ben, cy):
        is_shown(page)
        page.get_by_role("button", name="Edit", exact=True).click()
    ben.get_by_label("Context and problem statement").fill("Context of Ben")
    ben.get_by_label("Decision drivers").fill("Drivers of Ben")
    cy.get_by_label("Context and problem statement").fill("Context of Cy")
    cy.get_by_label("Decision outcome").fill("Outcome of Cy")
    ben.get_by_role("button", name="Save").click()
    is_shown(ben)
    expect(cy.get_by_text("Somebody else has saved another text meanwhile.")).to_be_visible()
    cy.get_by_role("button", name="Save").click()
    clash = cy.locator(".clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("Ben")
    expect(cy.get_by_label("Decision drivers")).to_have_value("Drivers of Ben")
    expect(cy.get_by_label("Context and problem statement")).to_have_value("Context of Cy")
    expect(cy.get_by_role("button", name="Take theirs")).to_be_focused()
    cy.get_by_role("button", name="Take theirs").click()
    expect(cy.get_by_text("Every difference is settled.")).to_be_visible()
    expect(cy.get_by_label("Context and problem statement")).to_have_value("Context of Ben")
    expect(cy.get_by_label("Decision outcome")).to_have_value("Outcome of Cy")
    cy.get_by_role("button", name="Save").click()
    is_shown(cy)
    for page in (ben, cy):
        for text in ("Context of Ben", "Drivers of Ben", "Outcome of Cy"):
            expect(page.locator(".doc")).to_contain_text(text)


def test_what_was_typed_is_there_when_one_comes_back(window: Window, cast: Cast, server: Served):
    ben = window(cast.ben, "/account")
    ben.goto(drafted(ben, server, cast))
    is_shown(ben)
    ben.get_by_role("button", name="Edit", exact=True).click()
    ben.get_by_label("Consequences").fill("Half a thought")
    ben.locator("[data-channel=general]").click()
    expect(ben.locator("[data-live-list=list][data-list=threads][data-ready=true]")).to_be_visible()
    ben.go_back()
    expect(ben.get_by_label("Consequences")).to_have_value("Half a thought")
    drafted(ben, server, cast, title="Another `--one`")
    here = ben.url
    ben.get_by_role("link", name="Decisions").click()
    ben.get_by_role("listitem").filter(has_text="Another --one").click()
    expect(ben.locator("h1 > code")).to_have_text("--one")
    ben.go_back()
    ben.go_back()
    expect(ben).to_have_url(here)
    expect(ben.get_by_label("Consequences")).to_have_value("Half a thought")
    ben.get_by_role("button", name="Cancel").click()
    ben.get_by_role("button", name="Keep writing").click()
    expect(ben.get_by_label("Consequences")).to_have_value("Half a thought")
    ben.get_by_role("button", name="Cancel").click()
    ben.get_by_role("button", name="Discard").click()
    is_shown(ben)
    ben.keyboard.press("e")
    ben.get_by_label("Consequences").fill("A whole one")
    ben.keyboard.press("Control+Enter")
    is_shown(ben)
    expect(ben.locator(".doc")).to_contain_text("A whole one")
    ben.keyboard.press("p")
    expect(ben.get_by_role("dialog", name="Propose it")).to_be_visible()
    ben.keyboard.press("Control+Enter")
    expect(ben.get_by_role("dialog")).to_have_count(0)
    expect(ben.get_by_role("button", name="Say it with a reason …")).to_be_visible()
    ben.keyboard.press("s")
    expect(ben.get_by_role("dialog")).to_contain_text("Reason")


def test_how_others_answered_is_hidden_until_one_has_and_nobody_has_a_name(window: Window, cast: Cast, server: Served):
    ben = window(cast.ben, "/account")
    path = drafted(ben, server, cast, options=[{"title": "Postgres"}, {"title": "Files"}])
    asked = [str(each.membership_id) for each in (cast.ben, cast.cy)]
    rule = {"quorum": 2, "is_hidden": True, "is_anonymous": True, "ballot": "score"}
    address = f"/organizations/{cast.slug}/decisions/{path.rpartition('/')[2]}"
    ask(ben, server, "PUT", f"{address}/proposal", asked=asked, rule=rule)
    ask(ben, server, "PUT", f"{address}/position", stand="disagree", reason="It grows.")
    cy = window(cast.cy, path)
    is_shown(cy)
    expect(cy.locator(".panel")).to_contain_text("How the others stand is shown when you have said where you do.")
    expect(cy.locator(".panel")).not_to_contain_text("It grows.")
    expect(cy.locator(".panel")).not_to_contain_text("not yet")
    cy.get_by_role("button", name="Agree", exact=True).click()
    expect(cy.locator(".stands li").filter(has_text="It grows.")).to_contain_text("Somebody")
    cy.get_by_role("button", name="Compare the options …").click()
    dialog = cy.get_by_role("dialog")
    dialog.get_by_label("Postgres").select_option("5")
    dialog.get_by_label("Files").select_option("1")
    dialog.get_by_role("button", name="Put it on the record").click()
    expect(dialog.get_by_role("img", name="How the options compare")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_the_screens_can_be_used_by_everybody(window: Window, cast: Cast, server: Served, size, scheme):
    page = window(cast.ben, "/account", viewport=size, color_scheme=scheme)
    options = [
        {"title": "Postgres", "pros": ["one thing to know"], "cons": ["grows"], "neutral": ["SQL"]},
        {"title": "Files"},
    ]
    path = drafted(
        page, server, cast, options=options, chosen="Postgres", context="A `table`:\n\n|a|b|\n|-|-|\n|1|2|",
        paths=["dfworx/**"], review_on="2026-01-01",
    )  # fmt: skip
    home, id_ = f"/organizations/{cast.slug}", path.rpartition("/")[2]
    look_at(page, "draft", path)
    asked = [str(each.membership_id) for each in (cast.ada, cast.ben, cast.cy)]
    ask(page, server, "PUT", f"{home}/decisions/{id_}/proposal", asked=asked, template="consent")
    ask(page, server, "PUT", f"{home}/decisions/{id_}/position", stand="disagree", reason="It grows.")
    ask(page, server, "POST", f"{home}/decisions/{id_}/concerns", title="Who backs it up?")
    look_at(page, "register", register(cast))
    look_at(page, "an empty list", f"{register(cast)}?show=in-force")
    look_at(page, "no such number", f"{register(cast)}/99")
    look_at(page, "record", path)
    look_at(page, "form", f"{path}?write")
    page.get_by_role("button", name="Cancel").click()
    is_shown(page)
    ask(page, server, "PUT", f"{home}/decisions/{id_}/rejection", reason="Not now.")
    page.goto(path)
    expect(page.locator(".note-line")).to_contain_text("Not now.")


def test_whoever_runs_no_scripts_reads_the_register_and_its_records(window, server, cast):
    """The addresses are the app's; the page that needs a script leads on by itself."""
    here = window(cast.ben, register(cast))
    address = drafted(here, server, cast, context="We lost **31** events.")
    ask(here, server, "PUT", f"/organizations/{cast.slug}/decisions/{address.rpartition('/')[2]}/proposal")
    reader = window(cast.ben, register(cast), java_script_enabled=False)
    expect(reader.get_by_role("heading", name="Decisions")).to_be_visible()
    expect(reader.locator("svg.chronicle .node.proposed")).to_be_visible()
    reader.get_by_role("link", name="Keep messages in Postgres").first.click()
    expect(reader.locator(".doc strong")).to_have_text("31")
    reader.goto(f"/o/{cast.slug}/inbox")
    reader.get_by_role("link", name="The decisions of this organization").click()
    reader.locator("svg.chronicle a").click()
    expect(reader.get_by_role("heading", name="Keep messages in Postgres")).to_be_visible()
    reader.get_by_role("button", name="Sign out").click()
    for place in (address, "/sign-in"):
        reader.goto(place)
        expect(reader.get_by_label("E-mail address")).to_be_visible()


def test_templates_are_moved_by_the_keyboard_and_other_pages_follow(window: Window, cast: Cast):
    path = f"/o/{cast.slug}/admin/templates"
    page, other = window(cast.ada, path), window(cast.dia, path)
    names = other.locator(".template b")
    expect(names).to_have_text(["Consent", "Advice", "Consensus", "Majority"])
    expect(other.locator(".app[data-ready=true]")).to_be_visible()
    for button, order in (
        ("Move Advice up", ["Advice", "Consent", "Consensus", "Majority"]),
        ("Move Advice down", ["Consent", "Advice", "Consensus", "Majority"]),
        ("Move Advice down", ["Consent", "Consensus", "Advice", "Majority"]),
    ):
        presses = page.get_by_role("button", name=button)
        presses.focus()
        page.keyboard.press("Enter")
        expect(names).to_have_text(order)
        expect(page.locator(".template b")).to_have_text(order)
        expect(presses).to_be_focused()
    expect(page.get_by_text("“Advice” is number 3 of 4 now.")).to_be_visible()
