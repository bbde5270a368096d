"""Learning as jobs: what was not understood, and what its labels would bring."""

from __future__ import annotations

from procrastinate import App, JobContext

from bot.conversations.jobs import runtime_of
from bot.understanding.collect import add_vectors, collect
from bot.understanding.gain import measure


def add_tasks(jobs: App) -> None:
    @jobs.periodic(cron="*/5 * * * *")
    @jobs.task(name="learn", queueing_lock="learn", pass_context=True)
    async def learn(context: JobContext, timestamp: int) -> None:
        """What was not understood is kept, masked, for a person to label."""
        runtime = runtime_of(context)
        async with runtime.database.session() as session:
            await collect(session, runtime.settings.engine_token.get_secret_value())
        async with runtime.database.session() as session:
            await add_vectors(session, runtime.engine)

    @jobs.task(name="measure_understanding", pass_context=True)
    async def measure_understanding(context: JobContext, number: int) -> None:
        """What the labelled messages would bring."""
        await measure(runtime_of(context), number)
