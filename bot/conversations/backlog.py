"""What waits: for dashboards and alarms, and so that no message is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations.jobs import QUEUE_TURN

if TYPE_CHECKING:
    from bot.runtime import Runtime

log = structlog.get_logger()

FORGOTTEN_AFTER = 30.0  # seconds that something may wait without a job
MOST = 500  # conversations remembered at a time

# Small partial indexes hold what waits, so this costs the same with a million messages as with ten.
_WAITING = text("""
select
    (select count(*) from incoming_messages where handled_at is null) as unanswered,
    (select coalesce(extract(epoch from now() - min(received_at)), 0)
        from incoming_messages where handled_at is null) as unanswered_age,
    (select count(*) from outgoing_messages where status in ('pending', 'sending')) as unsent,
    (select coalesce(extract(epoch from now() - min(created_at)), 0)
        from outgoing_messages where status in ('pending', 'sending')) as unsent_age,
    (select count(*) from procrastinate_jobs where status = 'todo') as todo,
    (select count(*) from procrastinate_jobs where status = 'doing') as doing,
    (select count(*) from procrastinate_jobs where status = 'failed') as failed
""")

# Something that waits in a conversation without a job, waiting or running. A job is always queued together with its
# message; only one that was given up, or removed by hand, leaves something.
_FORGOTTEN = text(
    f"""
with forgotten as (
    select conversation_id from (
        select conversation_id from incoming_messages
        where handled_at is null and received_at < now() - make_interval(secs => :seconds)
        union
        select conversation_id from outgoing_messages
        where status in ('pending', 'sending') and created_at < now() - make_interval(secs => :seconds)
    ) waiting
    where not exists (select from procrastinate_jobs
        where lock = 'conversation:' || conversation_id and status in ('todo', 'doing'))
    limit :most
)
select conversation_id, {QUEUE_TURN} as job from forgotten
"""  # noqa: S608 (a constant of ours)
)


async def measure(runtime: Runtime) -> None:
    """Bring the gauges of what waits up to date. Raises what the database raises."""
    (row,) = await runtime.database.run(_WAITING)
    metrics.unanswered.set(row.unanswered)
    metrics.unanswered_age.set(row.unanswered_age)
    metrics.unsent.set(row.unsent)
    metrics.unsent_age.set(row.unsent_age)
    for status in ("todo", "doing", "failed"):
        metrics.jobs.labels(status).set(getattr(row, status))


async def remember(runtime: Runtime, seconds: float = FORGOTTEN_AFTER) -> int:
    """Queue a turn for every conversation in which something waits, unanswered or unsent, that no job cares for.

    Returns for how many.
    """
    rows = await runtime.database.run(_FORGOTTEN, {"seconds": seconds, "most": MOST})
    for row in rows:
        log.error("messages were left without a job, queued again", conversation=row.conversation_id)
        metrics.forgotten.inc()
    return len(rows)
