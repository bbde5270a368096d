"""The engine's return: its waiting turns are answered at once, other ones keep their time."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from bot.conversations import inbox, returning
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, working
from tests.helpers.until import until

IN_AN_HOUR = text("update procrastinate_jobs set scheduled_at = now() + interval '1 hour' where attempts > 0")
JOBS = text("select attempts, status::text as status, scheduled_at > now() as later from procrastinate_jobs")


async def test_who_wrote_before_the_engine_was_there_is_answered_when_it_is(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []
    healthy = Engine.healthy

    async def looked(self: Engine) -> bool:
        looks.append(await healthy(self))
        return looks[-1]

    async def tried() -> bool:
        return any(job.attempts and job.status == "todo" for job in await runtime.database.run(JOBS))

    async def seen_away() -> bool:
        return False in looks

    async def answered() -> bool:
        return bool(channel.sent)

    engine.status = 503
    await inbox.store(runtime, message("halo", "1"))
    async with working(runtime, poll_seconds=0.1):
        await until(tried)
        await runtime.database.run(IN_AN_HOUR)
        monkeypatch.setattr(Engine, "healthy", looked)
        await until(seen_away)
        engine.status = 200
        await until(answered)
    assert [sent.text for sent in channel.sent] == ["jawaban: halo"]
    assert runtime.without_engine == set()


@pytest.mark.parametrize("why", ["waits for something else", "was tried too often"])
async def test_other_turns_keep_their_time(runtime: Runtime, why: str) -> None:
    stored: Any = await inbox.store(runtime, message("halo", "1"))
    attempts = returning.MOST_TRIES + (why == "was tried too often")
    runtime.without_engine |= {stored[1]} if why == "was tried too often" else {stored[1] + 1}
    await runtime.database.run(text(f"update procrastinate_jobs set attempts = {attempts}"))
    await runtime.database.run(IN_AN_HOUR)
    assert await returning.woken(runtime)
    (job,) = await runtime.database.run(JOBS)
    assert job.later
    runtime.without_engine = {stored[1]}
    await runtime.database.run(text(f"update procrastinate_jobs set attempts = {returning.MOST_TRIES}"))
    assert await returning.woken(runtime)
    (job,) = await runtime.database.run(JOBS)
    assert not job.later
