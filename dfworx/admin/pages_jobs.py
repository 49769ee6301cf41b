"""The admin page about jobs and the outbox."""

import reflex as rx

from dfworx.admin.components_jobs import jobs_table
from dfworx.admin.state_jobs import AdminJobs
from dfworx.ui.admin import admin_page


@admin_page("jobs", on_load=(AdminJobs.load,))
def jobs_page() -> rx.Component:
    """What waits, and what died."""
    return jobs_table()
