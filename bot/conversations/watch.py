"""Every message of an applicant has an outcome or an alarm: what waits is measured, what nobody works on is rescued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations.jobs import conversation_lock, defer
from bot.storage.patience import is_away

if TYPE_CHECKING:
    from bot.runtime import Runtime
    from bot.storage.database import Database

log = structlog.get_logger()

LEFT_AFTER = 30.0  # seconds after which something without a job counts as left behind
MOST = 500  # conversations rescued at a time

_LEFT = text("""
select id from (
    select conversation_id as id from incoming_messages
    where handled_at is null and received_at < now() - make_interval(secs => :seconds)
    union
    select conversation_id from outgoing_messages
    where status in ('pending', 'sending') and created_at < now() - make_interval(secs => :seconds)
) left_behind
where not exists (
    select from procrastinate_jobs
    where lock = 'conversation:' || left_behind.id and status in ('todo', 'doing')
) limit :most
""")
_BACKLOG = text("""
select unanswered.*, unsent.*, failed.* from
    (select count(*) as unanswered, coalesce(extract(epoch from now() - min(received_at)), 0) as oldest_unanswered
     from incoming_messages where handled_at is null) unanswered,
    (select count(*) as unsent, coalesce(extract(epoch from now() - min(created_at)), 0) as oldest_unsent
     from outgoing_messages where status in ('pending', 'sending')) unsent,
    (select count(*) as failed_jobs from procrastinate_jobs where status = 'failed') failed
""")


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits now; ages in seconds, 0 where nothing waits."""

    unanswered: int
    oldest_unanswered: float
    unsent: int
    oldest_unsent: float
    failed_jobs: int


async def backlog(database: Database) -> Backlog:
    """Count what waits; cheap, since both counts read indexes that hold only what is open."""
    row = (await database.run(_BACKLOG))[0]
    return Backlog(row.unanswered, float(row.oldest_unanswered), row.unsent, float(row.oldest_unsent), row.failed_jobs)


async def measure(database: Database) -> None:
    """Put the backlog into the metrics. Says so when the database is away, and never fails."""
    try:
        now = await backlog(database)
    except Exception as error:
        if not is_away(error):
            log.error("could not count what waits", error=type(error).__name__)
        metrics.database_up.set(0)
        return
    metrics.database_up.set(1)
    metrics.unanswered.set(now.unanswered)
    metrics.oldest_unanswered.set(now.oldest_unanswered)
    metrics.unsent.set(now.unsent)
    metrics.oldest_unsent.set(now.oldest_unsent)
    metrics.failed_jobs.set(now.failed_jobs)


async def rescue(runtime: Runtime, seconds: float = LEFT_AFTER) -> int:
    """Queue a turn for every conversation in which something waits that no job cares for. Returns how many.

    A job is always queued together with its message; only one that was given up, or lost by hand, leaves something.
    """
    left = await runtime.database.run(_LEFT, {"seconds": seconds, "most": MOST})
    for row in left:
        async with runtime.database.session() as session:
            await defer(runtime.jobs, session, "turn", lock=conversation_lock(row.id), conversation_id=row.id)
    if left:
        metrics.rescued.inc(len(left))
        log.error("messages were left behind, queued again", conversations=len(left))
    return len(left)
