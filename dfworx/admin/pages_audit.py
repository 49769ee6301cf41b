"""The admin pages about what was done."""

import reflex as rx

from dfworx.admin.components_audit import audit_table
from dfworx.admin.state_audit import AdminAudit
from dfworx.ui.admin import admin_page


@admin_page("audit", scopes=("organization",), on_load=(AdminAudit.load,))
def audit_page() -> rx.Component:
    """What was done in the organization."""
    return audit_table(on_server=False)


@admin_page("audit", scopes=("server",), on_load=(AdminAudit.load,))
def server_audit_page() -> rx.Component:
    """What was done anywhere."""
    return audit_table(on_server=True)
