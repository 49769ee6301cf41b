"""Every screen, light and dark, on a desk and on a phone: accessible, and nothing wider than the page."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, text

from tests.admin.conftest import imported
from tests.cast import Cast, Member, say
from tests.journeys.conftest import Window
from tests.journeys.thread import address, composer, is_ready

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SERIOUS = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

SCREENS: dict[str, Callable[[Cast], str]] = {
    "thread": lambda cast: address(cast, cast.retries),
    "empty thread": lambda cast: address(cast, cast.lobby),
    "channel": lambda cast: f"/o/{cast.slug}/c/{cast.general}",
    "home": lambda cast: f"/o/{cast.slug}",
    "members": lambda cast: f"/o/{cast.slug}/members",
    "account": lambda _cast: "/account",
    "not found": lambda _cast: "/nothing/here",
}

ADMIN: dict[str, Callable[[Cast], str]] = {
    "overview": lambda _cast: "/admin",
    "overview of an organization": lambda cast: f"/o/{cast.slug}/admin",
    "people": lambda _cast: "/admin/people",
    "person": lambda cast: f"/admin/people/{cast.ben.user_id}",
    "organizations": lambda _cast: "/admin/organizations",
    "invitations": lambda cast: f"/o/{cast.slug}/admin/invitations",
    "roles": lambda cast: f"/o/{cast.slug}/admin/roles",
    "sessions": lambda _cast: "/admin/sessions",
    "tokens": lambda _cast: "/admin/tokens",
    "audit": lambda _cast: "/admin/audit",
    "jobs": lambda _cast: "/admin/jobs",
    "templates": lambda cast: f"/o/{cast.slug}/admin/templates",
    "imports": lambda cast: f"/o/{cast.slug}/admin/imports",
    "settings": lambda _cast: "/admin/settings",
    "health": lambda _cast: "/admin/health",
}


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_screen_can_be_used_by_everybody(window: Window, cast: Cast, admin: Connection, size, scheme):
    say(admin, cast.ben, cast.retries, "First", "Second with <code>code</code>")
    page = window(cast.ada, viewport=size, color_scheme=scheme)
    for name, where in SCREENS.items():
        look_at(page, name, where(cast))
    nobody = window(None, "/sign-in", viewport=size, color_scheme=scheme)
    for name, path in (("sign in", "/sign-in"), ("forgot", "/forgot-password"), ("reset", "/reset-password/nothing")):
        look_at(nobody, name, path)


@pytest.fixture
def keeper(cast: Cast, admin: Connection) -> Iterator[Member]:
    """Ada, who looks after the server, too."""
    looks_after = text("update dfworx.users set is_server_admin = :is_so where id = :id")
    admin.execute(looks_after, {"is_so": True, "id": cast.ada.user_id})
    yield cast.ada
    admin.execute(looks_after, {"is_so": False, "id": cast.ada.user_id})


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_admin_screen_can_be_too(window: Window, cast: Cast, keeper: Member, admin: Connection, size, scheme):
    for state in ("failed", "done"):
        imported(admin, cast.acme, state)
    page = window(keeper, viewport=size, color_scheme=scheme)
    for name, where in ADMIN.items():
        look_at(page, name, where(cast))


def look_at(page: Page, name: str, path: str) -> None:
    """Open a screen and let axe look at it."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1:visible, h2:visible").first).to_be_visible()
    found = Axe().run(page, options=RULES)
    serious = [
        f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found.response["violations"] if v["impact"] in SERIOUS
    ]
    assert serious == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the page"


def test_on_a_phone_one_goes_from_channels_to_a_thread_and_back(window: Window, cast: Cast, admin: Connection):
    say(admin, cast.ben, cast.retries, "First")
    page = window(cast.ada, f"/o/{cast.slug}", viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-channel=general]").tap()
    page.get_by_role("listitem").filter(has_text="Retries").tap()
    is_ready(page)
    composer(page).fill("From the train")
    page.get_by_role("button", name="Send").tap()
    expect(page.locator("article.msg:not(.pending)").filter(has_text="From the train")).to_be_visible()
    sent = page.locator("article.msg").filter(has_text="From the train")
    sent.locator(".prose").tap()
    sent.get_by_role("button", name="Edit").tap()
    expect(composer(page)).to_have_value("From the train")
    page.get_by_role("button", name="Cancel").tap()
    page.get_by_role("link", name="Back to the channel").tap()
    page.get_by_role("link", name="Back to the channels").tap()
    expect(page.locator("[data-channel=general]")).to_be_visible()
