"""Tags, and what they hang on.

Revision ID: 0020
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the tables."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
