"""Inbox → turn → outbox with a real database and a real queue: nothing lost, doubled or reordered."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from procrastinate.jobs import Status
from sqlalchemy import text

from bot.channels.base import PermanentSendError, Receipt, TemporarySendError
from bot.conversations import inbox, outbox, progress, turn
from bot.conversations.models import Conversation, Incoming, Outgoing
from bot.conversations.runtime import Runtime
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, due, message, receive, rows, set_owner, working
from tests.helpers.until import until


class Died(BaseException):
    """The process ends here."""


async def test_a_message_is_answered(runtime: Runtime, channel: RecordingChannel, engine: StandInEngine) -> None:
    await receive(runtime, message("berapa biayanya"))
    assert [sent.text for sent in channel.sent] == ["jawaban: berapa biayanya"]
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.provider_id) == ("sent", f"provider-{outgoing.id}")
    (incoming,) = await rows(runtime, Incoming)
    assert incoming.outcome == "answered"
    assert incoming.understood["family"] == "ask_cost"
    assert engine.calls[0]["metadata"]["first_contact"] is True


async def test_ten_copies_at_once_are_one_message(runtime: Runtime, channel: RecordingChannel) -> None:
    stored = await asyncio.gather(*(inbox.store(runtime, message()) for _ in range(10)))
    assert sum(result is not None for result in stored) == 1

    async def answered() -> bool:
        return bool(channel.sent)

    async with working(runtime):
        await until(answered)
    assert len(await rows(runtime, Incoming)) == 1
    assert len(await rows(runtime, Outgoing)) == 1


async def test_order_within_a_conversation_and_parallel_between(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    """Eight people, ten messages each, interleaved; one person's engine call hangs until all others are done."""
    others_done = asyncio.Event()

    async def hold(body: dict[str, Any]) -> None:
        if body["text"] == "p0-0":
            await others_done.wait()

    engine.before = hold
    for n in range(10):
        for person in range(8):
            await inbox.store(
                runtime, message(f"p{person}-{n}", f"{person}-{n}", address=f"p{person}", sent_at=datetime.now(UTC))
            )

    async def seventy() -> bool:
        return len(channel.sent) == 70

    async def eighty() -> bool:
        return len(channel.sent) == 80

    async with working(runtime):
        await until(seventy)
        others_done.set()
        await until(eighty)
    for person in range(8):
        texts = [sent.text for sent in channel.sent if sent.address == f"p{person}"]
        assert texts == [f"jawaban: p{person}-{n}" for n in range(10)]


async def test_a_turn_that_runs_twice_answers_once(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message())
    await turn.take_turn(runtime, conversation)
    assert len(channel.sent) == 1


async def test_a_death_between_turn_and_send_loses_nothing(runtime: Runtime, channel: RecordingChannel) -> None:
    async def die(_: Any) -> None:
        raise Died

    channel.before = die
    stored = await inbox.store(runtime, message())
    assert stored is not None
    with pytest.raises(Died):
        await turn.take_turn(runtime, stored[1])
    (outgoing,) = await rows(runtime, Outgoing)
    assert outgoing.status == "sending"
    channel.before = None
    await turn.take_turn(runtime, stored[1])  # the job is taken over
    assert [sent.text for sent in channel.sent] == ["jawaban: halo"]


