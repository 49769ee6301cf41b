"""Mail: links that are sent, and which addresses are verified.

Revision ID: 0005
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the links and the columns."""
    run_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Remove them; links that were sent lead nowhere then."""
    run_script(
        op.get_bind(),
        """drop function dfworx.verify_email, dfworx.reset_password, dfworx.keep_reset_link, dfworx.use_link;
        drop table dfworx.mailed_links;
        alter table dfworx.invitations drop column email;
        alter table dfworx.users drop column email_verified_at""",
    )
