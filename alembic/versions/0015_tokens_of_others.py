"""Administrators see and end the personal access tokens of others.

Revision ID: 0015
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the functions."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them."""
    run_script(op.get_bind(), "drop function dfworx.admin_tokens, dfworx.admin_end_token")
