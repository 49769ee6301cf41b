"""What a thread's page looks like from outside: where to look and what to press."""

from playwright.sync_api import Locator, Page, expect

from tests.cast import Cast


def address(cast: Cast, thread_id: object) -> str:
    """The address of a thread."""
    return f"/o/{cast.slug}/t/{thread_id}"


def is_ready(page: Page) -> None:
    """Wait until the thread is on the screen and its rooms are joined."""
    expect(page.locator("[data-list=messages][data-ready=true]")).to_be_visible()
    expect(page.locator(".app[data-ready=true]")).to_be_visible()


def say(page: Page, text: str) -> None:
    """Write a message and send it."""
    field = composer(page)
    field.fill(text)
    field.press("Enter")


def composer(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_role("textbox", name="Write a message")


def lines(page: Page) -> list[str]:
    """The texts of the messages on the screen, in their order."""
    return [text.strip() for text in page.locator("[data-list=messages] .prose").all_inner_texts()]


def message(page: Page, text: str) -> Locator:
    """The message that says this."""
    return page.locator("article.msg").filter(has_text=text)


def stored(page: Page, text: str) -> None:
    """Wait until what one wrote has come back with its place in the thread: only then can it be edited."""
    expect(message(page, text).get_by_role("button", name="Edit")).to_have_count(1)
