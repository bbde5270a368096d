"""The job queue: Procrastinate on our own PostgreSQL. One lock a conversation keeps its messages in order."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.hands import Hands, keep_sharing_paces, pick_up
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


def make_jobs(database_url: str, pool_size: int = 6) -> App:
    """The Procrastinate app with all our tasks. Tasks find the `Runtime` in the worker's additional context."""
    jobs = App(
        connector=PatientConnector(pool_factory=queue_pool, conninfo=database_url, min_size=1, max_size=pool_size),
        worker_defaults={"update_heartbeat_interval": HEARTBEAT, "stalled_worker_timeout": STALLED_AFTER},
    )

    @jobs.task(name="turn", pass_context=True, retry=Patience())
    async def turn(context: JobContext, conversation_id: int) -> None:
        from bot.conversations.turn import take_turn

        await take_turn(_runtime(context), conversation_id, Lease.of(context))

    @jobs.task(name="deliver", pass_context=True, retry=Patience())
    async def deliver(context: JobContext, conversation_id: int) -> None:
        from bot.conversations.outbox import deliver as send

        await send(_runtime(context), conversation_id, lease=Lease.of(context))

    @jobs.task(name="fetch_file", pass_context=True, retry=Patience())
    async def fetch_file(context: JobContext, file_id: int) -> None:
        from bot.conversations.files import fetch

        await fetch(_runtime(context), file_id)

    _add_keeping_jobs(jobs)

    @jobs.periodic(cron="* * * * * */10")
    @jobs.task(name="watch_desk", queueing_lock="watch_desk", pass_context=True)
    async def watch_desk(context: JobContext, timestamp: int) -> None:
        """Officers who are idle, answers that nobody approved."""
        from bot.handoff.people import watch

        await watch(_runtime(context))

    _add_news_jobs(jobs)
    _add_privacy_jobs(jobs)

    @jobs.periodic(cron="*/15 * * * *")
    @jobs.task(name="watch_complaints", queueing_lock="watch_complaints", pass_context=True)
    async def watch_complaints(context: JobContext, timestamp: int) -> None:
        """Reminders about reports that are due."""
        from bot.complaints.watch import run

        await run(_runtime(context), datetime.now(UTC))

    @jobs.periodic(cron="* * * * * */30")
    @jobs.task(name="deliver_complaints", queueing_lock="deliver_complaints", pass_context=True)
    async def deliver_complaints(context: JobContext, timestamp: int) -> None:
        """Reports on their way to an office's own system, where there is one."""
        runtime = _runtime(context)
        if runtime.settings.complaint_connectors:
            from bot.complaints.connector import deliver_due

            await deliver_due(runtime, datetime.now(UTC))

    @jobs.periodic(cron="* * * * *")
    @jobs.task(name="invite_to_survey", queueing_lock="invite_to_survey", pass_context=True)
    async def invite_to_survey(context: JobContext, timestamp: int) -> None:
        """Invitations to the satisfaction survey whose moment has come."""
        from bot.knowledge.load import get_knowledge
        from bot.survey.service import send_due

        await send_due(_runtime(context), get_knowledge(), datetime.now(UTC))

    @jobs.periodic(cron="*/5 * * * *")
    @jobs.task(name="learn", queueing_lock="learn", pass_context=True)
    async def learn(context: JobContext, timestamp: int) -> None:
        """What was not understood is kept, masked, for a person to label."""
        from bot.understanding.collect import add_vectors, collect

        runtime = _runtime(context)
        async with runtime.database.session() as session:
            await collect(session, runtime.settings.engine_token.get_secret_value())
        async with runtime.database.session() as session:
            await add_vectors(session, runtime.engine)

    @jobs.task(name="measure_understanding", pass_context=True)
    async def measure_understanding(context: JobContext, number: int) -> None:
        """What the labelled messages would bring."""
        from bot.understanding.gain import measure

        await measure(_runtime(context), number)

    return jobs


