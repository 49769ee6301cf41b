"""Decisions that were brought in: where from, decided already, with the numbers that they had.

Revision ID: 0019
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column and let imports in."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
