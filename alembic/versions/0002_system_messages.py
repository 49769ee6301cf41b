"""Messages have a kind: what the workspace notes in a thread stands beside what people say.

Revision ID: 0002
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """A default without a rewrite: the previous release goes on writing without naming the column."""
    op.execute("alter table dfworx.messages add column kind varchar not null default 'message'")


def downgrade() -> None:
    """What was noted becomes ordinary messages."""
    op.execute("alter table dfworx.messages drop column kind")