def _add_keeping_jobs(jobs: App) -> None:
    """Nothing is left behind when processes, webhooks or the database break."""

    # In a schedule of six fields the sixth is the seconds.
    @jobs.periodic(cron="* * * * * */5")
    @jobs.task(name="take_over", queueing_lock="take_over", pass_context=True)
    async def take_over(context: JobContext, timestamp: int) -> None:
        if await _database_is_settled(_runtime(context)):
            await give_back(jobs, STALLED_AFTER)

    @jobs.periodic(cron="* * * * * */20")
    @jobs.task(name="fetch_missed", queueing_lock="fetch_missed", pass_context=True)
    async def fetch_missed(context: JobContext, timestamp: int) -> None:
        """Messages of which the provider told nobody: its webhooks found nobody."""
        from bot.conversations.missed import fetch_missed

        await fetch_missed(_runtime(context))

    @jobs.periodic(cron="* * * * *")
    @jobs.task(name="remember", queueing_lock="remember", pass_context=True)
    async def remember(context: JobContext, timestamp: int) -> None:
        """What waits, unanswered or unsent, though its job was given up."""
        from bot.conversations import backlog

        await backlog.remember(_runtime(context))


def _add_news_jobs(jobs: App) -> None:
    """News about applications: posting what waits, reminders, warnings."""

    @jobs.task(name="post_news", pass_context=True, retry=Patience())
    async def post_news(context: JobContext) -> None:
        from bot.applications.posting import post

        await post(_runtime(context))

    @jobs.periodic(cron="5 * * * *")
    @jobs.task(name="watch_promises", queueing_lock="watch_promises", pass_context=True, retry=Patience())
    async def watch_promises(context: JobContext, timestamp: int) -> None:
        from bot.applications.posting import watch

        await watch(_runtime(context))


def _add_privacy_jobs(jobs: App) -> None:
    """Erasing what a person asked to erase, and every night what is over its period."""

    @jobs.task(name="erase_conversation", pass_context=True, retry=Patience())
    async def erase_conversation(context: JobContext, conversation_id: int, request_id: int) -> None:
        from bot.privacy.erase import erase

        await erase(_runtime(context), conversation_id, request_id)

    @jobs.task(name="forget_conversation", pass_context=True, retry=Patience())
    async def forget_conversation(context: JobContext, conversation_id: int) -> None:
        from bot.privacy.erase import forget

        await forget(_runtime(context), conversation_id)

    @jobs.periodic(cron="15 19 * * *")  # UTC: a quarter past two at night in Jakarta
    @jobs.task(name="keep_retention", queueing_lock="keep_retention", pass_context=True)
    async def keep_retention(context: JobContext, timestamp: int) -> None:
        from bot.knowledge.load import get_knowledge
        from bot.privacy.retention import periods, run

        runtime = _runtime(context)
        await run(runtime, periods(get_knowledge().privacy, runtime.settings.retention))


async def give_back(jobs: App, seconds: float = 0) -> None:
    """Queue again the jobs of workers without a sign of life for `seconds` (0: of all, where none can be alive)."""
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=seconds):
        with suppress(ConnectorException):  # ended meanwhile
            await jobs.job_manager.retry_job(job)
    await jobs.job_manager.prune_stalled_workers(seconds)


async def _database_is_settled(runtime: Runtime) -> bool:
    """Whether the server has run long enough for the workers' signs of life to tell something."""
    started = text("select now() - pg_postmaster_start_time() > make_interval(secs => :seconds) as settled")
    return bool((await runtime.database.run(started, {"seconds": STALLED_AFTER}))[0].settled)


def _runtime(context: JobContext) -> Runtime:
    runtime: Runtime = context.additional_context["runtime"]
    return runtime


async def defer(jobs: App, session: AsyncSession, task: str, lock: str | None = None, **arguments: Any) -> None:
    """Put a job into the queue as part of the session's transaction."""
    connection = await driver_connection(session)
    await jobs.tasks[task].configure(lock=lock, connection=connection).defer_async(**arguments)


async def run_worker(runtime: Runtime, concurrency: int, poll_seconds: float = 1.0) -> None:
    """Work until cancelled. Running jobs get five seconds to finish.

    New jobs are announced by the database; `poll_seconds` is for those whose time to be tried again has come.
    """
    hands = Hands()
    looking = asyncio.create_task(pick_up(runtime, hands, HEARTBEAT), name="dropped jobs")
    sharing = asyncio.create_task(keep_sharing_paces(runtime, HEARTBEAT, STALLED_AFTER), name="paces")
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
