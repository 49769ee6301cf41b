"""The admin page of imports."""

import reflex as rx

from dfworx.imports.components import imports_list, upload_form
from dfworx.imports.components_records import records
from dfworx.ui.admin import admin_page


@admin_page("imports", scopes=("organization",))
def imports_page() -> rx.Component:
    """Bring in what the team already has, and watch it come."""
    archives = rx.el.section(rx.el.h2("Zulip archives"), upload_form(), imports_list(), class_name="bringing")
    return rx.fragment(archives, records())
