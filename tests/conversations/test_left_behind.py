"""Processes, connections and webhooks that break at the worst moment: nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.channels.base import Receipt, TemporarySendError
from bot.conversations import inbox, outbox, progress, turn
from bot.conversations.backlog import remember
from bot.conversations.hands import share_paces
from bot.conversations.jobs import Lease, Patience, RetryLater
from bot.conversations.missed import fetch_missed
from bot.conversations.models import Incoming, Outgoing
from bot.conversations.runtime import Runtime
from bot.dialogue.client import EngineUnavailable
from bot.messages import IncomingMessage, OutgoingMessage
from bot.storage.patience import is_away, until_back
from bot.tasks import make_jobs
from tests.helpers.runtime import RecordingChannel, due, message, receive, rows, working
from tests.helpers.until import until

NEVER_ANSWERED = timedelta(minutes=1)


@dataclass
class LookingChannel(RecordingChannel):
    """A provider that can be asked: `has` what it took from us, `holds` what people wrote."""

    name: str = "recording"
    has: dict[str, OutgoingMessage] = field(default_factory=dict)
    holds: list[tuple[datetime, IncomingMessage]] = field(default_factory=list)
    broken: bool = False
    looks: int = 0

    async def find_sent(self, message: OutgoingMessage, since: datetime, known: Collection[str]) -> str | None:
        self.looks += 1
        return next((name for name, kept in self.has.items() if kept.text == message.text and name not in known), None)

    async def missed(self, since: datetime, until: datetime) -> list[IncomingMessage]:
        if self.broken:
            raise TemporarySendError("network", "Tidak terjangkau.")
        return [one for at, one in self.holds if since <= at < until]


@pytest.fixture
def looking(runtime: Runtime) -> LookingChannel:
    channel = LookingChannel()
    runtime.add_channel(channel)
    return channel


class Died(BaseException):
    """The process ends here."""


@contextmanager
def dying_after_the_yes(looking: LookingChannel) -> Iterator[None]:
    """The provider takes what is sent meanwhile, as "provider-7"; the process ends before it hears so."""

    async def take_and_die(sent: OutgoingMessage) -> None:
        looking.has["provider-7"] = sent
        raise Died

    looking.before = take_and_die
    with pytest.raises(Died):
        yield
    looking.before = None


async def stored(runtime: Runtime) -> int:
    """A message waits for its turn; its conversation's id."""
    found = await inbox.store(runtime, message())
    assert found is not None
    return found[1]


async def test_a_send_broken_off_after_the_providers_yes_is_found_and_not_repeated(
    runtime: Runtime, looking: LookingChannel
) -> None:
    conversation = await stored(runtime)
    with dying_after_the_yes(looking):
        await turn.take_turn(runtime, conversation)
    await turn.take_turn(runtime, conversation)
    assert looking.sent == []
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.provider_id) == ("sent", "provider-7")


async def test_a_send_broken_off_before_that_is_repeated_and_an_equal_message_of_before_is_none(
    runtime: Runtime, looking: LookingChannel
) -> None:
    await receive(runtime, message(number="1"))
    (earlier,) = await rows(runtime, Outgoing)
    looking.has[earlier.provider_id] = looking.sent[0]

    async def die(_: Any) -> None:
        raise Died

    looking.before = die
    again = await inbox.store(runtime, message(number="2"))
    assert again is not None
    with pytest.raises(Died):
        await turn.take_turn(runtime, again[1])
    looking.before = None
    await outbox.deliver(runtime, again[1])
    assert (looking.looks, len(looking.sent)) == (1, 2)


@pytest.mark.parametrize(("unknown", "status", "looks"), [(False, "pending", 0), (True, "sending", 1)])
async def test_only_a_send_without_an_answer_is_looked_for(
    runtime: Runtime, looking: LookingChannel, unknown: bool, status: str, looks: int
) -> None:
    looking.failures = [TemporarySendError("429", "Nanti.", retry_after=1, unknown=unknown)]
    conversation = await stored(runtime)
    await turn.take_turn(runtime, conversation)
    await due(runtime)
    assert [row.status for row in await rows(runtime, Outgoing)] == [status]
    await outbox.deliver(runtime, conversation)
    assert (looking.looks, len(looking.sent)) == (looks, 1)


