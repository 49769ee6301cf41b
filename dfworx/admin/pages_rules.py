"""The admin page about roles."""

import reflex as rx

from dfworx.admin.components_rules import permission_table, question
from dfworx.admin.state_rules import AdminRules
from dfworx.ui.admin import admin_page


@admin_page("roles", on_load=(AdminRules.load,))
def roles_page() -> rx.Component:
    """What each role may do, and why somebody may do something or not."""
    return rx.fragment(question(), permission_table())
