"""A turn with everything that people send: words, buttons, files, floods, nonsense, outages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.conversations import inbox, turn, wording
from bot.conversations.jobs import Lease
from bot.conversations.models import Conversation, Incoming, StoredFile
from bot.conversations.runtime import Runtime
from bot.dialogue.client import EngineUnavailable
from bot.messages import Attachment, Reply
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, rows, set_owner, working
from tests.helpers.until import until


async def test_typing_is_shown_while_the_answer_takes_its_time(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive(runtime, message(number="1"))
    assert channel.typed == [], "an answer that is there at once needs none"

    async def shown() -> bool:
        return bool(channel.typed)

    async def slow(_: Any) -> None:
        await until(shown)

    monkeypatch.setattr(turn, "NOTICED", 0.01)
    engine.before = slow
    await receive(runtime, message(number="2"))
    assert channel.typed == [("siti", "update-2")] and len(channel.sent) == 2


async def test_introduced_only_once(runtime: Runtime, engine: StandInEngine) -> None:
    await receive(runtime, message(number="1"))
    await receive(runtime, message(number="2"))
    assert [call["metadata"]["first_contact"] for call in engine.calls] == [True, False]


async def test_a_conversation_is_of_the_office_that_was_meant_last(runtime: Runtime, engine: StandInEngine) -> None:
    found = []
    for number, office in enumerate(("", "kudus", "", "magetan")):
        engine.decision = {"office": office} if office else None
        await receive(runtime, message(number=str(number)))
        found += [one.office for one in await rows(runtime, Conversation)]
    assert found == ["", "kudus", "kudus", "magetan"]


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


async def test_a_turn_that_broke_off_is_no_outage_while_an_engine_is_healthy(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    """A host is cut off in the middle of a turn: the other one answers a second later."""

    async def broken_off(_: dict[str, Any]) -> None:
        engine.before = None
        raise ConnectionError

    stored = await inbox.store(runtime, message("halo", "1"))
    assert stored is not None
    await runtime.database.run(text("update incoming_messages set received_at = now() - interval '1 minute'"))
    engine.before = broken_off
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, stored[1])
    assert channel.sent == []
    await turn.take_turn(runtime, stored[1])
    assert [sent.text for sent in channel.sent] == ["jawaban: halo"]


async def test_an_engine_that_breaks_off_again_is_an_outage(
    runtime: Runtime, channel: RecordingChannel, engine: StandInEngine
) -> None:
    async def broken_off(_: dict[str, Any]) -> None:
        raise ConnectionError

    stored = await inbox.store(runtime, message("halo", "1"))
    assert stored is not None
    await runtime.database.run(text("update incoming_messages set received_at = now() - interval '1 minute'"))
    engine.before = broken_off
    (job,) = await runtime.database.run(
        text("update procrastinate_jobs set status = 'doing', attempts = 1 returning id, attempts, worker_id")
    )
    with pytest.raises(EngineUnavailable):
        await turn.take_turn(runtime, stored[1], Lease(job.id, job.attempts, job.worker_id))
    assert [sent.text for sent in channel.sent] == [wording.OUTAGE.text]


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
            await turn.take_turn(runtime, stored[1], Lease(attempts=attempt))
    await turn.take_turn(runtime, stored[1], Lease(attempts=turn.ATTEMPTS - 1))
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

    async def take_files(_: Any, conversation: int, incoming: int, attachments: list[dict[str, Any]]) -> list[Reply]:
        return [Reply("Berkas saya terima.")] if attachments[0]["reference"] == "file-1" else []

    runtime.take_files = take_files
    for name in ("file-1", "file-2"):
        await receive(runtime, message("", name, kind="photo", attachments=(Attachment("photo", name),)))
        await runtime.database.run(text("update incoming_messages set received_at = received_at - interval '2 hours'"))
    assert channel.sent[0].text == "Berkas saya terima." and "disimpan" in channel.sent[1].text
    assert len(await rows(runtime, StoredFile)) == 2
