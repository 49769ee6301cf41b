"""What waits for somebody: the ways to it with how much it is, and the page that lists it."""

from typing import Any

import reflex as rx

from dfworx.decisions.components import Item, decision_row
from dfworx.decisions.components_text import rests_on
from dfworx.decisions.state_inbox import HERE, StaleThread
from dfworx.live.reflex_feed import each, live_list
from dfworx.ui import kit
from dfworx.ui.slots import fills
from dfworx.ui.state import Shell

SECTIONS = {  # what the inbox has, and how it is called
    "positions": ("Your position", "You are asked where you stand."),
    "concerns": ("Concerns on what you decide", "Nothing is accepted while one is open."),
    "replies": ("Replies to your concerns", "Somebody has answered what you raised: go on, or withdraw it."),
    "reviews": ("Reviews due", "You decided them, and wanted to look at them again by now."),
    "stale": ("Stale", "You decided them, and they rest on a record that holds no more."),
    "orphaned": ("Their decider is gone", "You may decide in their stead."),
}
SOURCE = "/api/v1/organizations/{organization}/inbox"
PATIENCE = 1500  # milliseconds that it may be behind


def sidebar_link() -> rx.Component:
    """The inbox, in the sidebar, with how much waits for one."""

    def link(need: rx.Component) -> rx.Component:
        return kit.link(
            kit.icon("bell"),
            rx.el.span("Inbox", class_name="label"),
            need,
            to=Shell.home + "/inbox",
            class_name="item",
            aria_current=rx.cond(Shell.place == HERE, "page", "false"),
        )

    def counted(item: Item) -> rx.Component:
        count = item["count"].to(int)
        need = rx.el.span(count, rx.cond(count == 1, " needs you", " need you"), class_name="need")
        return link(rx.cond(count > 0, need, rx.fragment()))

    return _inbox(counted, skeleton=link(rx.fragment()), problem=link(rx.fragment()))


def tab(route: str) -> rx.Component:
    """The phone's tab for the inbox; outside of organizations there is none."""

    def link(need: rx.Component) -> rx.Component:
        is_here = "page" if route.endswith("/inbox") else "false"
        return kit.link(
            kit.icon("bell"), rx.el.span("Inbox"), need, to=Shell.home + "/inbox", aria_current=is_here
        )  # fmt: skip

    def counted(item: Item) -> rx.Component:
        count = item["count"].to(int)
        need = rx.el.span(count, rx.el.span(" need you", class_name="sr-only"), class_name="count")
        return link(rx.cond(count > 0, need, rx.fragment()))

    source = Shell.home.replace("/o/", "/api/v1/organizations/") + "/inbox"  # a page of one's own names none
    shown = _inbox(counted, source, skeleton=link(rx.fragment()), problem=link(rx.fragment()))
    return rx.cond(Shell.home == "/", rx.fragment(), shown)


def inbox() -> rx.Component:
    """All that waits for one, by what it asks."""
    return _inbox(
        _sections,
        class_name="inbox",
        skeleton=kit.bones([20, 92, 84, 30, 88, 82], gap=26),
        problem=kit.problem("The inbox cannot be shown.", "Please load the page again in a moment."),
    )


def _inbox(render: Any, source: Any = SOURCE, **props: Any) -> rx.Component:
    """What waits, asked anew at each change of a decision: only the server knows what it means for one."""
    return live_list(
        source, "decisions", render, kind="one", keep="positions", patience=PATIENCE, href="/o/{organization}",
        epoch=Shell.epoch, me=Shell.membership_id, **props,
    )  # fmt: skip


def _sections(item: Item) -> rx.Component:
    nothing = kit.empty(
        "Nothing waits for you",
        "Proposals that ask where you stand, concerns on what you decide, and records to look at again stand here.",
        kit.link("All decisions", to=item["href"].to(str) + "/decisions", class_name="btn"),
    )
    return rx.cond(item["count"].to(int) > 0, rx.fragment(*[_section(item, name) for name in SECTIONS]), nothing)


def _section(item: Item, name: str) -> rx.Component:
    called, says = SECTIONS[name]
    rows, home = item[name].to(list[dict[str, Any]]), item["href"].to(str)
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.el.h2(called, rx.el.span(rows.length(), class_name="many"), id=f"inbox-{name}"),
            rx.el.p(says, class_name="sub"),
            rx.el.div(
                each(rows, lambda one: decision_row(one, home + "/d/" + one["address"].to(str))),
                class_name="lines decisions",
                role="list",
                aria_labelledby=f"inbox-{name}",
            ),
        ),
        rx.fragment(),
    )


@fills("thread.outcome")
def stale_thread() -> rx.Component:
    """At the top of a thread: that it names a record that holds no more, until somebody has looked at it."""
    return live_list(
        "/api/v1/organizations/{organization}/threads/{thread}/staleness",
        "decisions",
        _stale_line,
        keep="id",
        patience=PATIENCE,
        href="/o/{organization}",
        order=["since"],
        epoch=Shell.epoch,
        may=Shell.may,
        label="What this thread names that holds no more",
        class_name="stale-thread",
        skeleton=rx.fragment(),
        empty=rx.fragment(),
        problem=rx.fragment(),
    )


def _stale_line(item: Item) -> rx.Component:
    verb = kit.button("I have looked at it", on_click=StaleThread.confirm)
    return rx.el.div(
        kit.icon("history"),
        rx.el.span(rests_on(item, item["href"].to(str)), class_name="says"),
        rx.cond(item["may"].to(dict[str, bool])["resolve_thread"], verb, rx.fragment()),
        class_name="stale-line",
        role="listitem",
    )
