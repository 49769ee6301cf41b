"""Claims: an imported author is somebody who works here.

Revision ID: 0016
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Two columns, and whose words are one's own."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Nobody is an imported author any more."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
