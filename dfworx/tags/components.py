"""The tags of the organization on the screen: the list by category, and the dialogs."""

from typing import Any

import reflex as rx

from dfworx.live.reflex_feed import live_list
from dfworx.tags.state import Tags
from dfworx.tags.validators import Category, Color
from dfworx.ui import kit
from dfworx.ui.state import Shell
from dfworx.ui.tags import tag_chip

Item = rx.vars.ObjectVar[dict[str, Any]]


def all_tags() -> rx.Component:
    """Every tag, by category, live."""
    begin = kit.button("New tag", on_click=Tags.ask(Category.TOPIC))
    return live_list(
        "/api/v1/organizations/{organization}/tags",
        "tags",
        _row,
        order=["category", "name"],
        group="category",
        epoch=Shell.epoch,
        may=Shell.may,
        label="Tags",
        class_name="rows tag-list",
        skeleton=kit.bones([30, 24, 36, 28], gap=22),
        empty=kit.empty(
            "No tags yet",
            "A tag sorts threads and decisions: by app, topic, decision, status or priority.",
            rx.cond(Shell.may["manage_tags"], begin, rx.fragment()),
        ),
        problem=kit.problem("The tags cannot be shown.", "Please load the page again in a moment."),
    )


def _row(item: Item) -> rx.Component:
    id_, name = item["id"].to(str), item["name"].to(str)
    verbs = rx.el.span(
        kit.icon_button("pencil", "Change " + name, on_click=Tags.ask_change(id_)),
        kit.icon_button("trash-2", "Remove " + name, on_click=Tags.ask_remove(id_)),
        class_name="verbs",
    )
    return rx.el.div(
        rx.cond(item["heading"], rx.el.h2(item["heading"].to(str)), rx.fragment()),
        rx.el.div(
            tag_chip(item),
            rx.cond(item["may"].to(dict[str, bool])["manage_tags"], verbs, rx.fragment()),
            class_name="row",
        ),
        role="listitem",
    )


def new_tag() -> rx.Component:
    """The button that makes one."""
    verb = kit.button("New tag", primary=True, on_click=Tags.ask(Category.TOPIC), custom_attrs={"data-verb": "new-tag"})
    return rx.cond(Shell.may["manage_tags"], verb, rx.fragment())


def tag_dialog() -> rx.Component:
    """Asks for a name, a category and a color."""
    category = rx.el.label(
        "Category",
        rx.el.select(
            *[rx.el.option(each, value=each) for each in Category],
            name="category",
            id="field-tag-category",
            default_value=Tags.category,
        ),
        class_name="fld",
        html_for="field-tag-category",
    )
    return kit.dialog(
        rx.cond(Tags.here, "Change the tag", "New tag"),
        rx.el.form(
            kit.field(
                "Name",
                "name",
                required=True,
                max_length=40,
                auto_focus=True,
                auto_complete="off",
                default_value=Tags.name,
                problem=Tags.problem,
            ),
            category,
            rx.el.fieldset(rx.el.legend("Color"), *[_color(each) for each in Color], class_name="fld colors"),
            kit.dialog_actions("Save", Tags.close),
            on_submit=Tags.save,
        ),
        is_open=Tags.is_open,
        on_open_change=Tags.set_open,
    )


def _color(color: Color) -> rx.Component:
    choice = rx.el.input(type="radio", name="color", value=color, default_checked=Tags.color == color)
    return rx.el.label(choice, kit.dot(color), rx.el.span(color, class_name="sr-only"), title=color)


def removal_dialog() -> rx.Component:
    """Asks once more."""
    return kit.dialog(
        "Remove “" + Tags.name + "”",
        rx.el.form(kit.dialog_actions("Remove", Tags.close, is_dangerous=True), on_submit=Tags.remove),
        is_open=Tags.is_removing,
        on_open_change=Tags.set_open,
        hint="It comes off every thread and decision that it hangs on, for everybody.",
    )
