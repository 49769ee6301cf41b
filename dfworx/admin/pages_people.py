"""The admin pages about people."""

import reflex as rx

from dfworx.admin.components_people import people_table
from dfworx.admin.state_people import AdminPeople
from dfworx.ui.admin import admin_page


@admin_page("people", on_load=(AdminPeople.load,))
def people_page() -> rx.Component:
    """Who has an account, and where they belong."""
    return people_table()
