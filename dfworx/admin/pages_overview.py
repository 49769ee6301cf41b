"""The first admin pages, and that of the server's health."""

import reflex as rx

from dfworx.admin import components_overview as overview
from dfworx.admin.state_health import AdminHealth
from dfworx.admin.state_overview import AdminOverview, OrganizationOverview
from dfworx.ui.admin import admin_page


@admin_page("overview", scopes=("server",), on_load=(AdminOverview.load,))
def server_page() -> rx.Component:
    """What needs somebody, and how the server goes."""
    return overview.server_overview()


@admin_page("overview", scopes=("organization",), on_load=(OrganizationOverview.load,))
def organization_page() -> rx.Component:
    """How the organization goes."""
    return overview.organization_overview()


@admin_page("health", on_load=(AdminHealth.load,))
def health_page() -> rx.Component:
    """Whether the server is well."""
    return overview.health()
