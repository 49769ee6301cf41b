"""Server admins: who looks after the server as a whole, and what they see of its people.

Revision ID: 0007
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the functions; somebody is a server admin afterwards, also where the first run was long ago."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Nobody sees across organizations any more."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
