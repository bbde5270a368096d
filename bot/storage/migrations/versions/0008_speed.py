"""No diary of jobs that nobody reads.

Procrastinate writes two rows of history for every job and removes them with the job, which ours are as soon as they have
succeeded: a third of what a job costs the database. What happened to a message stands in its own row; a job that failed
for good stays in the queue with its arguments, and in the log.
"""

from __future__ import annotations

from alembic import op

revision = "0008_speed"
down_revision = "0007_cases"
branch_labels = None
depends_on = None

TRIGGERS = ("procrastinate_trigger_status_events_insert_v1", "procrastinate_trigger_status_events_update_v1")


def upgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"alter table procrastinate_jobs disable trigger {name}")


def downgrade() -> None:
    for name in TRIGGERS:
        op.execute(f"alter table procrastinate_jobs enable trigger {name}")
