"""The threads of a channel on the screen: the rows, what narrows them, the button that opens another."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import live_list
from dfworx.threads.components import Item, new_thread_dialog
from dfworx.threads.state import Threads
from dfworx.threads.state_channel import ChannelThreads
from dfworx.ui import kit
from dfworx.ui.picker import chosen_chip, opener, picker
from dfworx.ui.slots import fills
from dfworx.ui.state import Shell
from dfworx.ui.tags import manage_tags, tag_chips


def thread_row(item: Item) -> rx.Component:
    """One thread in its channel: title, state, tags, unread, how many messages, last activity."""
    unread = item["unread"].to(int)
    return kit.link(
        rx.cond(
            item["resolved_at"],
            kit.icon("circle-check"),
            rx.cond(item["is_record"], kit.icon("hexagon"), kit.icon("message-square")),
        ),
        rx.el.span(kit.title(item["title"].to(str)), class_name="title"),
        rx.cond(item["resolved_at"], kit.chip("resolved", tone="ok"), rx.fragment()),
        tag_chips(item),
        rx.cond(
            unread > 0,
            rx.el.span(
                rx.cond(unread > 99, "99+", unread.to_string()), class_name="count", aria_label="unread messages"
            ),
            rx.fragment(),
        ),
        rx.el.span(item["when"].to(str), class_name="when", title=item["full_time"].to(str)),
        rx.el.span(item["last_seq"].to(int), class_name="num", title="messages"),
        to=item["href"].to(str),
        class_name=rx.cond(unread > 0, "row unread", rx.cond(item["resolved_at"], "row done", "row")),
        role="listitem",
    )


@fills("channel.verbs")
def new_thread() -> rx.Component:
    """The button on a channel's page that opens a thread."""
    verb = kit.button("New thread", primary=True, on_click=Threads.ask, custom_attrs={"data-verb": "new-thread"})
    return rx.cond(Shell.may["open_thread"], verb, rx.fragment())


@fills("channel")
def thread_list() -> rx.Component:
    """The threads of the channel of the address, live, what narrows them, and the dialog that opens one."""
    threads = live_list(
        "/api/v1/organizations/{organization}/channels/{channel}/threads" + ChannelThreads.query,
        "threads",
        thread_row,
        scope="{channel}",
        keep=rx.cond(ChannelThreads.query, "id", ""),  # what is filtered asks anew
        href="/o/{organization}/t/{id}",
        order=["-is_default", "-last_message_at"],
        epoch=Shell.epoch,
        label="Threads",
        class_name="rows lines",
        skeleton=kit.bones([60, 72, 48, 66, 54, 70], gap=26),
        empty=rx.cond(
            ChannelThreads.query,
            kit.empty(
                "No thread fits",
                "Fewer words or fewer tags find more.",
                kit.button("Show all threads", on_click=ChannelThreads.clear),
            ),
            kit.empty("No threads yet", "A thread has a title and one subject. Open the first one."),
        ),
        problem=kit.problem("This channel cannot be shown.", "It does not exist, or you were not added to it."),
    )
    tags = picker("Filter by tags", ChannelThreads.flip, manage_tags())
    return rx.fragment(_sieve(), threads, tags, new_thread_dialog())


def _sieve() -> rx.Component:
    field = rx.el.input(
        type="search",
        placeholder="Filter by title",
        aria_label="Filter threads by title",
        class_name="sift",
        max_length=200,
        auto_complete="off",
        default_value=ChannelThreads.sought,
        key=ChannelThreads.turn,
        on_change=ChannelThreads.seek.debounce(150),
    )

    def chosen(tag: Any) -> rx.Component:
        return chosen_chip(tag, tag["name"], ChannelThreads.flip(tag["id"]))

    return rx.el.div(
        field,
        opener("tag", "Tags", on_click=ChannelThreads.ask),
        rx.foreach(ChannelThreads.tagged, chosen),
        class_name="sieve",
    )
