"""The satisfaction survey as a job."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import App, JobContext

from bot.conversations.jobs import runtime_of
from bot.knowledge.load import get_knowledge
from bot.survey.service import send_due


def add_tasks(jobs: App) -> None:
    @jobs.periodic(cron="* * * * *")
    @jobs.task(name="invite_to_survey", queueing_lock="invite_to_survey", pass_context=True)
    async def invite_to_survey(context: JobContext, timestamp: int) -> None:
        """Invitations whose moment has come."""
        await send_due(runtime_of(context), get_knowledge(), datetime.now(UTC))
