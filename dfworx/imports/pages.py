"""The admin page of imports."""

import reflex as rx

from dfworx.imports.components import archives
from dfworx.imports.components_records import records
from dfworx.ui.admin import admin_page


@admin_page("imports", scopes=("organization",))
def imports_page() -> rx.Component:
    """Bring in what the team already has, and watch it come."""
    return rx.fragment(archives(), records())
