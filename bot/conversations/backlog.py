"""Waiting messages and jobs: for dashboards and alarms, and so that no message is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations import files, troubles
from bot.conversations.jobs import QUEUE_TURN

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

FORGOTTEN_AFTER = 60.0  # seconds that a message may be without an outcome and without a job

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

# A message without an outcome, or not sent, whose conversation has no job, waiting or running: its job was given up, or
# removed by hand. What stands behind a message whose next try has its time waits for that.
_FORGOTTEN = text(
    f"""
with waiting as (
    select conversation_id from incoming_messages
    where handled_at is null and received_at < now() - make_interval(secs => :seconds)
    union
    select conversation_id from outgoing_messages
    where status in ('pending', 'sending')
    group by conversation_id
    having greatest(min(created_at), max(next_at)) < now() - make_interval(secs => :seconds)
), forgotten as (
    select conversation_id from waiting where not exists (select from procrastinate_jobs j
        where j.lock = 'conversation:' || waiting.conversation_id and j.status in ('todo', 'doing'))
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
    await troubles.measure(runtime)


async def remember(runtime: Runtime, seconds: float = FORGOTTEN_AFTER) -> int:
    """Queue a turn wherever a message, theirs or ours, waits without a job, and fetching where a file does.

    Returns for how many conversations and files.
    """
    rows = await runtime.database.run(_FORGOTTEN, {"seconds": seconds})
    for row in rows:
        log.error("a message was left without a job, queued again", conversation=row.conversation_id)
        metrics.forgotten.inc()
    await troubles.tell(runtime)
    return len(rows) + await files.remember(runtime, seconds)
