"""Reports as jobs: reminders, and the way to an office's own system."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import App, JobContext

from bot.complaints import connector, files, watch
from bot.conversations.jobs import runtime_of


def add_tasks(jobs: App) -> None:
    @jobs.periodic(cron="*/15 * * * *")
    @jobs.task(name="watch_complaints", queueing_lock="watch_complaints", pass_context=True)
    async def watch_complaints(context: JobContext, timestamp: int) -> None:
        """Reminders about reports that are due, and copies of their files that were left."""
        runtime = runtime_of(context)
        await watch.run(runtime, datetime.now(UTC))
        await files.copy_left(runtime.database, runtime.settings.files_dir)

    @jobs.periodic(cron="* * * * * */30")
    @jobs.task(name="deliver_complaints", queueing_lock="deliver_complaints", pass_context=True)
    async def deliver_complaints(context: JobContext, timestamp: int) -> None:
        """Reports on their way to an office's own system, where there is one."""
        runtime = runtime_of(context)
        if runtime.settings.complaint_connectors:
            await connector.deliver_due(runtime, datetime.now(UTC))
