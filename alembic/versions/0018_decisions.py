"""Decisions: the record, who stands where, what concerns them, what it came from, and the ledger.

Revision ID: 0018
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the tables and what the database itself refuses."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
