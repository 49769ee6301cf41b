"""Threads are found by their titles, and lists of them are read in the order of their activity.

Revision ID: 0004
"""

from pathlib import Path

from alembic import op
from dfworx.infra.migrations import run_script

revision = "0004"
down_revision = "0003"

UP = Path(__file__).with_suffix(".sql")
DOWN = """
drop function dfworx.find_threads(uuid, text[], integer);
drop index dfworx.threads_title_words_index;
drop index dfworx.threads_organization_id_activity_index;
drop index dfworx.threads_place_id_activity_index;
create index threads_place_id_last_message_at_index on dfworx.threads (place_id, last_message_at);
"""


def upgrade() -> None:
    """Three indexes for one, and the function that uses them for whoever may see what it finds."""
    run_script(op.get_bind(), UP.read_text())


def downgrade() -> None:
    """Lists are sorted anew at each look again."""
    run_script(op.get_bind(), DOWN)