async def test_whoever_stops_the_worker_does_not_part_a_send_from_its_note(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def linger(_: Any) -> None:
        begun.set()
        await go_on.wait()

    channel.before = linger
    conversation = await stored(runtime)
    running = asyncio.create_task(turn.take_turn(runtime, conversation))
    await begun.wait()
    running.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [row.status for row in await rows(runtime, Outgoing)] == ["sent"]


async def test_a_job_given_to_another_worker_sends_nothing_any_more(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    conversation = await stored(runtime)
    (job,) = await runtime.database.run(
        text("update procrastinate_jobs set status = 'doing', attempts = 1 where task_name = 'turn' returning id")
    )
    await turn.take_turn(runtime, conversation, Lease(job.id, attempts=0))
    assert channel.sent == []
    await turn.take_turn(runtime, conversation, Lease(job.id, attempts=1))
    assert len(channel.sent) == 1


async def test_a_job_that_was_lost_for_a_moment_keeps_the_order(
    runtime: Runtime, channel: RecordingChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL died and forgot that the job was fetched; the same worker fetched it again a moment later."""
    conversation = await stored(runtime)
    await inbox.store(runtime, message("dua", "2"))
    channel.max_text = 1000
    forgotten = text(
        "update procrastinate_jobs set status = :status where id = (select min(id) from procrastinate_jobs)"
    )
    states = iter(("todo", "doing", "doing"))

    async def flicker(address: str) -> None:
        await runtime.database.run(forgotten, {"status": next(states)})

    monkeypatch.setitem(runtime.paces, channel.name, SimpleNamespace(wait=flicker))
    (job,) = await runtime.database.run(text("select min(id) as id from procrastinate_jobs"))
    await turn.take_turn(runtime, conversation, Lease(job.id))
    assert channel.sent == [], "the second one does not overtake the first"
    monkeypatch.undo()
    await runtime.database.run(forgotten, {"status": "todo"})
    async with working(runtime):

        async def both() -> bool:
            return len(channel.sent) == 2

        await until(both)
    assert [one.id for one in channel.sent] == sorted(one.id for one in channel.sent)
    assert channel.sent[1].text == "jawaban: dua"


_HELD = text("""
insert into procrastinate_jobs (queue_name, task_name, lock, args, status, worker_id)
select 'default', 'turn', 'conversation:' || id, json_build_object('conversation_id', id)::jsonb, 'doing',
    (select max(id) from procrastinate_workers) from conversations
""")


async def test_a_job_that_a_broken_connection_left_behind_is_done(runtime: Runtime, channel: RecordingChannel) -> None:
    """It is marked as being worked on by a worker that lives and knows nothing of it; its lock holds the next one."""

    async def idle() -> bool:
        open_jobs = text("select 1 from procrastinate_jobs where lock like 'conversation:%'")
        return len(channel.sent) == 1 and not await runtime.database.run(open_jobs)

    async def both() -> bool:
        return [sent.text for sent in channel.sent] == ["jawaban: satu", "jawaban: dua"]

    async with working(runtime):
        await inbox.store(runtime, message("satu", "1"))
        await until(idle)
        await runtime.database.run(_HELD)
        await inbox.store(runtime, message("dua", "2"))
        await until(both)


async def test_an_unsent_message_without_a_job_is_sent(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message())
    await runtime.database.run(text("delete from procrastinate_jobs"))
    await runtime.database.run(
        text("insert into outgoing_messages (conversation_id, text) values (:id, 'tertinggal')"), {"id": conversation}
    )
    assert await remember(runtime) == 0  # too new
    assert await remember(runtime, seconds=0) == 1
    assert await remember(runtime, seconds=0) == 0
    async with working(runtime):

        async def sent() -> bool:
            return [one.text for one in channel.sent][1:] == ["tertinggal"]

        await until(sent)


async def test_messages_without_a_webhook_are_fetched_once(runtime: Runtime, looking: LookingChannel) -> None:
    await runtime.database.run(text("truncate lookbacks"))
    now = datetime.now(UTC)
    await inbox.store(runtime, message("lewat webhook", "1"))
    looking.holds = [
        (now - timedelta(seconds=70), message("lewat webhook", "1")),
        (now - timedelta(seconds=60), message("webhook gagal", "2")),
        (now, message("webhook masih di jalan", "3")),
    ]
    looking.broken = True
    assert await fetch_missed(runtime) == 0
    looking.broken = False
    assert await fetch_missed(runtime) == 1
    assert await fetch_missed(runtime) == 0
    assert [row.text for row in await rows(runtime, Incoming)] == ["lewat webhook", "webhook gagal"]
    await runtime.database.run(text("update lookbacks set looked_until = now() - interval '5 days'"))
    looking.holds.append((now - timedelta(days=2), message("pertanyaan lama", "4")))
    assert await fetch_missed(runtime) == 0


async def test_an_officer_is_not_told_over_by_the_sentence_about_an_outage(
    runtime: Runtime, channel: RecordingChannel, engine: Any
) -> None:
    engine.status = 503
    conversation = await stored(runtime)
    await runtime.database.run(text("update incoming_messages set received_at = now() - interval '1 minute'"))

    async def officer_takes(_: OutgoingMessage) -> None:
        raise AssertionError("said over an officer")

    await runtime.database.run(text("update conversations set owner = 'bot'"))
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, conversation)
    (told,) = await rows(runtime, Outgoing)
    await runtime.database.run(text("update outgoing_messages set status = 'pending'"))
    await runtime.database.run(text("update conversations set owner = 'officer'"))
    channel.before = officer_takes
    await outbox.deliver(runtime, conversation)
    assert [(row.id, row.status) for row in await rows(runtime, Outgoing)] == [(told.id, "suppressed")]


AWAY = psycopg.OperationalError("server closed the connection unexpectedly")


def wrapped(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (EngineUnavailable("away"), 500, True),
        (RetryLater(3), 50, True),
        (asyncio.CancelledError(), 50, True),
        (OperationalError("select 1", {}, AWAY), 50, True),
        (wrapped(ConnectorException(), AWAY), 50, True),
        (ConnectionResetError(), 50, True),
        (ValueError("ours"), 4, True),
        (ValueError("ours"), 5, False),
    ],
)
def test_only_our_own_faults_are_given_up(error: BaseException, attempts: int, again: bool) -> None:
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="turn", attempts=attempts)
    decision = Patience().get_retry_decision(exception=error, job=job)
    assert (decision is not None) == again
    assert decision is None or decision.retry_at is None or decision.retry_at < datetime.now(UTC) + NEVER_ANSWERED


async def test_waiting_for_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.patience.FIRST_WAIT", 0.001)
    failures: list[Exception] = [AWAY, AWAY, ConnectionRefusedError()]

    async def work() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert await until_back(work, 10) == "done"
    failures = [AWAY]
    with pytest.raises(psycopg.OperationalError):
        await until_back(work, 0)
    assert not is_away(psycopg.errors.UniqueViolation())


def test_schedules_name_their_seconds_last() -> None:
    """ "*/5 * * * * *" would mean: every second of every fifth minute."""
    shortest = {}
    for task in make_jobs("postgresql://localhost/none").periodic_registry.periodic_tasks.values():
        task.croniter.set_current(1_795_364_401.0)
        times = [task.croniter.get_next(float) for _ in range(20)]
        shortest[task.task.name] = min(later - earlier for earlier, later in pairwise(times))
    wanted = {"take_over": 5, "fetch_missed": 20, "watch_desk": 10, "deliver_complaints": 30, "watch_complaints": 900}
    assert {name: shortest[name] for name in wanted} == wanted
    assert min(shortest.values()) >= 5


async def test_a_receipt_that_comes_while_the_provider_is_asked_is_no_reason_to_send_again(
    runtime: Runtime, looking: LookingChannel
) -> None:
    """The message's own id must not count as that of another message."""

    conversation = await stored(runtime)
    with dying_after_the_yes(looking):
        await turn.take_turn(runtime, conversation)
    (row,) = await rows(runtime, Outgoing)
    run = runtime.database.run

    async def receipt_first(statement: Any, given: dict[str, Any] | None = None) -> list[Any]:
        if statement is outbox._KNOWN:
            await progress.record(runtime, Receipt(row.id, "delivered", "provider-7"))
        return await run(statement, given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runtime.database, "run", receipt_first)
        await outbox.deliver(runtime, conversation)
    assert looking.sent == []
    (row,) = await rows(runtime, Outgoing)
    assert (row.status, row.provider_id) == ("delivered", "provider-7")


async def test_whether_a_send_was_broken_off_is_asked_when_it_is_claimed(
    runtime: Runtime, looking: LookingChannel
) -> None:
    """Rows that were read as pending may have been claimed by a worker that died since."""

    conversation = await stored(runtime)
    looking.failures = [TemporarySendError("429", "Nanti.", retry_after=1)]
    await turn.take_turn(runtime, conversation)
    await due(runtime)
    read_before = await outbox._open_rows(runtime, conversation)
    with dying_after_the_yes(looking):
        await outbox.deliver(runtime, conversation)
    await outbox.deliver(runtime, conversation, read_before)
    assert (looking.looks, looking.sent) == (1, [])


async def test_workers_share_what_a_channel_takes(runtime: Runtime, channel: RecordingChannel) -> None:
    pace = runtime.paces["recording"]
    pace.rate = 30.0
    async with runtime.database.session() as session:
        await session.execute(text("insert into procrastinate_workers default values"))
        await session.execute(text("insert into procrastinate_workers default values"))
        await session.execute(
            text("insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 h')")
        )
    await share_paces(runtime, 10.0)
    assert (pace.senders, pace.overall.max_rate, pace.overall.time_period) == (2, 15.0, 1.0)
    kept = pace.overall
    await share_paces(runtime, 10.0)
    assert pace.overall is kept, "what was sent within this second still counts"
    pace.share(60)
    assert (pace.overall.max_rate, pace.overall.time_period) == (1.0, 2.0)
    async with runtime.database.session() as session:
        await session.execute(text("delete from procrastinate_workers"))
    await share_paces(runtime, 10.0)
    assert (pace.senders, pace.overall.max_rate) == (1, 30.0)
