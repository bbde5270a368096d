"""Inbox → turn → outbox with a real database and a real queue: nothing lost, doubled or reordered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate.jobs import Status
from sqlalchemy import select, text, update

from bot.channels.base import PermanentSendError, Receipt, TemporarySendError
from bot.conversations import inbox, outbox, turn, wording
from bot.conversations.jobs import RetryLater
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.dialogue.client import EngineUnavailable
from bot.messages import Attachment, IncomingMessage, Reply
from bot.runtime import Runtime
from tests.conversations.conftest import RecordingChannel, working
from tests.helpers.engine import StandInEngine
from tests.helpers.until import until


def message(text: str = "halo", number: str = "1", **fields: Any) -> IncomingMessage:
    base = IncomingMessage("recording", "siti", f"update-{number}", "text", text)
    return replace(base, **fields)


async def receive(runtime: Runtime, incoming: IncomingMessage) -> int:
    """Store and answer at once, as a worker would. Returns the conversation's id."""
    stored = await inbox.store(runtime, incoming)
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    return stored[1]


async def rows(runtime: Runtime, model: Any) -> list[Any]:
    async with runtime.database.session() as session:
        return list((await session.execute(select(model).order_by(model.id))).scalars())


async def set_owner(runtime: Runtime, owner: str) -> None:
    async with runtime.database.session() as session:
        await session.execute(update(Conversation).values(owner=owner))


async def test_a_message_is_answered(runtime: Runtime, channel: RecordingChannel, engine: StandInEngine) -> None:
    await receive(runtime, message("berapa biayanya"))
    assert [sent.text for sent in channel.sent] == ["jawaban: berapa biayanya"]
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.provider_id) == ("sent", f"provider-{outgoing.id}")
    (incoming,) = await rows(runtime, Incoming)
    assert incoming.outcome == "answered"
    assert incoming.understood["family"] == "ask_cost"
    assert engine.calls[0]["metadata"]["first_contact"] is True


async def test_introduced_only_once(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message(number="1"))
    await receive(runtime, message(number="2"))
    assert [call["metadata"]["first_contact"] for call in engine.calls] == [True, False]


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
        raise KeyboardInterrupt

    channel.before = die
    stored = await inbox.store(runtime, message())
    assert stored is not None
    with pytest.raises(KeyboardInterrupt):
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
    with pytest.raises(RetryLater) as later:
        await turn.take_turn(runtime, stored[1])
    assert later.value.seconds == 7
    await turn.take_turn(runtime, stored[1])
    assert len(channel.sent) == 1


async def test_a_permanent_failure_is_recorded_and_the_next_message_goes_on(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    channel.failures = [PermanentSendError("403", "Diblokir oleh penerima.")]
    await receive(runtime, message("satu", "1"))
    await receive(runtime, message("dua", "2"))
    first, second = await rows(runtime, Outgoing)
    assert (first.status, first.error_code, first.error) == ("failed", "403", "Diblokir oleh penerima.")
    assert second.status == "sent"


async def test_temporary_failures_end_after_a_while(runtime: Runtime, channel: RecordingChannel) -> None:
    channel.failures = [TemporarySendError("500", "Gangguan.") for _ in range(outbox.MAX_ATTEMPTS)]
    stored = await inbox.store(runtime, message())
    assert stored is not None
    for _ in range(outbox.MAX_ATTEMPTS - 1):
        with pytest.raises(RetryLater):
            await turn.take_turn(runtime, stored[1])
    await turn.take_turn(runtime, stored[1])
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.attempts) == ("failed", outbox.MAX_ATTEMPTS)


async def test_receipts_move_forward_only(runtime: Runtime) -> None:
    await receive(runtime, message())
    (outgoing,) = await rows(runtime, Outgoing)

    async def after(status: str) -> str:
        await outbox.record(runtime, Receipt(outgoing.id, status, "SM1"))
        (row,) = await rows(runtime, Outgoing)
        return str(row.status)

    assert await after("read") == "read"
    assert await after("delivered") == "read"
    assert await after("sent") == "read"
    assert await after("failed") == "read"


async def test_a_receipt_of_a_passing_failure_sends_again(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message())
    (outgoing,) = await rows(runtime, Outgoing)
    limited = Receipt(outgoing.id, "failed", "SM1", "63018", "Terlalu banyak pesan.", retry=True)
    await outbox.record(runtime, limited)

    async def again() -> bool:
        return len(channel.sent) == 2

    async with working(runtime):
        await until(again)
    await outbox.record(runtime, Receipt(outgoing.id, "delivered", "SM2"))
    await outbox.record(runtime, limited)  # late and about the first try
    (outgoing,) = await rows(runtime, Outgoing)
    assert (outgoing.status, outgoing.attempts) == ("delivered", 2)


