"""A provider that is away for hours, fails after its yes, or repeats itself: nothing vanishes, nothing comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from bot.channels.base import Receipt, TemporarySendError
from bot.conversations import backlog, late, outbox, progress, troubles, wording
from bot.conversations.models import Outgoing
from bot.conversations.notice import Notice
from bot.conversations.runtime import Runtime
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, due, message, receive, rows, set_owner, working
from tests.helpers.until import until

AWAY = TemporarySendError("network", "Tidak terjangkau.")
UNANSWERED = TemporarySendError("network", "Tidak terjangkau.", unknown=True)


@pytest.fixture(autouse=True)
def roomy(channel: RecordingChannel) -> None:
    channel.max_text = 2000


async def only(runtime: Runtime) -> Any:
    (row,) = await rows(runtime, Outgoing)
    return row


async def age(runtime: Runtime, by: timedelta) -> None:
    """Everything that waits came so much earlier."""
    await runtime.database.run(
        text("update outgoing_messages set created_at = created_at - cast(:by as interval), next_at = now()"),
        {"by": by},
    )


async def waited(row: Any) -> float:
    return float((row.next_at - datetime.now(UTC)).total_seconds())


async def test_an_answer_waits_for_hours_and_the_next_questions_are_answered_meanwhile(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    channel.failures = [AWAY] * 40
    conversation = await receive(runtime, message("satu", "1"))
    for _ in range(39):
        await due(runtime)
        await outbox.deliver(runtime, conversation)
    await age(runtime, timedelta(hours=5))
    await receive(runtime, message("dua", "2"))
    assert [call["text"] for call in engine.calls] == ["satu", "dua"]
    async with working(runtime):

        async def both() -> bool:
            return len(channel.sent) == 2

        await until(both)
    assert [sent.text for sent in channel.sent] == ["jawaban: satu", "jawaban: dua"], "in order"


async def test_a_waiting_message_is_woken(runtime: Runtime, channel: RecordingChannel) -> None:
    channel.failures = [TemporarySendError("429", "Nanti.", retry_after=1)]
    await receive(runtime, message())
    assert await backlog.remember(runtime, 0) == 0, "its time will come"
    async with working(runtime):

        async def sent() -> bool:
            return len(channel.sent) == 1

        await until(sent)


async def test_a_message_whose_waking_was_lost_is_remembered(runtime: Runtime, channel: RecordingChannel) -> None:
    channel.failures = [AWAY]
    await receive(runtime, message())
    await runtime.database.run(text("delete from procrastinate_jobs"))
    await age(runtime, timedelta(minutes=5))
    await runtime.database.run(text("update outgoing_messages set next_at = now() - interval '2 minutes'"))
    assert await backlog.remember(runtime) == 1


async def test_what_came_too_late_is_named(runtime: Runtime, channel: RecordingChannel) -> None:
    channel.failures = [AWAY]
    conversation = await receive(runtime, message("berapa lama izin industri?", "1"))
    await receive(runtime, message("lalu biayanya?", "2"))
    await age(runtime, late.OF_USE["bot"] + timedelta(minutes=1))
    await outbox.deliver(runtime, conversation)
    assert [sent.text for sent in channel.sent] == [
        wording.missed(["berapa lama izin industri?", "lalu biayanya?"], officers=False)
    ]
    first, second, told = await rows(runtime, Outgoing)
    assert [(one.status, one.error_code) for one in (first, second)] == [("failed", late.CODE)] * 2
    assert (told.author, told.status) == ("system", "sent")


async def test_the_word_of_what_was_missed_waits_too_and_is_said_once(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    conversation = await receive(runtime, message("satu", "1"))
    channel.failures = [AWAY] * 3
    await receive(runtime, message("dua", "2"))
    await age(runtime, late.OF_USE["bot"] + timedelta(minutes=1))
    for _ in range(2):
        await due(runtime)
        await outbox.deliver(runtime, conversation)
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    assert [sent.text for sent in channel.sent] == ["jawaban: satu", wording.missed(["dua"], officers=False)]


async def test_the_notice_about_data_is_never_given_up(runtime: Runtime, channel: RecordingChannel) -> None:
    notice = Notice(1, "Data Anda disimpan.", "Saya Pandu. Data Anda disimpan.")
    runtime.notice = lambda: notice
    channel.failures = [AWAY]
    conversation = await receive(runtime, message("halo", "1"))
    await age(runtime, late.OF_USE["bot"] + timedelta(minutes=1))
    await outbox.deliver(runtime, conversation)
    assert channel.sent[0].text == notice.before(wording.missed(["halo"], officers=False))


async def test_an_officers_words_wait_for_days(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message())
    channel.failures = [AWAY]
    async with runtime.database.session() as session:
        await outbox.say(runtime, session, conversation, "Berkas Anda lengkap.", "officer")
    await outbox.deliver(runtime, conversation)
    await age(runtime, late.OF_USE["bot"] * 2)
    await outbox.deliver(runtime, conversation)
    assert channel.sent[-1].text == "Berkas Anda lengkap."


async def test_late_answers_are_not_named_over_an_officer(runtime: Runtime, channel: RecordingChannel) -> None:
    channel.failures = [AWAY]
    conversation = await receive(runtime, message())
    await set_owner(runtime, "officer")
    await age(runtime, late.OF_USE["bot"] + timedelta(minutes=1))
    await outbox.deliver(runtime, conversation)
    assert channel.sent == [] and (await only(runtime)).status == "suppressed"


async def test_a_revoked_token_is_no_end_of_the_messages(runtime: Runtime, channel: RecordingChannel) -> None:
    """Far more tries than there once were at most; what keeps it stands beside the message."""
    channel.failures = [TemporarySendError("401", "Token bot Telegram ditolak.", retry_after=60)] * 30
    conversation = await receive(runtime, message())
    for _ in range(29):
        await due(runtime)
        await outbox.deliver(runtime, conversation)
    waiting = await only(runtime)
    assert (waiting.status, waiting.error_code, waiting.error) == ("pending", "401", "Token bot Telegram ditolak.")
    found = await troubles.troubles(runtime)
    assert [(one.code, one.count) for one in found] == [("401", 1)]
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    assert len(channel.sent) == 1 and await troubles.troubles(runtime) == []


@pytest.mark.parametrize(
    ("name", "code", "alarm"),
    [
        ("telegram", "401", True),
        ("telegram", "network", False),
        ("whatsapp", "20003", True),
        ("whatsapp", "63010", False),
        ("whatsapp", "63020", True),
        ("whatsapp", "63027", True),
        ("whatsapp", "63051", True),
        ("whatsapp", "403", True),
        ("whatsapp", "63018", False),
        ("whatsapp", "30001", False),
        ("whatsapp", "channel_off", True),
    ],
)
async def test_what_the_technician_has_to_mend_is_an_alarm(
    runtime: Runtime, channel: RecordingChannel, name: str, code: str, alarm: bool, logged: list[dict[str, Any]]
) -> None:
    channel.name = name
    runtime.add_channel(channel)
    channel.failures = [TemporarySendError(code, "Penjelasan.")]
    await receive(runtime, message(channel=name))
    await backlog.measure(runtime)
    labels = {"channel": name, "code": code}
    assert REGISTRY.get_sample_value("pandu_held_back_messages", labels) == 1
    assert REGISTRY.get_sample_value("pandu_setup_alarm", labels) == (1 if alarm else None)
    await backlog.remember(runtime)
    told = [line for line in logged if line["event"] == "messages wait until the set-up is mended"]
    assert bool(told) == alarm and all(line["advice"] for line in told)
    await due(runtime)
    await outbox.deliver(runtime, (await only(runtime)).conversation_id)
    await backlog.measure(runtime)
    assert REGISTRY.get_sample_value("pandu_held_back_messages", labels) is None


async def test_a_channel_that_is_switched_off_for_a_while_loses_nothing(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    conversation = await receive(runtime, message())
    async with runtime.database.session() as session:
        await outbox.say(runtime, session, conversation, "Kabar.", "system")
    del runtime.channels["recording"]
    await outbox.deliver(runtime, conversation)
    runtime.add_channel(channel)
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    assert channel.sent[-1].text == "Kabar."


@pytest.mark.parametrize("error", [UNANSWERED, ValueError("a fault of ours")])
async def test_what_may_have_been_taken_has_a_last_try(
    runtime: Runtime, channel: RecordingChannel, error: BaseException
) -> None:
    """Where the provider cannot be asked, every try may be one more message on the phone."""
    channel.failures = [error] * 20
    conversation = await receive(runtime, message())
    waits = []
    for _ in outbox.DOUBTFUL_PAUSES:
        waits.append(await waited(await only(runtime)))
        await due(runtime)
        await outbox.deliver(runtime, conversation)
    assert (await only(runtime)).status == "failed"
    assert len(channel.failures) == 20 - 1 - len(outbox.DOUBTFUL_PAUSES)
    assert waits == sorted(waits) and waits[-1] > 3000, "tries are spread over hours"


# What a provider says afterwards


async def limited(runtime: Runtime, wait: float | None = 60.0) -> Receipt:
    row = await only(runtime)
    return Receipt(row.id, "failed", row.provider_id, "63018", "Batas.", retry=True, retry_after=wait)


async def test_a_retry_waits_as_the_code_says(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message("satu", "1"))
    await progress.record(runtime, await limited(runtime))
    await outbox.deliver(runtime, conversation)
    assert len(channel.sent) == 1, "not before its time"
    assert 50 < await waited(await only(runtime)) <= 60
    await receive(runtime, message("dua", "2"))
    assert len(channel.sent) == 1, "what comes after it waits behind it"
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    assert [sent.text for sent in channel.sent] == ["jawaban: satu", "jawaban: satu", "jawaban: dua"]


async def test_a_repeated_callback_of_an_old_try_changes_nothing(runtime: Runtime, channel: RecordingChannel) -> None:
    """Neither before the next try, nor during it, nor after it; and never a third message."""
    conversation = await receive(runtime, message())
    old = await limited(runtime)
    await progress.record(runtime, old)
    next_at = (await only(runtime)).next_at
    await progress.record(runtime, old)
    assert (await only(runtime)).next_at == next_at
    for status in ("sent", "delivered", "read"):
        await progress.record(runtime, Receipt(old.message_id, status, old.provider_id))
    assert (await only(runtime)).status == "pending", "the old one's news is not the new one's"

    async def repeat(_: Any) -> None:
        await progress.record(runtime, old)

    channel.before = repeat
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    channel.before = None
    await progress.record(runtime, old)
    row = await only(runtime)
    assert (row.status, row.attempts, row.provider_id) == ("sent", 2, f"provider-{row.id}-2")
    await outbox.deliver(runtime, conversation)
    assert len(channel.sent) == 2
    await progress.record(runtime, Receipt(row.id, "delivered", row.provider_id))
    final = Receipt(row.id, "failed", old.provider_id, "63024", "Tidak dapat menerima.")
    await progress.record(runtime, final)
    row = await only(runtime)
    assert (row.status, row.error) == ("delivered", "")


async def test_a_failure_that_overtakes_the_answer_to_the_send_is_tried_again(
    runtime: Runtime, channel: RecordingChannel
) -> None:
    """The callback names the id that the answer is about to name."""

    async def early(sending: Any) -> None:
        channel.before = None
        name = f"provider-{sending.id}"
        await progress.record(runtime, Receipt(sending.id, "failed", name, "63018", "Batas.", retry=True))

    channel.before = early
    conversation = await receive(runtime, message())
    row = await only(runtime)
    assert (row.status, row.provider_id) == ("pending", "")
    await due(runtime)
    await outbox.deliver(runtime, conversation)
    row = await only(runtime)
    assert (row.status, row.provider_id) == ("sent", f"provider-{row.id}-2")


async def test_a_failure_after_it_was_read_is_noted_and_undoes_nothing(runtime: Runtime) -> None:
    await receive(runtime, message())
    row = await only(runtime)
    await progress.record(runtime, Receipt(row.id, "read", row.provider_id))
    await progress.record(runtime, Receipt(row.id, "failed", row.provider_id, "63024", "Tidak dapat menerima."))
    row = await only(runtime)
    assert (row.status, row.error_code, row.error) == ("read", "63024", "Tidak dapat menerima.")
    await progress.record(runtime, Receipt(row.id, "delivered", row.provider_id))
    assert (await only(runtime)).error_code == "63024"


async def test_retries_after_a_yes_end(runtime: Runtime, channel: RecordingChannel) -> None:
    conversation = await receive(runtime, message())
    for _ in range(progress.MAX_ATTEMPTS):
        await progress.record(runtime, await limited(runtime, 0.0))
        await due(runtime)
        await outbox.deliver(runtime, conversation)
    assert (await only(runtime)).status == "failed" and len(channel.sent) == progress.MAX_ATTEMPTS
