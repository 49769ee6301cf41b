"""The channels that a decision governs.

Revision ID: 0021
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the column."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
