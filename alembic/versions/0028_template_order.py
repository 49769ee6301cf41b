"""Templates change places.

Revision ID: 0028
"""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Let owners and admins, who change them, change their places, too."""
    op.execute("grant update (position) on dfworx.decision_templates to authenticated")


def downgrade() -> None:
    """Let them stay where they are."""
    op.execute("revoke update (position) on dfworx.decision_templates from authenticated")
