"""By which rules an organization usually decides.

Revision ID: 0023
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the table."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
