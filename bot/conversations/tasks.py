"""The jobs that move messages, and those that leave none behind."""

from __future__ import annotations

from procrastinate import App, JobContext
from sqlalchemy import text

from bot.channels.base import Tidies
from bot.conversations import backlog, erased, files, missed, outbox, recall
from bot.conversations.jobs import STALLED_AFTER, Lease, Patience, give_back, runtime_of
from bot.conversations.runtime import Runtime
from bot.conversations.turn import take_turn


def add_tasks(jobs: App) -> None:
    @jobs.task(name="turn", pass_context=True, retry=Patience())
    async def turn(context: JobContext, conversation_id: int) -> None:
        await take_turn(runtime_of(context), conversation_id, Lease.of(context))

    @jobs.task(name="deliver", pass_context=True, retry=Patience())
    async def deliver(context: JobContext, conversation_id: int) -> None:
        await outbox.deliver(runtime_of(context), conversation_id, lease=Lease.of(context))

    # Without the conversation's lock: while it waits, later messages of the person are answered.
    @jobs.task(name="wake", pass_context=True, retry=Patience())
    async def wake(context: JobContext, conversation_id: int) -> None:
        await outbox.wake_now(runtime_of(context), conversation_id)

    @jobs.task(name="let_go", pass_context=True, retry=Patience())
    async def let_go(context: JobContext, act_id: int) -> None:
        await recall.let_go(runtime_of(context), act_id)

    @jobs.task(name="fetch_file", pass_context=True, retry=Patience())
    async def fetch_file(context: JobContext, file_id: int) -> None:
        await files.fetch(runtime_of(context), file_id)

    _add_keeping_tasks(jobs)


def _add_keeping_tasks(jobs: App) -> None:
    """Nothing is left behind when processes, webhooks or the database break."""

    # In a schedule of six fields the sixth is the seconds.
    @jobs.periodic(cron="* * * * * */5")
    @jobs.task(name="take_over", queueing_lock="take_over", pass_context=True)
    async def take_over(context: JobContext, timestamp: int) -> None:
        if await _database_is_settled(runtime_of(context)):
            await give_back(jobs, STALLED_AFTER)

    @jobs.periodic(cron="* * * * * */20")
    @jobs.task(name="fetch_missed", queueing_lock="fetch_missed", pass_context=True)
    async def fetch_missed(context: JobContext, timestamp: int) -> None:
        """Messages of which the provider told nobody: its webhooks found nobody."""
        await missed.fetch_missed(runtime_of(context))

    @jobs.periodic(cron="*/5 * * * *")
    @jobs.task(name="forget_at_providers", queueing_lock="forget_at_providers", pass_context=True)
    async def forget_at_providers(context: JobContext, timestamp: int) -> None:
        """What was erased here goes there, too."""
        runtime = runtime_of(context)
        await erased.ask_providers(runtime)
        for channel in runtime.channels.values():
            if isinstance(channel, Tidies):
                await channel.tidy()

    @jobs.periodic(cron="* * * * *")
    @jobs.task(name="remember", queueing_lock="remember", pass_context=True)
    async def remember(context: JobContext, timestamp: int) -> None:
        """What waits, unanswered or unsent, though its job was given up."""
        await backlog.remember(runtime_of(context))


async def _database_is_settled(runtime: Runtime) -> bool:
    """Whether the server has run long enough for the workers' signs of life to tell something."""
    started = text("select now() - pg_postmaster_start_time() > make_interval(secs => :seconds) as settled")
    return bool((await runtime.database.run(started, {"seconds": STALLED_AFTER}))[0].settled)
