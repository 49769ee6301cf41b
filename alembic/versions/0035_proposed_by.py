"""A proposal is decided as the template says that it names.

Revision ID: 0035
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Let what guards decisions look at the rule, too."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Let it look at the number only."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
