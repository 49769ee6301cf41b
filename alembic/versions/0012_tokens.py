"""Tokens for scripts: sessions of the API with refresh tokens, and personal access tokens.

Revision ID: 0012
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Two tables, and what must be asked of them before anybody is known."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Scripts sign in anew; a reset of the password is again what it was."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
