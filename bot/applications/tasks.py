"""News about applications as jobs: posting what waits, reminders, warnings."""

from __future__ import annotations

from procrastinate import App, JobContext

from bot.applications.posting import post, queue_held, recount, watch
from bot.conversations.jobs import Patience, runtime_of


def add_tasks(jobs: App) -> None:
    @jobs.task(name="post_news", pass_context=True, retry=Patience())
    async def post_news(context: JobContext) -> None:
        await post(runtime_of(context))

    @jobs.task(name="recount_due", pass_context=True, retry=Patience())
    async def recount_due(context: JobContext, office: str) -> None:
        await recount(runtime_of(context), office)

    @jobs.task(name="queue_news", pass_context=True, retry=Patience())
    async def queue_news(context: JobContext, events: list[list[int]], kind: str) -> None:
        await queue_held(runtime_of(context), events, kind)

    @jobs.periodic(cron="5 * * * *")
    @jobs.task(name="watch_promises", queueing_lock="watch_promises", pass_context=True, retry=Patience())
    async def watch_promises(context: JobContext, timestamp: int) -> None:
        await watch(runtime_of(context))
