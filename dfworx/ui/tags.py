"""Tags wherever they hang: small, quiet, each with a dot in its color."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import each
from dfworx.ui import kit
from dfworx.ui.state import Shell


def tag_chip(tag: Any) -> rx.Component:
    """One of them."""
    name, category = tag["name"].to(str), tag["category"].to(str)
    return rx.el.span(kit.dot(tag["color"]), rx.el.span(name), class_name="tag", title=category + ": " + name)


def tag_chips(item: Any) -> rx.Component:
    """All that hang on an item of a live list; what a frame has just brought does not say which."""
    hanging = item["tags"]
    chips = rx.el.span(each(hanging.to(list[dict[str, str]]), tag_chip), class_name="tags-on")
    return rx.cond(hanging, chips, rx.fragment())


def manage_tags() -> rx.Component:
    """The way to the page of all tags, for those who may change them."""
    to_all = kit.link("Manage tags", to=Shell.home + "/tags", class_name="link small")
    return rx.cond(Shell.may["manage_tags"], to_all, rx.fragment())
