"""The mail of Mondays is handed over at most once, as notices are.

Revision ID: 0027
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Let a row be about no decision."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Keep those of notices."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
