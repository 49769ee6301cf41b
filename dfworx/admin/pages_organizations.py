"""The admin pages about organizations and invitations."""

import reflex as rx

from dfworx.admin.components_organizations import invitations_table, organizations_table
from dfworx.admin.state_organizations import AdminInvitations, AdminOrganizations
from dfworx.ui.admin import admin_page


@admin_page("organizations", on_load=(AdminOrganizations.load,))
def organizations_page() -> rx.Component:
    """Every organization of the server."""
    return organizations_table()


@admin_page("invitations", on_load=(AdminInvitations.load,))
def invitations_page() -> rx.Component:
    """Who may join by which link."""
    return invitations_table()
