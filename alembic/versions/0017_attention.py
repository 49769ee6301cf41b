"""What needs an administrator: failed imports, addresses that stay unconfirmed.

Revision ID: 0017
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """A function, and another standing of people."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Without them."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".down.sql").read_text())
