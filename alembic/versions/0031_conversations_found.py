"""Conversations about decisions are not found by their titles: the decisions are.

Revision ID: 0031
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Mark those that are there, and leave them out of what is found."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
