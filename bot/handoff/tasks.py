"""The officers' desk as jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from procrastinate import App, JobContext

from bot.conversations.jobs import Patience, runtime_of
from bot.handoff.calling import calls, emergencies, groups, sending
from bot.handoff.desk import utc_now
from bot.handoff.people import watch


def add_tasks(jobs: App) -> None:
    @jobs.periodic(cron="* * * * * */10")
    @jobs.task(name="watch_desk", queueing_lock="watch_desk", pass_context=True)
    async def watch_desk(context: JobContext, timestamp: int) -> None:
        """Officers who are idle, answers that nobody approved."""
        await watch(runtime_of(context))

    @jobs.periodic(cron="* * * * * */10")
    @jobs.task(name="call_officers", queueing_lock="call_officers", pass_context=True)
    async def call_officers(context: JobContext, timestamp: int) -> None:
        """Who is to be called: an emergency first, somebody who waits, an applicant who answered."""
        await emergencies.call_for_help(runtime_of(context), utc_now())
        await calls.call_due(runtime_of(context), utc_now())

    @jobs.task(name="call_device", retry=Patience(), pass_context=True)
    async def call_device(
        context: JobContext, subscription: int, said: dict[str, Any], handoff: int, mark: int, until: str
    ) -> None:
        """One call to one browser."""
        limit = datetime.fromisoformat(until)
        await sending.call_device(runtime_of(context), subscription, said, handoff, mark, limit, utc_now())

    @jobs.task(name="call_group", retry=Patience(), pass_context=True)
    async def call_group(context: JobContext, office: str, handoff: int, mark: int, until: str) -> None:
        """One emergency into an office's own group."""
        limit = datetime.fromisoformat(until)
        await groups.call_group(runtime_of(context), office, handoff, mark, limit, utc_now())
