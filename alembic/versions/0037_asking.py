"""More people can be asked while a decision is open.

Revision ID: 0037
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Let whoever decides ask more people, and see who of them can still answer."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let only whoever drafts ask, before it is proposed."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
