"""Imported authors on the members page."""

import reflex as rx

from dfworx.organizations.state_authors import Authors
from dfworx.ui import kit

Entry = rx.vars.ObjectVar[dict[str, str]]


def imported_authors() -> rx.Component:
    """Who wrote what was imported; nothing where nothing was."""
    section = rx.el.section(
        rx.el.h2("Imported authors"),
        rx.el.p("They wrote what was imported. Was one of them you? Say so, and it shows your name.", class_name="sub"),
        rx.el.ul(rx.foreach(Authors.people, _author), class_name="things", aria_label="Imported authors"),
        rx.cond(
            Authors.next,
            rx.el.button("Show more", type="button", class_name="more", on_click=Authors.more),
            rx.fragment(),
        ),
        class_name="part",
    )
    return rx.cond(Authors.people, section, rx.fragment())


def _author(author: Entry) -> rx.Component:
    name = author["name"].to(str)
    return rx.el.li(
        kit.avatar(author["initials"], author["hue"]),
        rx.el.div(
            rx.el.div(rx.el.b(name)),
            rx.cond(author["claimed_by"], rx.el.div("is ", author["who"], class_name="sub"), rx.fragment()),
            rx.cond(
                author["claimant_id"], rx.el.div(author["who"], " says: this was me", class_name="sub"), rx.fragment()
            ),
            class_name="about",
        ),
        rx.cond(
            author["may_claim"],
            kit.button("This was me", aria_label=f"{name} was me", on_click=Authors.claim(author["id"])),
            rx.fragment(),
        ),
        rx.cond(
            author["may_approve"],
            kit.button(
                "Approve",
                primary=True,
                aria_label=f"Approve: {name} is {author['who']}",
                on_click=Authors.approve(author["id"], author["claimant_id"]),
            ),
            rx.fragment(),
        ),
        rx.cond(
            author["end"],
            kit.button(author["end"], aria_label=f"{author['end']}: {name}", on_click=Authors.end(author["id"])),
            rx.fragment(),
        ),
        key=author["id"],
    )
