"""Deciding, below the services: who may end, number, record, resolve, clear and quote.

Revision ID: 0026
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add triggers and policies."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
