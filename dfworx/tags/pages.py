"""The page of the organization's tags."""

import reflex as rx

from dfworx.tags.components import all_tags, new_tag, removal_dialog, tag_dialog
from dfworx.tags.state import Tags
from dfworx.ui import kit
from dfworx.ui.page import page
from dfworx.ui.state import Shell


@page("/o/[organization]/tags", title="Tags · DFWorX", on_load=(Tags.visit,))
def tags_page() -> rx.Component:
    """All of them, by category."""
    head = rx.el.header(
        kit.back(Shell.home, "Back to the channels"),
        rx.el.h1("Tags"),
        rx.el.span(class_name="grow"),
        new_tag(),
        class_name="head",
    )
    return rx.fragment(head, all_tags(), tag_dialog(), removal_dialog())
