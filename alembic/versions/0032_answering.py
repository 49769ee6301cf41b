"""Whoever has a concern open has answered, and is mailed no more about it; a draft has no template.

Revision ID: 0032
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Let what finds whom to mail look at concerns, too, and what guards decisions at the template."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let them be as they were."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
