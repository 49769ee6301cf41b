"""Whether a message is seen is asked of its thread alone, and not of every thread of the organization.

`offset 0` changes nothing of what the policy says; it keeps the planner from reading all threads into a hash for the
sake of fifty messages, which among 1,000 channels and 5,000 threads took ten times longer than the page itself.

Revision ID: 0013
"""

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0013"
down_revision = "0012"

SEEN = "alter policy visible on dfworx.messages using (exists (select from dfworx.threads t where t.id = thread_id{}))"


def upgrade() -> None:
    """Look each thread up by its key."""
    run_script(op.get_bind(), SEEN.format(" offset 0"))


def downgrade() -> None:
    """Let the planner choose."""
    run_script(op.get_bind(), SEEN.format(""))
