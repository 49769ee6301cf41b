"""A person may hide that they are online.

Revision ID: 0006
"""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A default without a rewrite; people change their own."""
    op.execute("alter table dfworx.users add column shows_presence boolean not null default true")
    op.execute("grant update (shows_presence) on dfworx.users to authenticated")


def downgrade() -> None:
    """Nobody hides any more."""
    op.execute("alter table dfworx.users drop column shows_presence")
