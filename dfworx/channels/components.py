"""The channels in the sidebar, and the dialog that makes one."""

from typing import Any

import reflex as rx

from dfworx.channels.state import Channels
from dfworx.live.reflex_feed import live_list
from dfworx.ui import kit
from dfworx.ui.slots import show
from dfworx.ui.state import Shell


def channel_item(item: rx.vars.ObjectVar[dict[str, Any]]) -> rx.Component:
    """One channel: its name, a lock when private, its unread count."""
    unread = item["unread"].to(int)
    return kit.link(
        rx.el.span("#", aria_hidden="true", class_name="sub"),
        rx.el.span(item["name"].to(str), class_name="label"),
        rx.cond(item["visibility"].to(str) == "members", kit.icon("lock"), rx.fragment()),
        rx.cond(
            unread > 0,
            rx.el.span(
                rx.cond(unread > 99, "99+", unread.to_string()), class_name="count", aria_label="unread messages"
            ),
            rx.fragment(),
        ),
        to=item["href"].to(str),
        class_name=rx.cond(unread > 0, "item unread", "item"),
        aria_current=rx.cond(item["is_here"].to(bool), "page", "false"),
        role="listitem",
        custom_attrs={"data-channel": item["name"].to(str)},
    )


def sidebar_channels() -> rx.Component:
    """Every channel that the person can see, live."""
    heading = rx.el.div(
        rx.el.h2("Channels", style={"fontSize": "inherit", "fontWeight": "inherit"}),
        rx.cond(
            Shell.may["create_channel"],
            rx.el.button(
                "+",
                type="button",
                title="New channel",
                aria_label="New channel",
                on_click=Channels.ask,
                custom_attrs={"data-verb": "new-channel"},
            ),
            rx.fragment(),
        ),
        class_name="sec",
    )
    channels = live_list(
        "/api/v1/organizations/{organization}/sidebar",
        "channels",
        channel_item,
        href="/o/{organization}/c/{id}",
        here=Shell.place,
        order=["name"],
        tally=True,
        epoch=Shell.epoch,
        label="Channels",
        skeleton=kit.bones([70, 55, 80, 60]),
        empty=rx.el.p("No channels yet.", class_name="item"),
    )
    return rx.fragment(heading, channels, archived_channels(), new_channel_dialog())


def archived_channels() -> rx.Component:
    """What is readable still and takes nothing new, folded away."""
    archived = live_list(
        "/api/v1/organizations/{organization}/channels?archived=true",
        "channels",
        archived_item,
        href="/o/{organization}/c/{id}",
        here=Shell.place,
        keep="archived_at",
        order=["name"],
        epoch=Shell.epoch,
        label="Archived channels",
        empty=rx.el.p("None.", class_name="item"),
    )
    return rx.el.details(rx.el.summary("Archived", class_name="sec"), archived, class_name="fold")


def archived_item(item: rx.vars.ObjectVar[dict[str, Any]]) -> rx.Component:
    """One archived channel."""
    return kit.link(
        rx.el.span("#", aria_hidden="true", class_name="sub"),
        rx.el.span(item["name"].to(str), class_name="label"),
        to=item["href"].to(str),
        class_name="item",
        aria_current=rx.cond(item["is_here"].to(bool), "page", "false"),
        role="listitem",
    )


def new_channel_dialog() -> rx.Component:
    """Asks for a name and who can see it."""
    return kit.dialog(
        "New channel",
        rx.el.form(
            kit.field(
                "Name",
                "name",
                hint="Short and lower case reads best: platform, release, incidents.",
                required=True,
                max_length=80,
                auto_focus=True,
                auto_complete="off",
                problem=Channels.problem,
            ),
            kit.field("What is it for? (optional)", "description", max_length=500, auto_complete="off"),
            rx.el.label(
                "Who can see it",
                rx.el.select(
                    rx.el.option("Everybody in the organization", value="organization"),
                    rx.el.option("Only the people who are added", value="members"),
                    name="visibility",
                    id="field-visibility",
                ),
                class_name="fld",
                html_for="field-visibility",
            ),
            kit.dialog_actions("Create channel", Channels.close),
            on_submit=Channels.create,
        ),
        is_open=Channels.is_asking,
        on_open_change=Channels.set_asking,
    )


def channel_header() -> rx.Component:
    """The name and description of the channel of the page, and its verbs."""
    return rx.el.header(
        kit.link("‹", to=Shell.home, class_name="back", aria_label="Back to the channels"),
        rx.el.h1("# ", Channels.name),
        rx.cond(Channels.visibility == "members", kit.chip("private"), rx.fragment()),
        rx.cond(Channels.is_archived, kit.chip("archived", tone="wait"), rx.fragment()),
        rx.el.span(Channels.description, class_name="crumb", style={"overflow": "hidden", "textOverflow": "ellipsis"}),
        rx.el.span(class_name="grow"),
        rx.cond(
            Shell.may["edit_channel"],
            rx.cond(
                Channels.is_archived,
                kit.button("Restore", on_click=Channels.restore),
                rx.fragment(
                    kit.icon_button("pencil", "Rename or describe the channel", on_click=Channels.edit),
                    kit.icon_button("archive", "Archive the channel", on_click=Channels.archive),
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(
            (Channels.visibility == "members") | Shell.may["manage_channel_members"],
            kit.icon_button("users", "People in this channel", on_click=Channels.show_people),
            rx.fragment(),
        ),
        show("channel.verbs"),
        change_channel_dialog(),
        people_dialog(),
        class_name="head",
    )


def people_dialog() -> rx.Component:
    """Who is in a private channel; who may, lets others in."""
    return kit.dialog(
        "People in this channel",
        rx.el.ul(rx.foreach(Channels.people, _person), class_name="people"),
        rx.el.div(kit.button("Done", on_click=Channels.close), class_name="actions"),
        is_open=Channels.is_inviting,
        on_open_change=Channels.set_inviting,
        hint="These people alone see a private channel; an open one every member, and the guests who are added.",
    )


def _person(person: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    may = Shell.may["manage_channel_members"]
    taking_out = kit.button("Remove", on_click=Channels.remove(person["id"]), aria_label="Remove " + person["name"])
    letting_in = kit.button("Add", on_click=Channels.add(person["id"]), aria_label="Add " + person["name"])
    is_added = person["is_added"] != ""
    return rx.cond(
        is_added | may,
        rx.el.li(
            rx.el.span(person["name"], class_name="title"),
            kit.chip(person["role"]),
            rx.el.span(class_name="grow"),
            rx.cond(may, rx.cond(is_added, taking_out, letting_in), rx.fragment()),
            key=person["id"],
        ),
        rx.fragment(),
    )


def change_channel_dialog() -> rx.Component:
    """Asks for another name or description."""
    return kit.dialog(
        "Channel",
        rx.el.form(
            kit.field(
                "Name",
                "name",
                required=True,
                max_length=80,
                default_value=Channels.name,
                auto_complete="off",
                problem=Channels.problem,
            ),
            kit.field(
                "What is it for?",
                "description",
                max_length=500,
                default_value=Channels.description,
                auto_complete="off",
            ),
            kit.dialog_actions("Save", Channels.close),
            on_submit=Channels.change,
        ),
        is_open=Channels.is_editing,
        on_open_change=Channels.set_editing,
        hint="Links to the channel keep working.",
    )
