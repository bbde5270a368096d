"""The return of the engine, or of a provider: what waited for it is tried soon, other things keep their time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text

from bot.channels.base import TemporarySendError
from bot.conversations import inbox, returning, strain
from bot.conversations.runtime import Runtime
from bot.dialogue.client import Engine
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, working
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


# A provider's return

AWAY = TemporarySendError("network", "Tidak terjangkau.")
UNANSWERED = TemporarySendError("network", "Tidak terjangkau.", unknown=True)
WAKES = text("""
select scheduled_at, cast(args ->> 'conversation_id' as bigint) as conversation from procrastinate_jobs
where task_name = 'wake' order by scheduled_at
""")


async def left_alone(runtime: Runtime, channel: RecordingChannel, *failures: BaseException, begin: int = 0) -> None:
    """As many people have an answer each that waits, the next try far away."""
    for number, failure in enumerate(failures, begin):
        channel.failures = [failure]
        await receive(runtime, message(f"soal {number}", f"w{number}", address=f"warga-{number}"))
    await runtime.database.run(text("update outgoing_messages set next_at = now() + interval '1 hour'"))
    await runtime.database.run(
        text("update procrastinate_jobs set scheduled_at = now() + interval '1 hour' where task_name = 'wake'")
    )


async def test_one_send_that_succeeds_has_the_others_tried(runtime: Runtime, channel: RecordingChannel) -> None:
    await left_alone(runtime, channel, AWAY, UNANSWERED, AWAY, UNANSWERED)
    async with working(runtime, poll_seconds=0.1):
        await inbox.store(runtime, message("apakah sudah pulih", "new", address="baru"))

        async def all_sent() -> bool:
            return len(channel.sent) == 5

        await until(all_sent)
    assert {one.text for one in channel.sent[1:]} == {f"jawaban: soal {number}" for number in range(4)}
    assert runtime.strains[channel.name].left == set()


async def test_they_are_spread_in_order_over_the_time_that_the_provider_needs(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    await left_alone(runtime, channel, *[AWAY] * 6)
    runtime.paces[channel.name].rate, runtime.paces[channel.name].senders = 4.0, 2
    runtime.strains[channel.name].looks = strain.LOOKS
    await returning.hurry(runtime, channel.name)
    found = await runtime.database.run(WAKES)
    apart = [(later.scheduled_at - one.scheduled_at).total_seconds() for one, later in pairwise(found)]
    assert apart == [0.5] * 5
    assert [one.conversation for one in found] == sorted(one.conversation for one in found)


async def test_what_waits_for_a_time_that_was_named_keeps_it(runtime: Runtime, channel: RecordingChannel) -> None:
    """A limit, a wrong token, a fault of ours; and who failed alone while others went through."""
    named = TemporarySendError("429", "Jeda.", retry_after=60)
    await left_alone(runtime, channel, named, ValueError("a fault of ours"))
    assert runtime.strains[channel.name].left == set()
    await left_alone(runtime, channel, AWAY, begin=2)
    channel.failures = []
    await receive(runtime, message("halo", "new", address="baru"))
    assert runtime.strains[channel.name].looks == 0
