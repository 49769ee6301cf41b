"""The audit: an index for whatever is asked, and what was refused.

Revision ID: 0009
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column, the indexes and the functions."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them; what was refused is forgotten."""
    run_script(
        op.get_bind(),
        """drop function dfworx.keep_denials, dfworx.admin_names;
        drop policy own_or_admins on dfworx.audit_events;
        create policy own_or_admins on dfworx.audit_events for select to authenticated
          using (user_id = (select dfworx.my_user_id())
            or organization_id = any((select dfworx.my_organization_ids_as('owner', 'admin'))::uuid[]));
        delete from dfworx.audit_events where denied_times is not null;
        alter table dfworx.audit_events drop column denied_times;
        drop index dfworx.audit_events_created_at_id_index, dfworx.audit_events_user_id_created_at_id_index,
          dfworx.audit_events_user_id_name_created_at_id_index, dfworx.audit_events_about_created_at_id_index,
          dfworx.audit_events_name_created_at_id_index,
          dfworx.audit_events_organization_id_name_created_at_id_index""",
    )
