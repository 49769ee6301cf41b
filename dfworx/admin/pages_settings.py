"""The admin page about settings."""

import reflex as rx

from dfworx.admin.components_settings import settings_lists
from dfworx.admin.state_settings import AdminSettings
from dfworx.ui.admin import admin_page


@admin_page("settings", on_load=(AdminSettings.load,))
def settings_page() -> rx.Component:
    """What the server is set to."""
    return settings_lists()
