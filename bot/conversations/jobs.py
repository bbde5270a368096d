"""The job queue: Procrastinate on our own PostgreSQL. One lock a conversation keeps its messages in order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hands import Hands, keep_sharing_paces, pick_up
from bot.conversations.returning import wake_messages, wake_turns
from bot.dialogue.client import EngineUnavailable
from bot.storage.database import driver_connection, queue_pool
from bot.storage.patience import PatientConnector, is_away

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

HEARTBEAT = 3.0  # seconds between a worker's signs of life
STALLED_AFTER = 10.0  # seconds without one after which its jobs are taken over


# What `defer(…, "turn", …)` does, as an expression over rows with `conversation_id`: for a statement that stores and
# queues at once. The function and its type are Procrastinate's; their names carry a version.
QUEUE_TURN = """procrastinate_defer_jobs_v1(array[cast(row(
    'default', 'turn', 0, 'conversation:' || conversation_id, null,
    jsonb_build_object('conversation_id', conversation_id), null) as procrastinate_job_to_defer_v1)])"""


def conversation_lock(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


class Patience(BaseRetryStrategy):
    """Retry for ever while engine, provider or database are away; give up on our own faults after five tries.

    A message that fails by our fault is closed by the turn itself (with an apology) before this limit is reached.
    A job that was broken off because its worker stops is for the next worker.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        wait = min(2 ** min(job.attempts, 5), 20)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, EngineUnavailable) or is_away(exception):
            return RetryDecision(retry_in={"seconds": wait})
        if isinstance(exception, RetryLater):
            return RetryDecision(retry_in={"seconds": max(1, round(exception.seconds))})
        return RetryDecision(retry_in={"seconds": wait}) if job.attempts < 5 else None


@dataclass(frozen=True, slots=True)
class Lease:
    """What entitles a running job to speak: the job's row, as it was when it was fetched.

    A worker that was thought dead (cut off, stopped for ten seconds) may come back after its job was given to another;
    its lease is void then.
    """

    job: int | None = None  # None: no job, always entitled
    attempts: int = 0
    worker: int | None = None

    @classmethod
    def of(cls, context: JobContext) -> Lease:
        return cls(context.job.id, context.job.attempts, context.job.worker_id)


NO_LEASE = Lease()


class RetryLater(Exception):
    """The provider asked for patience; the job is tried again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"again in {seconds:.0f} s")
        self.seconds = seconds


def job_queue(database_url: str, pool_size: int = 6) -> App:
    """The queue without tasks: each part of Pandu adds its own (`add_tasks`), all together in bot/tasks.py."""
    return App(
        connector=PatientConnector(pool_factory=queue_pool, conninfo=database_url, min_size=1, max_size=pool_size),
        worker_defaults={"update_heartbeat_interval": HEARTBEAT, "stalled_worker_timeout": STALLED_AFTER},
    )


def runtime_of(context: JobContext) -> Runtime:
    """What a task has at hand."""
    runtime: Runtime = context.additional_context["runtime"]
    return runtime


async def give_back(jobs: App, seconds: float = 0) -> None:
    """Queue again the jobs of workers without a sign of life for `seconds` (0: of all, where none can be alive)."""
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        with suppress(ConnectorException):  # ended meanwhile
            await jobs.job_manager.retry_job(job)
    await jobs.job_manager.prune_stalled_workers(seconds)


async def defer(
    jobs: App, session: AsyncSession, task: str, lock: str | None = None, at: datetime | None = None, **arguments: Any
) -> None:
    """Put a job into the queue as part of the session's transaction, to be done `at` a time or as soon as can be."""
    connection = await driver_connection(session)
    job = jobs.tasks[task].configure(lock=lock, connection=connection, schedule_at=at)
    await job.defer_async(**arguments)


async def run_worker(runtime: Runtime, concurrency: int, poll_seconds: float = 1.0) -> None:
    """Work until cancelled. Running jobs get five seconds to finish.

    New jobs are announced by the database; `poll_seconds` is for those whose time to be tried again has come.
    """
    hands = Hands()
    looking = asyncio.create_task(pick_up(runtime, hands, HEARTBEAT), name="dropped jobs")
    sharing = asyncio.create_task(keep_sharing_paces(runtime, HEARTBEAT, STALLED_AFTER), name="paces")
    waking = asyncio.create_task(wake_turns(runtime, poll_seconds), name="returning engine")
    hurrying = asyncio.create_task(wake_messages(runtime, poll_seconds), name="returning providers")
    try:
        await runtime.jobs.run_worker_async(
            concurrency=concurrency,
            install_signal_handlers=False,
            delete_jobs="successful",
            fetch_job_polling_interval=poll_seconds,
            shutdown_graceful_timeout=5.0,
            additional_context={"runtime": runtime},
            worker_middleware=[hands.hold],
        )
    finally:
        looking.cancel()
        sharing.cancel()
        waking.cancel()
        hurrying.cancel()
