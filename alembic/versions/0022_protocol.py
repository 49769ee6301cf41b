"""What is said about concerns, and what was mailed about decisions.

Revision ID: 0022
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the tables."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
