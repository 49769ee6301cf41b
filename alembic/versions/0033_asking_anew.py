"""Whoever is asked anew is reminded again.

Revision ID: 0033
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Let what finds whom to remind look at when they were asked last."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let it remind each once."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