async def test_a_receipt_that_overtakes_the_send_is_kept(runtime: Runtime, channel: RecordingChannel) -> None:
    async def early(sending: Any) -> None:
        await outbox.record(runtime, Receipt(sending.id, "delivered", "SM9"))

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


async def test_in_the_queue_the_person_is_told_once_and_can_come_back(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    await receive(runtime, message(number="1"))
    await set_owner(runtime, "queue")
    await receive(runtime, message("pertanyaan lain", "2"))
    await receive(runtime, message("dan lagi", "3"))
    assert [sent.text for sent in channel.sent[1:]] == [wording.WAITING.text]
    await receive(runtime, message("kembali ke pandu", "4"))
    assert channel.sent[-1].text == wording.BACK.text
    (conversation,) = await rows(runtime, Conversation)
    assert conversation.owner == "bot"


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


async def test_a_typed_number_or_title_chooses_and_a_stale_number_is_recognised(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    await receive(runtime, message("menu", "1"))
    await receive(runtime, message("1", "2"))
    assert engine.calls[-1]["payload"] == '/ask_cost{"service":"kudus-iui"}'
    await receive(runtime, message("1", "3"))  # a newer answer follows the menu
    assert channel.sent[-1].text == wording.STALE_MENU
    assert [button.title for button in channel.sent[-1].buttons] == ["Biaya"]
    await receive(runtime, message("biaya", "4"))
    assert engine.calls[-1]["payload"] == '/ask_cost{"service":"kudus-iui"}'


async def test_a_tapped_button_is_looked_up_in_our_own_message(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    await receive(runtime, message("menu", "1"))
    sent = channel.sent[-1]
    await receive(runtime, message("", "2", kind="payload", menu=sent.id, choice=0))
    assert engine.calls[-1]["payload"] == '/ask_cost{"service":"kudus-iui"}'
    before = len(engine.calls)
    for number, (menu, choice) in enumerate([(sent.id, 7), (sent.id + 1000, 0), (None, None)]):
        await receive(runtime, message("", f"bad-{number}", kind="payload", menu=menu, choice=choice))
        assert channel.sent[-1].text == wording.OLD_BUTTON.text
    await receive(runtime, message("", "other", address="budi", kind="payload", menu=sent.id, choice=0))
    assert channel.sent[-1].text == wording.OLD_BUTTON.text  # someone else's menu
    assert len(engine.calls) == before


@pytest.mark.parametrize(
    ("text_typed", "heard"),
    [("/restart", "restart"), ('/ask_cost{"service":"x"}', 'ask_cost{"service":"x"}'), ("//back", "back")],
)
async def test_typed_payloads_are_only_text(
    runtime: Runtime, engine: StandInEngine, text_typed: str, heard: str
) -> None:
    await receive(runtime, message(text_typed))
    assert engine.calls[-1]["text"] == heard
    assert "payload" not in engine.calls[-1]


async def test_commands_work_on_every_channel(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message("/menu", "1"))
    await receive(runtime, message("/Berhenti ya", "2"))
    assert [call["payload"] for call in engine.calls] == ["/show_menu", "/guide_stop"]


@pytest.mark.parametrize("payload", ["/unknown_intent", "restart", "/x y", "/a{" + "x" * 300 + "}", "/GREET", ""])
async def test_payloads_that_are_none_are_answered_kindly(
    runtime: Runtime, channel: RecordingChannel, payload: str
) -> None:
    await receive(runtime, message("", kind="payload", payload=payload))
    assert channel.sent[-1].text == wording.OLD_BUTTON.text


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200d", "😀😀😀", "\x00\x01", "?!...", "\u202e"])
async def test_messages_without_words(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, typed: str
) -> None:
    await receive(runtime, message(typed, "1"))
    await receive(runtime, message(typed, "2"))
    assert [sent.text for sent in channel.sent] == [wording.EMPTY.text, wording.EMPTY_AGAIN.text]
    assert engine.calls == []


@pytest.mark.parametrize("typed", ["a\x00b", "x" * 50_000, "\ud800 surrogat", "<b>*tebal*</b>_[x](y)"])
async def test_odd_text_is_stored_and_answered(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, typed: str
) -> None:
    await receive(runtime, message(typed))
    assert channel.sent
    assert len(engine.calls[0]["text"]) <= 2000
    (incoming,) = await rows(runtime, Incoming)
    assert len(incoming.text) <= inbox.MAX_TEXT


async def test_long_answers_are_split_and_keep_their_buttons_last(runtime: Runtime, channel: RecordingChannel) -> None:
    await receive(runtime, message("menu. " + "Kalimat yang agak panjang ini diulang. " * 12))
    assert len(channel.sent) > 1
    assert all(len(sent.text) <= channel.max_text for sent in channel.sent)
    assert [bool(sent.buttons) for sent in channel.sent] == [False] * (len(channel.sent) - 1) + [True]


async def test_a_flood_is_kept_and_its_newest_message_answered(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    for number in range(100):
        stored = await inbox.store(runtime, message(f"pesan {number}", str(number)))
    assert stored is not None
    await turn.take_turn(runtime, stored[1])
    assert [call["text"] for call in engine.calls] == ["pesan 99"]
    assert [sent.text for sent in channel.sent] == [wording.FLOOD.text, "jawaban: pesan 99"]
    incoming = await rows(runtime, Incoming)
    assert len(incoming) == 100
    assert all(row.handled_at for row in incoming)


async def test_an_outage_is_told_once_and_the_message_is_answered_later(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    stored = await inbox.store(runtime, message("halo", "1"))
    assert stored is not None
    conversation = stored[1]
    engine.status = 503
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, conversation)
    assert channel.sent == []  # a short wait is nobody's worry
    async with runtime.database.session() as session:
        await session.execute(update(Incoming).values(received_at=datetime.now(UTC) - timedelta(minutes=1)))
    for _ in range(3):
        with pytest.raises(EngineUnavailable):
            await turn.take_turn(runtime, conversation)
    assert [sent.text for sent in channel.sent] == [wording.OUTAGE.text]
    engine.status = 200
    await turn.take_turn(runtime, conversation)
    assert [sent.text for sent in channel.sent] == [wording.OUTAGE.text, "jawaban: halo"]
    (row,) = await rows(runtime, Conversation)
    assert row.outage_told_at is None


async def test_an_engine_that_is_not_there_at_all(runtime: Runtime, engine: StandInEngine) -> None:
    await engine.stop()
    stored = await inbox.store(runtime, message())
    assert stored is not None
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, stored[1])


async def test_our_own_fault_ends_in_an_apology_not_in_silence(
    runtime: Runtime, channel: RecordingChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(type(runtime.engine), "turn", broken)
    stored = await inbox.store(runtime, message())
    assert stored is not None
    for attempt in range(turn.ATTEMPTS - 1):
        with pytest.raises(ZeroDivisionError):
            await turn.take_turn(runtime, stored[1], attempt)
    await turn.take_turn(runtime, stored[1], turn.ATTEMPTS - 1)
    assert channel.sent[-1].text == wording.ERROR.text
    assert (await rows(runtime, Incoming))[0].outcome == "error"


@pytest.mark.parametrize("kind", [*wording.MEDIA])
async def test_every_other_kind_of_message_gets_its_sentence(
    runtime: Runtime, channel: RecordingChannel, kind: str
) -> None:
    await receive(runtime, message("", kind=kind))
    assert channel.sent[-1].text == wording.MEDIA[kind].text


async def test_photos_and_documents_are_kept_for_an_officer(runtime: Runtime) -> None:
    attachment = Attachment("document", "file-1", "akta.pdf", "application/pdf", 11)
    gone = Attachment("photo", "gone", "", "image/jpeg", 5)
    await receive(runtime, message("", kind="document", attachments=(attachment, gone)))

    async def fetched() -> bool:
        return all(row.path or row.error for row in await rows(runtime, StoredFile))

    async with working(runtime):
        await until(fetched)
    first, second = await rows(runtime, StoredFile)
    assert (runtime.settings.files_dir / first.path).read_bytes() == b"isi berkas"
    assert second.error == "Berkas tidak ada lagi."


async def test_a_capability_that_waits_for_files_answers_them(runtime: Runtime, channel: RecordingChannel) -> None:
    """A report's photo: kept as always, answered by the capability; without one that waits, by the usual sentence."""
    asked: list[str] = []

    async def take_files(
        session: Any, conversation: int, incoming: int, attachments: list[dict[str, Any]]
    ) -> list[Reply]:
        asked.append(attachments[0]["reference"])
        return [Reply("Berkas saya terima.")] if attachments[0]["reference"] == "file-1" else []

    runtime.take_files = take_files
    for name in ("file-1", "file-2"):
        await receive(runtime, message("", name, kind="photo", attachments=(Attachment("photo", name),)))
    async with working(runtime):
        await until(lambda: _sent(channel, 2))
    assert asked == ["file-1", "file-2"]
    assert channel.sent[0].text == "Berkas saya terima." and "tersimpan" in channel.sent[1].text
    assert len(await rows(runtime, StoredFile)) == 2


async def _sent(channel: RecordingChannel, count: int) -> bool:
    return len(channel.sent) >= count


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
