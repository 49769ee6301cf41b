"""The demo has a decision, which goes with it.

Revision ID: 0025
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Let it go."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """As it was."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
