"""Whoever has a concern open has answered: they are neither reminded nor mailed on Mondays for it.

Revision ID: 0032
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Let what finds whom to mail look at concerns, too."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let it look at positions alone."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
