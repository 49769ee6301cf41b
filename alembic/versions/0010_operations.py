"""Operations: why a job failed, settings changed while the server runs, the figures of the past.

Revision ID: 0010
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them: settings are as the environment says again."""
    run_script(
        op.get_bind(),
        """drop function dfworx.totals;
        drop table dfworx.samples, dfworx.changed_settings, jobs.failures""",
    )
