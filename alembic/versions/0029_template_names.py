"""By which template a decision was proposed.

Revision ID: 0029
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Add the column and its trigger."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
