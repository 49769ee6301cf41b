"""Nothing is rejected, withdrawn or deprecated without a reason.

Revision ID: 0034
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add the trigger."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
