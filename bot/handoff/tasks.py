"""The officers' desk as a job."""

from __future__ import annotations

from procrastinate import App, JobContext

from bot.conversations.jobs import runtime_of
from bot.handoff.people import watch


def add_tasks(jobs: App) -> None:
    @jobs.periodic(cron="* * * * * */10")
    @jobs.task(name="watch_desk", queueing_lock="watch_desk", pass_context=True)
    async def watch_desk(context: JobContext, timestamp: int) -> None:
        """Officers who are idle, answers that nobody approved."""
        await watch(runtime_of(context))
