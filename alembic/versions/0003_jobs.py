"""Jobs: where they are kept, and the id of the request in what it announces.

Revision ID: 0003
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the jobs' schema."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove it, with every job in it."""
    run_script(op.get_bind(), "drop schema jobs cascade; alter table dfworx.outbox drop column correlation_id")
