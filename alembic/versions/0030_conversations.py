"""Which threads are conversations about decisions.

Revision ID: 0030
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the column, which the database fills in for the release before."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
