"""Explaining: what decides about a channel's default thread, too.

Revision ID: 0014
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The function tells one fact more."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """And one less."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
