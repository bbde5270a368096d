"""The job that collects what was not understood, in a real queue; an engine without vectors does not stop it."""

from __future__ import annotations

from sqlalchemy import text, update

from bot.conversations.models import Incoming
from bot.conversations.runtime import Runtime
from bot.understanding.models import UnknownMessage
from tests.helpers.runtime import message, receive, rows, working
from tests.helpers.until import until


async def test_the_job_keeps_what_was_not_understood(runtime: Runtime) -> None:
    await receive(runtime, message("anu kae piye, nama saya Siti Aminah"))
    async with runtime.database.session() as session:
        understood = {"intent": "nlu_fallback", "confidence": 0.2, "ranking": []}
        await session.execute(update(Incoming).values(understood=understood))

    async def kept() -> bool:
        return bool(await rows(runtime, UnknownMessage))

    await runtime.jobs.tasks["learn"].configure().defer_async(timestamp=0)
    async with working(runtime):
        await until(kept)
    (found,) = await rows(runtime, UnknownMessage)
    assert (found.text, found.reason, found.vector) == ("anu kae piye, nama saya [nama]", "asked_back", None)
    async with runtime.database.session() as session:
        failed = await session.execute(text("select count(*) from procrastinate_jobs where status = 'failed'"))
        assert failed.scalar_one() == 0