async def test_a_temporary_failure_is_retried_with_the_providers_patience(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    channel.failures = [TemporarySendError("429", "Terlalu banyak pesan.", retry_after=7)]
    stored = await inbox.store(runtime, message())
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    (waiting,) = await rows(runtime, Outgoing)
    assert (waiting.status, waiting.error_code) == ("pending", "429")
    assert 5 < (waiting.next_at - datetime.now(UTC)).total_seconds() <= 7
    await outbox.deliver(runtime, stored[1])
    assert channel.sent == [], "not before its time"
    await due(runtime)
    await outbox.deliver(runtime, stored[1])
    (sent,) = await rows(runtime, Outgoing)
    assert len(channel.sent) == 1 and (sent.status, sent.error_code, sent.error) == ("sent", "", "")


async def test_a_permanent_failure_is_recorded_and_the_next_message_goes_on(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    channel.failures = [PermanentSendError("403", "Diblokir oleh penerima.")]
    await receive(runtime, message("satu", "1"))
    await receive(runtime, message("dua", "2"))
    first, second = await rows(runtime, Outgoing)
    assert (first.status, first.error_code, first.error) == ("failed", "403", "Diblokir oleh penerima.")
    assert second.status == "sent"


async def test_receipts_move_forward_only(runtime: Runtime) -> None:
    await receive(runtime, message())
    (outgoing,) = await rows(runtime, Outgoing)

    async def after(status: str) -> str:
        await progress.record(runtime, Receipt(outgoing.id, status, outgoing.provider_id))
        (row,) = await rows(runtime, Outgoing)
        return str(row.status)

    assert await after("read") == "read"
    assert await after("delivered") == "read"
    assert await after("sent") == "read"
    assert await after("failed") == "read"


async def test_a_receipt_of_a_passing_failure_sends_again(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message())
    (outgoing,) = await rows(runtime, Outgoing)
    limited = Receipt(outgoing.id, "failed", outgoing.provider_id, "63018", "Terlalu banyak pesan.", retry=True)
    await progress.record(runtime, limited)

    async def again() -> bool:
        return len(channel.sent) == 2

    async with working(runtime):
        await until(again)
    await progress.record(runtime, Receipt(outgoing.id, "delivered", f"provider-{outgoing.id}-2"))
    await progress.record(runtime, limited)  # late and about the first try
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.attempts) == ("delivered", 2)


async def test_a_receipt_that_overtakes_the_send_is_kept(runtime: Runtime, channel: RecordingChannel) -> None:
    async def early(sending: Any) -> None:
        await progress.record(runtime, Receipt(sending.id, "delivered", "SM9"))

    channel.before = early
    await receive(runtime, message())
    (outgoing,) = await rows(runtime, Outgoing)
    assert outgoing.status == "delivered"


async def test_the_bot_is_silent_while_an_officer_speaks(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    await receive(runtime, message(number="1"))
    await set_owner(runtime, "officer")
    await receive(runtime, message("masih di sana?", "2"))
    assert len(channel.sent) == 1
    assert len(engine.calls) == 1
    assert (await rows(runtime, Incoming))[-1].outcome == "for_officer"


async def test_an_officer_who_steps_in_during_a_turn_is_not_talked_over(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    async def step_in(_: Any) -> None:
        await set_owner(runtime, "officer")

    engine.before = step_in
    await receive(runtime, message())
    assert channel.sent == []
    (outgoing,) = await rows(runtime, Outgoing)
    assert outgoing.status == "suppressed"


async def test_an_officers_words_go_out_after_what_waits(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message())
    await set_owner(runtime, "officer")
    async with runtime.database.session() as session:
        await outbox.say(runtime, session, conversation, "Selamat pagi, saya petugas.", "officer", [])
    async with working(runtime):

        async def both() -> bool:
            return len(channel.sent) == 2

        await until(both)
    assert [sent.text for sent in channel.sent] == ["jawaban: halo", "Selamat pagi, saya petugas."]


async def test_a_message_that_arrives_while_the_last_turn_ends_is_not_left_lying(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    """Its job cannot be fetched while the other holds the lock; the end of that one must wake the worker."""
    stored = await inbox.store(runtime, message("satu", "1"))
    assert stored is not None
    other = await runtime.jobs.job_manager.register_worker()
    held = await runtime.jobs.job_manager.fetch_job(queues=None, worker_id=other)
    assert held is not None
    await inbox.store(runtime, message("dua", "2"))
    async with working(runtime, poll_seconds=3600):

        async def looked() -> bool:
            async with runtime.database.session() as session:
                return bool((await session.execute(text("select count(*) > 1 from procrastinate_workers"))).scalar())

        await until(looked)
        await runtime.jobs.job_manager.finish_job(held, Status.SUCCEEDED, delete_job=True)

        async def answered() -> bool:
            return len(channel.sent) == 2

        await until(answered)


async def test_jobs_of_a_killed_worker_are_taken_over(runtime: Runtime, channel: RecordingChannel) -> None:
    """A job that a dead worker holds also holds its conversation's lock; both are given back."""
    for number in ("1", "2"):
        await inbox.store(runtime, message(f"pesan {number}", number))
    async with runtime.database.session() as session:
        await session.execute(
            text(
                "insert into procrastinate_workers (id, last_heartbeat) overriding system value "
                "values (999999, now() - interval '1 hour')"
            )
        )
        await session.execute(
            text(
                "update procrastinate_jobs set status = 'doing', worker_id = 999999 "
                "where id = (select min(id) from procrastinate_jobs)"
            )
        )

    async def answered() -> bool:
        return len(channel.sent) == 2

    async with working(runtime):
        await until(answered, seconds=30)
    assert [sent.text for sent in channel.sent] == ["jawaban: pesan 1", "jawaban: pesan 2"]


async def test_without_a_provider_stored_is_sent_unless_an_officer_speaks(runtime: Runtime) -> None:
    incoming = message(channel="simulator", address="layar")
    await receive(runtime, incoming)
    await set_owner(runtime, "officer")
    (conversation,) = await rows(runtime, Conversation)
    async with runtime.database.session() as session:
        await outbox.say(runtime, session, conversation.id, "Dari petugas.", "officer", [])
        await outbox.say(runtime, session, conversation.id, "Dari bot.", "bot", [])
    await outbox.deliver(runtime, conversation.id)
    assert [row.status for row in await rows(runtime, Outgoing)] == ["sent", "sent", "suppressed"]
