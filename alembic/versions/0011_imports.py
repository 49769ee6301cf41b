"""Imports: what came, how far it is, and who does it.

Revision ID: 0011
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it; what was brought in stays."""
    run_script(op.get_bind(), "drop table dfworx.imports")
