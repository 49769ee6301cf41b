"""Administering: what server admins do, and what an organization's administrators do to accounts.

Revision ID: 0008
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the functions."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Take them away; links for others are made as before."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
