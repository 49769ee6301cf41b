"""Links of the ledger are counted together.

Revision ID: 0036
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Let a link follow one that is not counted yet."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let each be counted before the next one."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
