"""${message}.

Safety: works beside the previous release (expand, backfill in batches, enforce); a new table gets its grants, forced
row-level security and policies in the same migration; an index on a big table is created concurrently.

Revision ID: ${up_revision}
"""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Undo it."""
    ${downgrades if downgrades else "pass"}
