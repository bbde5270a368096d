"""Erasing as jobs: what a person asked to erase, and every night what is over its period."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate import App, JobContext

from bot.conversations.jobs import Patience, runtime_of
from bot.knowledge.load import get_knowledge
from bot.privacy import erase, retention
from bot.privacy.again import erase_again
from bot.privacy.erased_list import let_old_go


def add_tasks(jobs: App) -> None:
    @jobs.task(name="erase_conversation", pass_context=True, retry=Patience())
    async def erase_conversation(context: JobContext, conversation_id: int, request_id: int) -> None:
        await erase.erase(runtime_of(context), conversation_id, request_id)

    @jobs.task(name="forget_conversation", pass_context=True, retry=Patience())
    async def forget_conversation(context: JobContext, conversation_id: int) -> None:
        await erase.forget(runtime_of(context), conversation_id)

    @jobs.periodic(cron="7 * * * *")
    @jobs.task(name="let_copies_go", queueing_lock="let_copies_go", pass_context=True)
    async def let_copies_go(context: JobContext, timestamp: int) -> None:
        await retention.let_copies_go(runtime_of(context))

    @jobs.periodic(cron="15 19 * * *")  # UTC: a quarter past two at night in Jakarta
    @jobs.task(name="keep_retention", queueing_lock="keep_retention", pass_context=True)
    async def keep_retention(context: JobContext, timestamp: int) -> None:
        runtime = runtime_of(context)
        await erase_again(runtime.database, runtime.settings)
        let_old_go(runtime.settings.data_dir, datetime.now(UTC))
        await retention.run(runtime, retention.periods(get_knowledge().privacy, runtime.settings.retention))
