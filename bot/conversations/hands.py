"""The jobs that this process's worker has in hand, and jobs that it only seems to work on.

When PostgreSQL dies in the moment in which a job is fetched or ended, the queue may say "doing" of a job that nobody
does: a worker that lives is named as its worker, so it counts as no stalled one, and its lock holds the conversation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from sqlalchemy import text

from bot.storage.patience import is_away

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

_DROPPED = text("""
select id from procrastinate_jobs where status = 'doing' and worker_id = any(:workers) and not id = any(:jobs)
""")


@dataclass(slots=True)
class Hands:
    """Ids of the workers that this process has been, and of the jobs that it works on now."""

    workers: set[int] = field(default_factory=set)
    jobs: dict[int, asyncio.Event] = field(default_factory=dict)  # the event: it has ended

    async def hold(self, call: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
        """Procrastinate's middleware: runs around every job.

        A job that is fetched again while it runs here (the database forgot that it was fetched) waits for itself.
        """
        job = context.job.id
        assert job is not None
        if worker.worker_id is not None:
            self.workers.add(worker.worker_id)
        while earlier := self.jobs.get(job):
            await earlier.wait()
        ended = self.jobs[job] = asyncio.Event()
        try:
            return await call()
        finally:
            del self.jobs[job]
            ended.set()


_SENDERS = text("""
select greatest(count(*), 1) as count from procrastinate_workers
where last_heartbeat > now() - make_interval(secs => :seconds)
""")


async def share_paces(runtime: Runtime, seconds: float) -> None:
    """Leave to each worker that gave a sign of life within `seconds` its part of what the channels take."""
    (row,) = await runtime.database.run(_SENDERS, {"seconds": seconds})
    for pace in runtime.paces.values():
        pace.share(row.count)


async def keep_sharing_paces(runtime: Runtime, every: float, seconds: float) -> None:
    """Until cancelled. While the database is away, the shares stay as they are."""
    while True:
        try:
            await share_paces(runtime, seconds)
        except Exception as error:
            if not is_away(error):
                raise
        await asyncio.sleep(every)


async def pick_up(runtime: Runtime, hands: Hands, every: float) -> None:
    """Until cancelled, queue again what nobody works on; seen twice in a row, `every` seconds apart, counts."""
    before: set[int] = set()
    while True:
        await asyncio.sleep(every)
        try:
            query = {"workers": list(hands.workers), "jobs": list(hands.jobs)}
            seen = {row.id for row in await runtime.database.run(_DROPPED, query)} if hands.workers else set()
            for job in seen & before - hands.jobs.keys():
                log.warning("a job was dropped when the connection broke, queued again", job=job)
                await runtime.jobs.job_manager.retry_job_by_id_async(job, retry_at=datetime.now(UTC))
            before = seen
        except Exception as error:
            if not is_away(error) and not isinstance(error, ConnectorException):
                raise
            before = set()
